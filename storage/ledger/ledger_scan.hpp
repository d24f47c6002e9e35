// Walks through the records of one segment in order.
#pragma once

#include "storage/ledger/frame_scanner.hpp"
#include "storage/ledger/ledger_codec.hpp"

namespace baton::storage::ledger {

enum class scan_result : std::uint8_t {
  done,     // up to the last whole frame
  stopped,  // by the visitor, or past the last number that is wanted
  damaged,  // before the end of what the file holds
};

struct scan_bounds {
  std::uint64_t after = 0;
  std::uint64_t up_to = 0;
  std::optional<wall_time> from;
  std::optional<wall_time> to;

  bool touches(const frame_header& frame) const {
    return frame.last_number() > after && (!from || frame.latest >= *from) &&
           (!to || frame.earliest < *to);
  }
  bool has(std::uint64_t number, wall_time finished) const {
    return number > after && (!from || finished >= *from) && (!to || finished < *to);
  }
};

// Calls visit(number, record), which returns result<bool>: whether to go on. In a segment that is
// `growing`, what is no whole frame is not damaged but not yet there.
template <class Visit>
result<scan_result> scan_segment(const file& segment, std::uint64_t first_number, bool growing,
                                 const scan_bounds& wanted, Visit&& visit) {
  frame_scanner scanner(segment, segment_header_bytes, first_number);
  record_decoder decoder;
  usage_record_view record;
  auto step = scanner.next();
  for (; step == scan_step::frame; step = scanner.next()) {
    const auto& frame = scanner.header();
    if (frame.first_number > wanted.up_to) return scan_result::stopped;
    if (!wanted.touches(frame)) continue;
    const auto payload = scanner.payload();
    if (!payload) break;
    std::string_view rest = *payload;
    for (auto number = frame.first_number; number <= frame.last_number(); ++number) {
      if (number > wanted.up_to) return scan_result::stopped;
      if (!decoder.read(rest, record)) return scan_result::damaged;
      if (!wanted.has(number, record.finished)) continue;
      const result<bool> go_on = visit(number, record);
      if (!go_on) return go_on.error();
      if (!*go_on) return scan_result::stopped;
    }
  }
  // What a disk cannot read now may be read another time: it must not pass for read.
  if (step == scan_step::unreadable) return file_error("read", segment.path(), EIO);
  if (growing) return scan_result::done;
  const auto size = segment.size();
  const bool whole = step == scan_step::end && size && scanner.position() == *size;
  return whole ? scan_result::done : scan_result::damaged;
}

}  // namespace baton::storage::ledger
