#include "storage/ledger/active_segment.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <utility>

#include "storage/ledger/frame_scanner.hpp"

namespace baton::storage::ledger {

active_segment::active_segment(file opened, std::uint64_t first_number, std::uint64_t capacity)
    : file_(std::move(opened)),
      first_number_(first_number),
      next_number_(first_number),
      capacity_(capacity) {}

// The header is written before the file gets its name, so that a process that is killed leaves no
// segment without one.
result<active_segment> active_segment::create(const folder& where, std::uint64_t first_number,
                                              std::uint64_t capacity) {
  auto opened = file::open(where.spare(), O_RDWR | O_CREAT);
  if (!opened) return opened.error();
  active_segment made(*std::move(opened), first_number, capacity);
  made.file_.preallocate(capacity);
  const auto written = made.write_header();
  if (!written) return written.error();
  const auto path = where.segment(first_number);
  if (std::rename(where.spare().c_str(), path.c_str()) != 0) {
    return file_error("make", path, errno);
  }
  return made;
}

result<active_segment> active_segment::recover(const folder& where, std::uint64_t first_number,
                                               std::uint64_t capacity) {
  auto opened = file::open(where.segment(first_number), O_RDWR);
  if (!opened) return opened.error();
  active_segment found(*std::move(opened), first_number, capacity);
  auto recovered = found.find_end();
  if (recovered) recovered = found.cut_off_torn();
  if (!recovered) return recovered.error();
  found.file_.preallocate(capacity);
  return found;
}

result<void> active_segment::write_header() {
  const auto bytes = to_bytes(segment_header{first_number_, wall_now()});
  return file_.write_at(0, {{bytes.data(), bytes.size()}});
}

// A header that a power cut has eaten is written anew: the name holds all that matters of it.
result<void> active_segment::find_end() {
  char bytes[segment_header_bytes];
  const auto got = file_.read_at(0, bytes, sizeof(bytes));
  if (!got) return got.error();
  const auto header = read_segment_header({bytes, *got});
  if (!header) return header.error();
  if (!*header || (**header).first_number != first_number_) {
    const auto written = write_header();
    if (!written) return written;
  }
  frame_scanner scanner(file_, segment_header_bytes, first_number_);
  auto step = scanner.next();
  while (step == scan_step::frame && scanner.payload()) {
    count(scanner.header());
    step = scanner.next();
  }
  if (step == scan_step::unreadable) return file_error("read", file_.path(), EIO);
  return {};
}

// Zeros behind the end are room, and stay.
result<void> active_segment::cut_off_torn() {
  const auto content = end_of_content(file_, end_);
  if (!content) return content.error();
  torn_bytes_ = *content - end_;
  return torn_bytes_ > 0 ? file_.truncate(end_) : result<void>();
}

void active_segment::count(const frame_header& frame) {
  const bool first = end_ == segment_header_bytes;
  earliest_ = first ? frame.earliest : std::min(earliest_, frame.earliest);
  latest_ = first ? frame.latest : std::max(latest_, frame.latest);
  end_ += frame_header_bytes + frame.payload_bytes;
  next_number_ += frame.records;
}

bool active_segment::has_room_for(std::size_t payload_bytes) const {
  return end_ + frame_header_bytes + payload_bytes <= capacity_;
}

result<std::uint64_t> active_segment::append(std::string_view records, std::uint32_t count_of,
                                             wall_time earliest, wall_time latest) {
  if (next_number_ > std::numeric_limits<std::uint64_t>::max() - count_of) {
    return internal_error(error_code::storage_failed, "the usage ledger has no numbers left");
  }
  if (tail_dirty_) {
    const auto dropped = drop_tail();
    if (!dropped) return dropped.error();
  }
  const frame_header frame{static_cast<std::uint32_t>(records.size()),
                           checksum_of(records),
                           count_of,
                           next_number_,
                           earliest,
                           latest};
  const auto header = to_bytes(frame);
  const auto written = file_.write_at(end_, {{header.data(), header.size()}, records});
  if (!written) {
    // If this fails too, the next append tries it again before anything else. What is left until
    // then is no whole frame.
    tail_dirty_ = true;
    static_cast<void>(drop_tail());
    return written.error();
  }
  count(frame);
  return frame.last_number();
}

result<void> active_segment::drop_tail() {
  const auto shortened = file_.truncate(end_);
  if (!shortened) return shortened;
  tail_dirty_ = false;
  file_.preallocate(capacity_);
  return {};
}

void active_segment::enlarge(std::uint64_t capacity) {
  capacity_ = std::max(capacity_, capacity);
  file_.preallocate(capacity_);
}

result<void> active_segment::seal() {
  const auto shortened = file_.truncate(end_);
  if (!shortened) return shortened;
  tail_dirty_ = false;
  capacity_ = end_;
  return {};
}

}  // namespace baton::storage::ledger
