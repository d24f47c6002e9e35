// What records of the ledger are asked for by, and the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/usage_record.hpp"

namespace baton::storage {

// A record must match one value of each list that is not empty.
struct record_query {
  std::vector<key_id> keys;
  std::vector<account_id> accounts;
  std::vector<std::string> models;  // as the upstream named them
  std::vector<std::string> platforms;
  std::optional<wall_time> from;        // finished then or later
  std::optional<wall_time> to;          // finished before that
  std::optional<std::uint64_t> before;  // numbers below this one: a page's `next`
  std::size_t limit = 100;              // 1 to 10000 records
};

struct ledger_page {
  std::vector<usage_record> records;  // highest number first
  // Ask for the records before this one to go on; there may be some. Nothing: there are no more.
  std::optional<std::uint64_t> next;
};

}  // namespace baton::storage
