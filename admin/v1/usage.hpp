// Usage in v1's shapes: {"requests","inputTokens",…,"allTokens","cost","formattedCost"}.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin/call.hpp"
#include "relay/usage.hpp"

namespace baton::admin::v1 {

struct time_range {
  std::optional<wall_time> from;  // inclusive, at the start of an hour
  std::optional<wall_time> to;    // exclusive, likewise
};

using counts_by_id = std::map<std::string, relay::usage_counts, std::less<>>;

// `keys`: only of these; empty: of all.
result<counts_by_id> usage_by(storage::store& store, relay::usage_group group,
                              const time_range& range, std::vector<key_id> keys = {});
result<relay::usage_counts> usage_of_all(storage::store& store, const time_range& range);

// {"tokens",…} and the rest of v1's counters.
ordered_json usage_json(const relay::usage_counts& counts);
// Of what `id` names, or nothing.
ordered_json usage_json(const counts_by_id& all, std::string_view id);

}  // namespace baton::admin::v1
