// The routes that Baton answers itself: health, readiness, metrics, Claude Code's telemetry,
// models, and what a key may see of its own.
#pragma once

#include "base/task.hpp"
#include "net/exchange.hpp"
#include "relay/route.hpp"

namespace baton::net {

bool needs_key(relay::operation op);

task<void> answer_locally(exchange& ex, const relay::route_match& match);

}  // namespace baton::net
