// Keeps the prices of every worker current: looks every few seconds whether they have changed, and
// when it is told to, and hands a new table to the schedulers. What cannot be used changes nothing:
// the prices in force stay. On a thread of its own, since reading a file may block.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "actors/messages.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/price_table.hpp"

namespace baton::actors {

// Where prices come from. Belongs to the watch and is called on its thread only.
class price_feed {
 public:
  virtual ~price_feed() = default;

  // The prices, if they have changed since the last call or `wanted` says to read them in any case;
  // why they cannot be read, once for each reason. May block.
  virtual std::optional<result<relay::price_table_ptr>> look(wall_time now, bool wanted) = 0;
};

class price_watch_actor final : public caf::event_based_actor {
 public:
  // `metrics` must outlive the actor.
  price_watch_actor(caf::actor_config& config, std::unique_ptr<price_feed> feed,
                    std::vector<caf::actor> schedulers, metrics::relay_metrics& metrics,
                    std::chrono::milliseconds interval);

  const char* name() const override { return "price_watch"; }
  caf::behavior make_behavior() override;
  void on_exit() override { schedulers_.clear(); }

 private:
  void look(bool wanted);

  const std::unique_ptr<price_feed> feed_;
  std::vector<caf::actor> schedulers_;
  metrics::relay_metrics& metrics_;
  const std::chrono::milliseconds interval_;
};

// Spawns it on a thread of its own.
caf::actor spawn_price_watch(caf::actor_system& system, std::unique_ptr<price_feed> feed,
                             std::vector<caf::actor> schedulers, metrics::relay_metrics& metrics,
                             std::chrono::milliseconds interval = std::chrono::seconds(2));

}  // namespace baton::actors
