// Small numbers for the four texts that usage is counted by. Rows of usage carry the number, which
// makes them a fifth as large and an upsert several times as fast.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"
#include "storage/sqlite.hpp"

namespace baton::storage {

struct series_name {
  std::string_view key;  // empty: all keys together
  std::string_view account;
  std::string_view platform;
  std::string_view model;
};

// Gives numbers, and makes those that are missing, inside the transaction of whoever asks: if that
// is rolled back, forget() must be called. Numbers are never changed or deleted in the database, so
// what is remembered here stays right whatever other processes do.
class usage_series {
 public:
  result<std::int64_t> number(sqlite::connection& database, const series_name& name);
  void forget() { numbers_.clear(); }

 private:
  std::unordered_map<std::string, std::int64_t> numbers_;  // emptied when it grows too large
};

}  // namespace baton::storage
