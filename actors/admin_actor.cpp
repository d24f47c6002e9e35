#include "actors/admin_actor.hpp"

#include <caf/actor_system.hpp>
#include <utility>

#include "actors/runtime/fault_handlers.hpp"
#include "base/log.hpp"

namespace baton::actors {

admin_actor::admin_actor(caf::actor_config& config, admin_office office)
    : caf::event_based_actor(config), office_(std::move(office)) {
  runtime::handle_faults(*this);
}

caf::behavior admin_actor::make_behavior() {
  return {
      [this](const administer& order) { return administered{serve(order)}; },
  };
}

// What nobody has thought of is the end of a call, not of the administration.
admin::step admin_actor::serve(const administer& order) {
  try {
    return admin::serve(*office_.desk, *order.asked, order.found, moment_now());
  } catch (const std::exception& failure) {
    log::error("a call of the administration failed",
               {{"path", order.asked->path}, {"reason", failure.what()}});
    return {admin::error_answer(internal_error(error_code::internal, "The call failed."),
                                order.asked->method, order.asked->path)};
  }
}

caf::actor spawn_admin(caf::actor_system& system, admin_office office) {
  return system.spawn<admin_actor, caf::detached>(std::move(office));
}

}  // namespace baton::actors
