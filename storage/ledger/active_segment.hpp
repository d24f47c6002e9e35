// The segment that the writer appends to.
#pragma once

#include <string_view>

#include "storage/ledger/ledger_file.hpp"
#include "storage/ledger/ledger_folder.hpp"
#include "storage/ledger/segment_format.hpp"

namespace baton::storage::ledger {

class active_segment {
 public:
  active_segment() = default;  // none: only to be assigned to

  // A new one, made of the folder's spare if there is one, with room on the disk for `capacity`
  // bytes if there is any. On an error the folder has no new segment.
  static result<active_segment> create(const folder& where, std::uint64_t first_number,
                                       std::uint64_t capacity);
  // One that is there, up to its last whole frame. What is torn behind it is cut off.
  static result<active_segment> recover(const folder& where, std::uint64_t first_number,
                                        std::uint64_t capacity);

  // One frame: all of it or nothing. Returns the number of its last record.
  result<std::uint64_t> append(std::string_view records, std::uint32_t count, wall_time earliest,
                               wall_time latest);
  // Gives the room back that it did not need. It can still be appended to.
  result<void> seal();
  const file& opened() const { return file_; }

  // For one larger than the others: it gets at least so much room, if the disk has it.
  void enlarge(std::uint64_t capacity);
  bool has_room_for(std::size_t payload_bytes) const;
  std::uint64_t first_number() const { return first_number_; }
  std::uint64_t next_number() const { return next_number_; }
  std::uint64_t records() const { return next_number_ - first_number_; }
  std::uint64_t bytes() const { return end_; }
  std::uint64_t torn_bytes() const { return torn_bytes_; }  // cut off by recover()
  // Of all its records; meaningless without any.
  wall_time earliest() const { return earliest_; }
  wall_time latest() const { return latest_; }

 private:
  active_segment(file opened, std::uint64_t first_number, std::uint64_t capacity);
  result<void> write_header();
  result<void> find_end();
  result<void> cut_off_torn();
  result<void> drop_tail();
  void count(const frame_header& frame);

  file file_;
  std::uint64_t first_number_ = 0;
  std::uint64_t next_number_ = 0;
  std::uint64_t capacity_ = 0;
  std::uint64_t end_ = segment_header_bytes;  // of the last whole frame
  std::uint64_t torn_bytes_ = 0;
  bool tail_dirty_ = false;  // behind the end lies what a failed write has left
  wall_time earliest_{};
  wall_time latest_{};
};

}  // namespace baton::storage::ledger
