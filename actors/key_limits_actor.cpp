#include "actors/key_limits_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace baton::actors {
namespace {

constexpr std::chrono::minutes forget_interval{1};

}  // namespace

key_limits_actor::key_limits_actor(caf::actor_config& config, runtime::worker& home)
    : pinned_actor(config, home) {}

caf::behavior key_limits_actor::make_behavior() {
  delayed_send(this, forget_interval, forget_idle_keys{});
  return {
      [this](const admit_request& order) { return admit(order); },
      [this](const settle_reservation& order) { settle(order); },
      [this](forget_idle_keys) { forget_idle(); },
  };
}

admission_answered key_limits_actor::admit(const admit_request& order) {
  const auto& key = *order.key;
  const auto admitted = limiters_[key.id].admit(key.limits, order.estimate, steady_now());
  if (!admitted) return {admitted.error()};
  auto claim =
      std::make_shared<reservation>([self = caf::actor_cast<caf::actor_addr>(this), id = key.id,
                                     number = *admitted](std::optional<std::uint64_t> tokens) {
        if (auto owner = caf::actor_cast<caf::actor>(self)) {
          caf::anon_send(owner, settle_reservation{id, number, tokens});
        }
      });
  return {std::move(claim)};
}

void key_limits_actor::settle(const settle_reservation& order) {
  const auto limiter = limiters_.find(order.key);
  if (limiter == limiters_.end()) return;
  if (order.tokens) {
    limiter->second.settle(order.id, *order.tokens, steady_now());
  } else {
    limiter->second.cancel(order.id, steady_now());
  }
}

void key_limits_actor::forget_idle() {
  const auto now = steady_now();
  std::erase_if(limiters_, [now](const auto& entry) { return entry.second.idle(now); });
  delayed_send(this, forget_interval, forget_idle_keys{});
}

const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key) {
  return owners[std::hash<key_id>{}(key) % owners.size()];
}

}  // namespace baton::actors
