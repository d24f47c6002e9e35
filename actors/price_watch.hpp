// Keeps the prices of every worker current: hands a new table to the schedulers. What cannot be
// used changes nothing: the prices in force stay.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/file_watch_actor.hpp"
#include "base/error.hpp"
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

class price_watch final : public watched_files {
 public:
  // `metrics` must outlive it.
  price_watch(std::unique_ptr<price_feed> feed, std::vector<caf::actor> schedulers,
              metrics::relay_metrics& metrics);

  void look(wall_time now, bool wanted) override;

 private:
  const std::unique_ptr<price_feed> feed_;
  const std::vector<caf::actor> schedulers_;
  metrics::relay_metrics& metrics_;
};

}  // namespace baton::actors
