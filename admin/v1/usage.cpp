#include "admin/v1/usage.hpp"

#include <utility>

#include "relay/api_stats_views.hpp"

namespace baton::admin::v1 {

result<counts_by_id> usage_by(storage::store& store, relay::usage_group group,
                              const time_range& range, std::vector<key_id> keys) {
  storage::usage_query query;
  query.keys = std::move(keys);
  query.from = range.from;
  query.to = range.to;
  query.group = group;
  const auto sums = store.usage(query);
  if (!sums) return sums.error();
  counts_by_id found;
  for (const auto& each : *sums) found[each.group] += each;
  return found;
}

result<relay::usage_counts> usage_of_all(storage::store& store, const time_range& range) {
  const auto sums = usage_by(store, relay::usage_group::none, range);
  if (!sums) return sums.error();
  relay::usage_counts total;
  for (const auto& [group, counts] : *sums) total += counts;
  return total;
}

ordered_json usage_json(const relay::usage_counts& counts) {
  ordered_json shown = relay::v1_counters(counts);
  shown["tokens"] = counts.tokens.total();
  return shown;
}

ordered_json usage_json(const counts_by_id& all, std::string_view id) {
  const auto found = all.find(id);
  return usage_json(found == all.end() ? relay::usage_counts() : found->second);
}

}  // namespace baton::admin::v1
