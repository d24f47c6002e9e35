// What a client is told when a limit of cost refuses its request. Amounts are nano-USD.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::relay {

// It is used up. quota_exceeded with v1's code and members, for a window rate_limited; without
// `resets_at`, it never is free again.
error cost_spent(limit_kind limit, std::uint64_t used, std::uint64_t allowed,
                 std::optional<wall_time> resets_at);

// What runs may use the rest of it up: rate_limited, to come back in 1 to 5 s. `running`: how many
// do.
error cost_crowded(limit_kind limit, std::uint64_t allowed, std::uint32_t running);

}  // namespace baton::relay
