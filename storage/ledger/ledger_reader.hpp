// Reads the usage ledger, while somebody writes it or not: by pages, as people ask for it, and in
// order, as it is counted.
//
// Belongs to one thread; each thread, and each process, has its own. Holds no lock: segments that
// are removed meanwhile are as if they had never been. Keeps indexes mapped and the one of the
// newest segment in memory, about 30 bytes for each of its records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "storage/ledger/index_cache.hpp"
#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/ledger_folder.hpp"
#include "storage/ledger/ledger_query.hpp"
#include "storage/ledger/ledger_scan.hpp"

namespace baton::storage {

class ledger_reader {
 public:
  // The folder need not be there yet: until it is, the ledger is empty.
  explicit ledger_reader(std::filesystem::path path);

  // Its records are read without the checksums of their frames, as most of a frame is not. Errors:
  // storage_failed when the folder cannot be read or holds what a newer version wrote;
  // invalid_argument for a limit out of range.
  result<ledger_page> page(const record_query& query);

  // Whether to go on; an error ends it too, and is passed on. The record's texts are gone when it
  // returns.
  using visitor =
      std::function<result<bool>(std::uint64_t number, const usage_record_view& record)>;

  // Visits all records after `number` in order. Returns the number of the last one that was
  // visited, or `number`. Errors: storage_failed as above.
  result<std::uint64_t> each_after(std::uint64_t number, const visitor& visit);

  // Visits, in order of their numbers, the records up to that number that were finished from `from`
  // on and before `to`.
  result<void> each_between(wall_time from, wall_time to, std::uint64_t up_to_number,
                            const visitor& visit);

  // Frames at which each_after() and each_between() had to give a segment up, all calls together.
  std::uint64_t damaged_frames() const { return damaged_frames_; }

 private:
  // Appends what the segment has of the page.
  result<void> add_from(std::uint64_t segment, bool newest, const record_query& query,
                        std::vector<usage_record>& records);
  result<std::uint64_t> each(const ledger::scan_bounds& wanted, const visitor& visit);

  ledger::folder folder_;
  ledger::index_cache indexes_;
  std::uint64_t damaged_frames_ = 0;
};

}  // namespace baton::storage
