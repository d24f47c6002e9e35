// The only one that touches the SQLite store while the server runs: a detached actor, since every
// call may block. Its queue is bounded by its callers: each worker's aggregator keeps at most one
// append on its way.
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "storage/store.hpp"

namespace baton::actors {

class storage_actor final : public caf::event_based_actor {
 public:
  storage_actor(caf::actor_config& config, std::unique_ptr<storage::store> store);

  const char* name() const override { return "storage"; }
  caf::behavior make_behavior() override;
  // An actor lives as long as somebody holds its handle, so two that hold one another must let go.
  void on_exit() override { subscribers_.clear(); }

 private:
  void subscribe(const subscribe_directory& order);
  void publish_directory();
  void poll();

  std::unique_ptr<storage::store> store_;
  std::vector<caf::actor> subscribers_;
  result<void> last_outcome_;  // of the newest call: what readiness tells
};

// Spawns it on a thread of its own.
caf::actor spawn_storage(caf::actor_system& system, std::unique_ptr<storage::store> store);

}  // namespace baton::actors
