// Accepts the connections of one worker and supervises them: each becomes a connection actor. Stops
// in two steps: stop_accepting lets running answers end, cut_connections does not;
// kill_connections is for those that do not obey.
#pragma once

#include <caf/response_promise.hpp>
#include <memory>
#include <unordered_set>
#include <vector>

#include "actors/connection_actor.hpp"
#include "actors/drivers.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"

namespace baton::actors {

class listener_actor final : public runtime::pinned_actor {
 public:
  listener_actor(caf::actor_config& config, runtime::worker& home,
                 std::unique_ptr<acceptor_driver> acceptor, const connection_peers& peers);

  const char* name() const override { return "listener"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  void admit(std::unique_ptr<session_driver> session);
  void forget(const caf::actor_addr& ended);
  void stop();
  void tell_if_empty();

  std::unique_ptr<acceptor_driver> acceptor_;
  const connection_peers& peers_;
  std::unordered_set<caf::actor> connections_;  // bounded by the acceptor
  std::vector<caf::response_promise> waiting_;  // for the last connection to end
};

}  // namespace baton::actors
