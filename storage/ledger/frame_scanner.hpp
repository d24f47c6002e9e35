// Finds the frames of a segment, one after the other. Trusts nothing: it ends at the first thing
// that is no whole frame with the number it must have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/ledger/ledger_file.hpp"
#include "storage/ledger/ledger_folder.hpp"
#include "storage/ledger/segment_format.hpp"

namespace baton::storage::ledger {

enum class scan_step : std::uint8_t {
  frame,       // header() is of the next one
  end,         // the file ends here, or has zeros only
  damaged,     // something else is here: a frame that was not, or is not yet, written to its end
  unreadable,  // the disk failed
};

class frame_scanner {
 public:
  // Begins at a frame that lies at `offset`, or has this number. `scanned` must outlive it.
  frame_scanner(const file& scanned, std::uint64_t offset, std::uint64_t number)
      : file_(scanned), end_(offset), number_(number) {}

  // Passes over the rest of the frame it is at.
  scan_step next();
  const frame_header& header() const { return header_; }
  // The frame's records, which stay until the next call of next(). Nothing: they are damaged, and
  // neither position() nor next_number() passes over them.
  std::optional<std::string_view> payload();

  std::uint64_t payload_begin() const { return begin_ + frame_header_bytes; }
  // Where the frames that are known to be whole end, and what the next one must begin with.
  std::uint64_t position() const { return end_; }
  std::uint64_t next_number() const { return number_; }

 private:
  std::optional<std::string_view> bytes_at(std::uint64_t offset, std::size_t count);
  scan_step stopped(scan_step why);

  const file& file_;
  frame_header header_;
  std::uint64_t begin_ = 0;  // of the frame at hand
  std::uint64_t end_;        // of that frame
  std::uint64_t number_;     // of the frame after it
  bool done_ = false;
  std::string buffer_;  // what was read of the file last
  std::uint64_t buffer_offset_ = 0;
};

// Opens it for reading. Errors: not_found, as removing old segments does not wait for readers;
// storage_failed when it was written by a newer version. A damaged header is none: the frames have
// checksums of their own.
result<file> open_segment(const folder& where, std::uint64_t first_number);

// Where the last byte that is not zero lies behind `offset`: one past it, or `offset`.
result<std::uint64_t> end_of_content(const file& scanned, std::uint64_t offset);

}  // namespace baton::storage::ledger
