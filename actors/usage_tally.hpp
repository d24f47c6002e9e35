// Adds up usage by key, account, model and hour until it is stored. However many requests end, a
// tally holds one row per combination, which is what bounds it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "relay/request_record.hpp"
#include "storage/store.hpp"

namespace baton::actors {

class usage_tally {
 public:
  // Counts a message request that reached an account's upstream; others use nothing that is billed.
  void add(const relay::request_record& ended);
  // Puts back rows that could not be stored.
  void merge(const std::vector<storage::usage_row>& rows);
  // Everything counted since the last take().
  std::vector<storage::usage_row> take();
  bool empty() const { return rows_.empty(); }

 private:
  storage::usage_row& row(const key_id& key, const account_id& account, const std::string& platform,
                          const std::string& model, wall_time hour);

  std::unordered_map<std::string, storage::usage_row> rows_;
  std::string lookup_;  // the map's key, rebuilt for each row
};

}  // namespace baton::actors
