// Admits the requests of keys that have limits, and lets those wait that may. One per worker; every
// key belongs to exactly one of them (key_limits_owner()), which therefore counts exactly however
// many requests come at once.
#pragma once

#include <unordered_map>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/key_queue.hpp"

namespace baton::actors {

class key_limits_actor final : public runtime::pinned_actor {
 public:
  key_limits_actor(caf::actor_config& config, runtime::worker& home,
                   metrics::relay_metrics& metrics);

  const char* name() const override { return "key_limits"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct waiter {
    key_id key;
    caf::response_promise promise;
  };

  caf::result<admission_answered> admit(const admit_request& order);
  admission_answered answer_of(const key_id& key, const result<relay::reservation_id>& admitted,
                               bool waited);
  void settle(const settle_reservation& order);
  void decide(const key_id& key, relay::key_queue& queue);
  void leave(place_number place);
  void sweep();
  void schedule_sweep();
  void forget_idle();

  metrics::relay_metrics& metrics_;
  std::unordered_map<key_id, relay::key_queue> queues_;  // of keys used lately
  std::unordered_map<place_number, waiter> waiting_;
  bool sweep_scheduled_ = false;
};

// Which of the workers' limit actors owns a key.
const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key);

}  // namespace baton::actors
