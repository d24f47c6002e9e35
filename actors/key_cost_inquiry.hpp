// Asks the store what a key's requests have cost: everything that was recorded before is stored
// first, on every worker.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "relay/cost_limiter.hpp"

namespace baton::actors {

// Where what keys have used is known. Without a storage nothing is.
struct key_usage_source {
  std::vector<caf::actor> aggregators;  // of all workers
  caf::actor storage = nullptr;
  std::chrono::hours utc_offset{0};  // at its midnight days begin
};

using cost_sums_handler = std::function<void(const result<relay::cost_sums>&)>;

// Calls `then` once, as `self`, unless it ends before. There is no time limit: a store that hangs
// is asked once. `source` outlives the question.
void ask_key_costs(runtime::pinned_actor& self, const key_usage_source& source, const key_id& key,
                   const relay::cost_question& question, cost_sums_handler then);

}  // namespace baton::actors
