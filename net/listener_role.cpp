#include "net/listener_role.hpp"

namespace baton::net {

bool is_answered_at(listener_role role, relay::operation op) {
  switch (op) {
    case relay::operation::health:
    case relay::operation::ready: return true;
    case relay::operation::metrics: return role != listener_role::relay;
    default: return role != listener_role::admin;
  }
}

}  // namespace baton::net
