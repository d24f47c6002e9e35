// A segment is a file of the ledger: a header, then frames, then perhaps zeros that are room for
// more. A frame is what was written at once: a header, and its records one after the other. The
// records of a segment have consecutive numbers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::storage::ledger {

constexpr std::size_t segment_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 48;
constexpr std::uint32_t payload_bytes_max = 64 * 1024 * 1024;

struct segment_header {
  std::uint64_t first_number = 0;
  wall_time created{};
};

struct frame_header {
  std::uint32_t payload_bytes = 0;
  std::uint32_t payload_checksum = 0;
  std::uint32_t records = 0;
  std::uint64_t first_number = 0;
  wall_time earliest{};  // of the times at which its records' requests were finished
  wall_time latest{};

  std::uint64_t last_number() const { return first_number + records - 1; }
  friend bool operator==(const frame_header&, const frame_header&) = default;
};

std::array<char, segment_header_bytes> to_bytes(const segment_header& header);
std::array<char, frame_header_bytes> to_bytes(const frame_header& header);

// Errors: storage_failed when it was written by a newer version. Nothing: it is damaged, or was
// never written.
result<std::optional<segment_header>> read_segment_header(std::string_view bytes);
// Nothing: these bytes, of which only the first frame_header_bytes count, are no header of a frame.
std::optional<frame_header> read_frame_header(std::string_view bytes);

// CRC-32 as in zlib.
std::uint32_t checksum_of(std::string_view bytes);

bool all_zero(std::string_view bytes);

}  // namespace baton::storage::ledger
