// What a listener's port is for.
#pragma once

#include <cstdint>

#include "relay/route.hpp"

namespace baton::net {

enum class listener_role : std::uint8_t {
  all,    // everything, where the administration has no address of its own
  relay,  // what clients use
  admin,  // the administration and the metrics
};

// Whether a port of this role answers an operation; health and readiness it does in any case.
bool is_answered_at(listener_role role, relay::operation op);

}  // namespace baton::net
