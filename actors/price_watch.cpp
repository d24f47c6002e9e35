#include "actors/price_watch.hpp"

#include <caf/send.hpp>

#include "base/log.hpp"

namespace baton::actors {

price_watch::price_watch(std::unique_ptr<price_feed> feed, std::vector<caf::actor> schedulers,
                         metrics::relay_metrics& metrics)
    : feed_(std::move(feed)), schedulers_(std::move(schedulers)), metrics_(metrics) {}

void price_watch::look(wall_time now, bool wanted) {
  const auto found = feed_->look(now, wanted);
  if (!found) return;
  metrics_.add_price_reload(found->has_value());
  if (!*found) {
    log::error("prices could not be read, the ones in force stay",
               {{"reason", found->error().text}});
    return;
  }
  const auto& prices = **found;
  log::info("prices are in force", {{"version", prices->version()}, {"models", prices->size()}});
  for (const auto& each : schedulers_) caf::anon_send(each, prices_changed{prices});
}

}  // namespace baton::actors
