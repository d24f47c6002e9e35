// Finds the records of one segment that a query asks for.
#pragma once

#include <vector>

#include "storage/ledger/ledger_file.hpp"
#include "storage/ledger/ledger_query.hpp"
#include "storage/ledger/record_index.hpp"

namespace baton::storage::ledger {

class segment_search {
 public:
  // Both must outlive it.
  segment_search(const record_query& query, const record_index& index)
      : query_(query), index_(index) {}

  // Works out which records may match, by the index alone. False: the index is damaged.
  bool run();
  bool found_none() const { return positions_.empty(); }
  // Appends those that do match, highest number first, until there are query.limit records. False:
  // the index and the segment do not agree.
  bool read(const file& segment, std::vector<usage_record>& records) const;

 private:
  bool in_range() const;
  bool find_all(column which, std::vector<std::uint32_t>& positions) const;
  std::uint64_t count(column which) const;
  bool may_be_in_time(std::uint32_t second) const;

  const record_query& query_;
  const record_index& index_;
  std::vector<std::uint32_t> positions_;  // ascending
};

}  // namespace baton::storage::ledger
