#include "actors/file_watch_actor.hpp"

#include <caf/actor_system.hpp>

#include "actors/runtime/fault_handlers.hpp"

namespace baton::actors {

file_watch_actor::file_watch_actor(caf::actor_config& config, watch_list watched,
                                   std::chrono::milliseconds interval)
    : caf::event_based_actor(config), watched_(std::move(watched)), interval_(interval) {
  runtime::handle_faults(*this);
}

caf::behavior file_watch_actor::make_behavior() {
  delayed_send(this, interval_, look_at_files{});
  return {
      [this](look_at_files) {
        look(false);
        delayed_send(this, interval_, look_at_files{});
      },
      [this](reload_files) { look(true); },
  };
}

void file_watch_actor::look(bool wanted) {
  for (const auto& each : watched_) each->look(wall_now(), wanted);
}

caf::actor spawn_file_watch(caf::actor_system& system, watch_list watched,
                            std::chrono::milliseconds interval) {
  return system.spawn<file_watch_actor, caf::detached>(std::move(watched), interval);
}

}  // namespace baton::actors
