// Rows of the table of usage by their places, in the order of its primary key.
#pragma once

#include <cstdint>
#include <map>

#include "base/time.hpp"
#include "relay/usage.hpp"
#include "storage/sqlite.hpp"

namespace baton::storage {

struct usage_place {
  int kind = 0;  // usage_kind()
  wall_time start{};
  std::int64_t series = 0;
  friend auto operator<=>(const usage_place&, const usage_place&) = default;
};

using usage_rows = std::map<usage_place, relay::usage_counts>;

// The columns from requests to fallback_requests, in the table's order.
relay::usage_counts read_counts(sqlite::cursor& row);

}  // namespace baton::storage
