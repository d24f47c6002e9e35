// The values of the metrics' labels that come from the relay's own tables, and where in them a
// platform or route stands.
#pragma once

#include <cstddef>

#include "metrics/relay_metrics.hpp"
#include "relay/platform.hpp"
#include "relay/route.hpp"

namespace baton::actors {

metrics::relay_labels relay_label_values();

std::size_t platform_label(const relay::platform* platform);  // null: "none"
std::size_t route_label(const relay::route* route);           // null: "other"

}  // namespace baton::actors
