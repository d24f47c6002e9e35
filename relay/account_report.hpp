// How an account does while Baton runs: what its actor tells an operator.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/account_pool.hpp"
#include "relay/circuit_breaker.hpp"
#include "relay/usage_amount.hpp"

namespace baton::relay {

struct account_report {
  struct limited_family {
    std::string_view family;  // one of model_families
    wall_time until{};
  };

  account_id id;
  account_state state = account_state::active;
  std::optional<wall_time> back_at;     // where it is kept away from for a time
  std::vector<limited_family> limited;  // kept away from with models of these only
  circuit_breaker::state circuit = circuit_breaker::state::closed;
  std::optional<std::uint32_t> in_flight;  // slots taken; unset: it has no limit, nobody counts
  std::optional<usage_amount> used_today;  // by time.utc_offset; unset: it has no quota
};

}  // namespace baton::relay
