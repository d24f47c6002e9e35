#include "actors/price_watch_actor.hpp"

#include <caf/actor_system.hpp>

#include "actors/runtime/fault_handlers.hpp"
#include "base/log.hpp"

namespace baton::actors {

price_watch_actor::price_watch_actor(caf::actor_config& config, std::unique_ptr<price_feed> feed,
                                     std::vector<caf::actor> schedulers,
                                     metrics::relay_metrics& metrics,
                                     std::chrono::milliseconds interval)
    : caf::event_based_actor(config),
      feed_(std::move(feed)),
      schedulers_(std::move(schedulers)),
      metrics_(metrics),
      interval_(interval) {
  runtime::handle_faults(*this);
}

caf::behavior price_watch_actor::make_behavior() {
  delayed_send(this, interval_, look_at_prices{});
  return {
      [this](look_at_prices) {
        look(false);
        delayed_send(this, interval_, look_at_prices{});
      },
      [this](reload_prices) { look(true); },
  };
}

void price_watch_actor::look(bool wanted) {
  const auto found = feed_->look(wall_now(), wanted);
  if (!found) return;
  metrics_.add_price_reload(found->has_value());
  if (!*found) {
    log::error("prices could not be read, the ones in force stay",
               {{"reason", found->error().text}});
    return;
  }
  const auto& prices = **found;
  log::info("prices are in force", {{"version", prices->version()}, {"models", prices->size()}});
  for (const auto& each : schedulers_) send(each, prices_changed{prices});
}

caf::actor spawn_price_watch(caf::actor_system& system, std::unique_ptr<price_feed> feed,
                             std::vector<caf::actor> schedulers, metrics::relay_metrics& metrics,
                             std::chrono::milliseconds interval) {
  return system.spawn<price_watch_actor, caf::detached>(std::move(feed), std::move(schedulers),
                                                        std::ref(metrics), interval);
}

}  // namespace baton::actors
