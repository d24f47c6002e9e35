// The usage ledger: every request that was served, in the order of their numbers, in files that are
// only appended to. See ledger_folder.hpp for the files.
//
// One process writes; others, and other threads, read with a ledger_reader. Belongs to one thread.
// Every call blocks for the disk, sync() for the longest. Errors are storage_failed unless a
// function says otherwise; after one, the same call may be tried again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "storage/ledger/active_segment.hpp"
#include "storage/ledger/background_sync.hpp"
#include "storage/ledger/ledger_folder.hpp"

namespace baton::storage {

struct ledger_options {
  // Room is kept on the disk for so much beyond what is written: 64 kB to 1 GiB.
  std::uint64_t segment_bytes = 8 * 1024 * 1024;
  // Records are removed by whole segments, so none of these spans more than this.
  std::chrono::hours segment_span{24};
  // sync() waits for the disk. Otherwise it has a thread of its own do it, and tells how that went
  // when it is called again; a disk that is slow keeps nobody from appending.
  bool sync_waits = true;
  // No number up to this one is given again, even if the folder has lost its records: they may have
  // been counted.
  std::uint64_t last_number = 0;
};

class ledger_writer {
 public:
  // Makes the folder, or takes up what an earlier writer has left. Errors: conflict while another
  // process writes there; invalid_argument for an option out of range.
  static result<ledger_writer> open(std::filesystem::path path, const ledger_options& options);

  // Appends `count` records, see append_record(), of requests that were finished from `first` to
  // `last` (both included), and returns the number of the last one; on an error, none is there.
  // They survive this process once this returns, and a power cut once sync() has. Errors:
  // invalid_argument for no records or more than 64 MiB of them.
  result<std::uint64_t> append(std::string_view records, std::uint32_t count, wall_time first,
                               wall_time last);
  // After an error, what was appended since the last sync() may not survive a power cut.
  result<void> sync();

  // Both remove whole segments, oldest first, and return how many records went with them; none that
  // has a record behind number `counted`. The first removes those whose records are all older, the
  // second goes on until at most `limit` bytes are left; it leaves the segment that is appended to.
  result<std::uint64_t> remove_older_than(wall_time time, std::uint64_t counted = UINT64_MAX);
  result<std::uint64_t> keep_at_most(std::uint64_t limit, std::uint64_t counted = UINT64_MAX);

  std::uint64_t last_number() const { return active_.next_number() - 1; }  // 0: there was none yet
  std::uint64_t bytes() const;  // of all segments and indexes, without room that is unused
  std::uint64_t torn_bytes() const { return active_.torn_bytes(); }  // cut off when it was opened

 private:
  struct sealed_segment {
    std::uint64_t first_number = 0;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;  // with its index
    wall_time latest{};
    bool indexed = false;

    std::uint64_t last_number() const { return first_number + records - 1; }
  };

  ledger_writer(std::filesystem::path path, const ledger_options& options)
      : folder_(std::move(path)), options_(options) {
    if (!options.sync_waits) background_ = std::make_unique<ledger::background_sync>();
  }

  result<void> lock();
  result<void> bring_to_disk(const ledger::file& written);
  result<void> recover();
  result<void> recover_sealed(std::uint64_t first_number);
  // Seals the active segment and begins another one at `first_number`.
  result<void> begin_segment(std::uint64_t first_number, std::uint64_t capacity);
  bool must_begin_segment(std::size_t payload_bytes, wall_time last) const;
  // Makes what is missing but can wait: indexes, and the spare segment. A full disk is no error.
  void make_missing();
  void make_index(sealed_segment& segment);
  result<void> remove(const sealed_segment& segment);

  ledger::folder folder_;
  ledger_options options_;
  ledger::file lock_;
  std::vector<sealed_segment> sealed_;  // ascending
  ledger::active_segment active_;
  bool names_changed_ = false;                           // in the folder, since the last sync
  std::unique_ptr<ledger::background_sync> background_;  // null: sync() waits
};

}  // namespace baton::storage
