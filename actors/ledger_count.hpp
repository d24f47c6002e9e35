// How far the ledger is counted in the store's sums, and what is to be counted next. Without I/O,
// but for reading the ledger where too much has gathered.
//
// What has been written is added up here and given out a portion at a time; a portion that the
// store refused is given out again as it was, with the same number, so that the store can tell
// whether it has it already.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/usage_tally.hpp"

namespace baton::actors {

struct uncounted_usage {
  std::shared_ptr<const std::vector<storage::usage_row>> rows;
  std::uint64_t last_number = 0;  // of the records in them
};

class ledger_count {
 public:
  // The store has counted the records up to `counted`, of those up to `written`; those between them
  // are read from the ledger.
  ledger_count(std::uint64_t counted, std::uint64_t written);

  // The ledger has the records up to `last_number` now; those that are new add up to `rows`.
  void add(const std::vector<storage::usage_row>& rows, std::uint64_t last_number);
  // What to count now; the same again until it is settled. Nothing: all is counted.
  // Errors: the ledger cannot be read.
  result<std::optional<uncounted_usage>> next(storage::ledger_reader& ledger);
  // The store has counted what next() gave.
  void settle();

  std::uint64_t counted() const { return counted_; }
  bool done() const { return counted_ == written_; }
  std::uint64_t uncounted() const { return written_ - counted_; }  // records

 private:
  result<void> read_portion(storage::ledger_reader& ledger);

  std::uint64_t counted_;
  std::uint64_t written_;
  bool behind_;                 // what is not counted is not all in the tally: it is read
  storage::usage_tally tally_;  // of the records behind the portion at hand, unless behind
  std::optional<uncounted_usage> at_hand_;
};

}  // namespace baton::actors
