#include "storage/ledger/segment_format.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "storage/ledger/bytes.hpp"

namespace baton::storage::ledger {
namespace {

constexpr std::string_view segment_magic = "batonlog";
constexpr std::uint32_t format_version = 1;
constexpr std::uint32_t frame_magic = 0x4d524642;  // "BFRM"

wall_time time_at(std::string_view bytes, std::size_t at) {
  return wall_time(std::chrono::milliseconds(fixed_at<std::int64_t>(bytes, at)));
}

std::int64_t milliseconds_of(wall_time time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

bool all_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

// magic (8), version (4), checksum of what follows (4), first number (8), created (8)
std::array<char, segment_header_bytes> to_bytes(const segment_header& header) {
  std::array<char, segment_header_bytes> bytes;
  char* at = bytes.data();
  at += segment_magic.copy(at, segment_magic.size());
  at = put_fixed(at, format_version);
  char* const checksum = at;
  at = put_fixed(put_fixed(at + 4, header.first_number), milliseconds_of(header.created));
  put_fixed(checksum, checksum_of({checksum + 4, at}));
  return bytes;
}

result<std::optional<segment_header>> read_segment_header(std::string_view bytes) {
  if (bytes.size() < segment_header_bytes || !bytes.starts_with(segment_magic)) {
    return std::optional<segment_header>();
  }
  const auto version = fixed_at<std::uint32_t>(bytes, 8);
  if (version > format_version) {
    return internal_error(error_code::storage_failed,
                          "the usage ledger was written by a newer version of Baton (format " +
                              std::to_string(version) + ", this one knows " +
                              std::to_string(format_version) + ")");
  }
  const auto covered = bytes.substr(16, segment_header_bytes - 16);
  if (version != format_version || checksum_of(covered) != fixed_at<std::uint32_t>(bytes, 12)) {
    return std::optional<segment_header>();
  }
  return std::optional(segment_header{fixed_at<std::uint64_t>(bytes, 16), time_at(bytes, 24)});
}

// magic (4), checksum of what follows in the header (4), payload: bytes (4) and checksum (4),
// records (4), zero (4), first number (8), earliest (8), latest (8). The header has a checksum of
// its own so that a frame can be passed over unread.
std::array<char, frame_header_bytes> to_bytes(const frame_header& header) {
  std::array<char, frame_header_bytes> bytes;
  char* at = put_fixed(bytes.data(), frame_magic);
  char* const checksum = at;
  at = put_fixed(at + 4, header.payload_bytes);
  at = put_fixed(at, header.payload_checksum);
  at = put_fixed(at, header.records);
  at = put_fixed(at, std::uint32_t{0});
  at = put_fixed(at, header.first_number);
  at = put_fixed(at, milliseconds_of(header.earliest));
  at = put_fixed(at, milliseconds_of(header.latest));
  put_fixed(checksum, checksum_of({checksum + 4, at}));
  return bytes;
}

std::optional<frame_header> read_frame_header(std::string_view bytes) {
  if (bytes.size() < frame_header_bytes || fixed_at<std::uint32_t>(bytes, 0) != frame_magic ||
      checksum_of(bytes.substr(8, frame_header_bytes - 8)) != fixed_at<std::uint32_t>(bytes, 4)) {
    return std::nullopt;
  }
  frame_header header;
  header.payload_bytes = fixed_at<std::uint32_t>(bytes, 8);
  header.payload_checksum = fixed_at<std::uint32_t>(bytes, 12);
  header.records = fixed_at<std::uint32_t>(bytes, 16);
  header.first_number = fixed_at<std::uint64_t>(bytes, 24);
  header.earliest = time_at(bytes, 32);
  header.latest = time_at(bytes, 40);
  const bool possible =
      header.payload_bytes <= payload_bytes_max && header.records > 0 && header.first_number > 0 &&
      header.first_number <= std::numeric_limits<std::uint64_t>::max() - header.records;
  return possible ? std::optional(header) : std::nullopt;
}

}  // namespace baton::storage::ledger
