#include "actors/metric_labels.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "relay/account_pool.hpp"
#include "relay/request_record.hpp"
#include "relay/verdict.hpp"

namespace baton::actors {
namespace {

// The values of the label `route`, and where each route's is among them. "other" comes last.
struct route_label_table {
  std::vector<std::string> names;
  std::vector<std::size_t> places;
};

const route_label_table& route_labels() {
  static const auto table = [] {
    route_label_table made;
    for (const auto& route : relay::all_routes()) {
      const auto known = std::find(made.names.begin(), made.names.end(), route.label);
      made.places.push_back(static_cast<std::size_t>(known - made.names.begin()));
      if (known == made.names.end()) made.names.emplace_back(route.label);
    }
    made.names.emplace_back("other");
    return made;
  }();
  return table;
}

}  // namespace

metrics::relay_labels relay_label_values() {
  metrics::relay_labels labels;
  for (const auto* platform : relay::platforms()) labels.platforms.emplace_back(platform->id());
  labels.platforms.emplace_back("none");
  labels.routes = route_labels().names;
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
  const auto& labels = route_labels();
  if (route == nullptr) return labels.names.size() - 1;
  return labels.places[static_cast<std::size_t>(route - relay::all_routes().data())];
}

}  // namespace baton::actors
