// Adds up usage by key, account, model and hour until it is stored. However many requests end, a
// tally holds one row per combination, which is what bounds it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "storage/ledger/ledger_codec.hpp"
#include "storage/usage_query.hpp"

namespace baton::storage {

class usage_tally {
 public:
  // Does nothing with one that is not counted.
  void add(const usage_record_view& record);
  // Puts back rows that could not be stored.
  void merge(const std::vector<usage_row>& rows);
  // Everything counted since the last take().
  std::vector<usage_row> take();
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }

 private:
  usage_row& row(std::string_view key, std::string_view account, std::string_view platform,
                 std::string_view model, wall_time hour);

  std::unordered_map<std::string, usage_row> rows_;
  std::string lookup_;  // the map's key, rebuilt for each row
};

}  // namespace baton::storage
