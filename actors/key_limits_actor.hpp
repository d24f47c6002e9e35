// Admits the requests of keys that have limits. One per worker; every key belongs to exactly one of
// them (key_limits_owner()), which therefore counts exactly however many requests come at once.
#pragma once

#include <unordered_map>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "relay/key_limiter.hpp"

namespace baton::actors {

class key_limits_actor final : public runtime::pinned_actor {
 public:
  key_limits_actor(caf::actor_config& config, runtime::worker& home);

  const char* name() const override { return "key_limits"; }
  caf::behavior make_behavior() override;

 private:
  admission_answered admit(const admit_request& order);
  void settle(const settle_reservation& order);
  void forget_idle();

  std::unordered_map<key_id, relay::key_limiter> limiters_;  // of keys used lately
};

// Which of the workers' limit actors owns a key.
const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key);

}  // namespace baton::actors
