// Usage as it is written to a store, and what may be asked of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/usage.hpp"
#include "relay/usage_period.hpp"

namespace baton::storage {

// Usage of one hour for one (key, account, model). The engine adds it to the rows of the hour, the
// UTC day and the UTC month it lies in.
struct usage_row {
  key_id key;
  account_id account;
  std::string platform;
  std::string model;
  wall_time hour{};  // start of the hour
  std::int64_t requests = 0;
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;      // see usage_record
  std::int64_t fallback_requests = 0;  // those whose model has no price of its own
};

using period = relay::usage_period;
using usage_group = relay::usage_group;

// Of each list, usage of any of its members counts; an empty list leaves everything in. Whoever
// means the keys of a tag must not ask when it has none.
struct usage_query {
  std::vector<key_id> keys;
  std::vector<account_id> accounts;
  std::vector<std::string> models;
  std::vector<std::string> platforms;
  period granularity = period::all;
  std::optional<wall_time> from;  // inclusive
  std::optional<wall_time> to;    // exclusive
  usage_group group = usage_group::none;
  // Only the groups with the most cost in the whole range, then the most tokens, then by name; 0:
  // all of them.
  std::size_t top = 0;
  bool with_rest = false;  // the others come as one group rather than not at all
};

struct usage_sum : relay::usage_counts {
  wall_time start{};     // of the period; the epoch for period::all
  std::string group;     // id of the key or account, name of the model or platform
  bool is_rest = false;  // all groups outside the top ones
};

}  // namespace baton::storage
