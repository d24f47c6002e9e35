#include "actors/metric_labels.hpp"

#include <algorithm>
#include <string>

#include "relay/account_pool.hpp"
#include "relay/request_record.hpp"
#include "relay/verdict.hpp"

namespace baton::actors {

metrics::relay_labels relay_label_values() {
  metrics::relay_labels labels;
  for (const auto* platform : relay::platforms()) labels.platforms.emplace_back(platform->id());
  labels.platforms.emplace_back("none");
  // In the order of relay::operation.
  labels.routes = {"messages",      "count_tokens", "models", "usage",   "key_info",
                   "event_logging", "health",       "ready",  "metrics", "other"};
  for (std::size_t how = 0; how < relay::outcome_count; ++how) {
    labels.outcomes.emplace_back(relay::to_string(static_cast<relay::outcome>(how)));
  }
  for (std::size_t kind = 0; kind < relay::failure_kind_count; ++kind) {
    labels.failure_kinds.emplace_back(relay::to_string(static_cast<relay::failure_kind>(kind)));
  }
  for (std::size_t state = 0; state < relay::account_state_count; ++state) {
    labels.account_states.emplace_back(relay::to_string(static_cast<relay::account_state>(state)));
  }
  return labels;
}

std::size_t platform_label(const relay::platform* platform) {
  const auto& all = relay::platforms();
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), platform) - all.begin());
}

std::size_t route_label(const relay::route* route) {
  constexpr auto other = static_cast<std::size_t>(relay::operation::metrics) + 1;
  return route == nullptr ? other : static_cast<std::size_t>(route->op);
}

}  // namespace baton::actors
