#include "actors/admin_actor.hpp"

#include <caf/actor_system.hpp>
#include <utility>

#include "actors/runtime/fault_handlers.hpp"

namespace baton::actors {

admin_actor::admin_actor(caf::actor_config& config, admin_office office)
    : caf::event_based_actor(config), office_(std::move(office)) {
  runtime::handle_faults(*this);
}

caf::behavior admin_actor::make_behavior() {
  return {
      [this](const administer& order) {
        return administered{admin::serve(*office_.desk, *order.asked, order.found, moment_now())};
      },
  };
}

caf::actor spawn_admin(caf::actor_system& system, admin_office office) {
  return system.spawn<admin_actor, caf::detached>(std::move(office));
}

}  // namespace baton::actors
