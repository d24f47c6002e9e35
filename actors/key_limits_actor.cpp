#include "actors/key_limits_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace baton::actors {
namespace {

constexpr std::chrono::minutes forget_interval{1};
// How late a waiter may hear that its time is over.
constexpr std::chrono::milliseconds deadline_check{100};
constexpr std::size_t key_queue_label = 1;  // of the metric

}  // namespace

key_limits_actor::key_limits_actor(caf::actor_config& config, runtime::worker& home,
                                   metrics::relay_metrics& metrics)
    : pinned_actor(config, home), metrics_(metrics) {}

caf::behavior key_limits_actor::make_behavior() {
  delayed_send(this, forget_interval, forget_idle_keys{});
  return {
      [this](const admit_request& order) { return admit(order); },
      [this](const settle_reservation& order) { settle(order); },
      [this](const leave_queue& order) { leave(order.place); },
      [this](queue_due) { sweep(); },
      [this](forget_idle_keys) { forget_idle(); },
  };
}

void key_limits_actor::on_exit() {
  for (auto& [place, each] : waiting_) {
    each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  waiting_.clear();
}

caf::result<admission_answered> key_limits_actor::admit(const admit_request& order) {
  const auto& key = *order.key;
  const auto decided =
      queues_[key.id].admit(order.place, key.limits, order.estimate, order.deadline, steady_now());
  if (decided) return answer_of(key.id, *decided, false);
  schedule_sweep();
  auto promise = make_response_promise();
  waiting_.emplace(order.place, waiter{key.id, promise});
  metrics_.waiting.add(home().index(), {key_queue_label}, 1);
  return promise;
}

admission_answered key_limits_actor::answer_of(const key_id& key,
                                               const result<relay::reservation_id>& admitted,
                                               bool waited) {
  if (!admitted) return {admitted.error(), waited};
  auto claim =
      std::make_shared<reservation>([self = caf::actor_cast<caf::actor_addr>(this), key,
                                     number = *admitted](std::optional<relay::usage_amount> used) {
        if (auto owner = caf::actor_cast<caf::actor>(self)) {
          caf::anon_send(owner, settle_reservation{key, number, used});
        }
      });
  return {std::move(claim), waited};
}

void key_limits_actor::settle(const settle_reservation& order) {
  const auto found = queues_.find(order.key);
  if (found == queues_.end()) return;
  if (order.used) {
    found->second.settle(order.id, *order.used, steady_now());
  } else {
    found->second.cancel(order.id, steady_now());
  }
  decide(order.key, found->second);
}

void key_limits_actor::decide(const key_id& key, relay::key_queue& queue) {
  if (queue.waiting() == 0) return;
  for (const auto& each : queue.decide(steady_now())) {
    auto told = waiting_.extract(each.who);
    metrics_.waiting.add(home().index(), {key_queue_label}, -1);
    told.mapped().promise.deliver(answer_of(key, each.admitted, true));
  }
}

void key_limits_actor::leave(place_number place) {
  auto gone = waiting_.extract(place);
  if (gone.empty()) return;
  metrics_.waiting.add(home().index(), {key_queue_label}, -1);
  queues_[gone.mapped().key].leave(place);
  gone.mapped().promise.deliver(
      admission_answered{internal_error(error_code::cancelled, "the client has left"), true});
}

void key_limits_actor::schedule_sweep() {
  if (!std::exchange(sweep_scheduled_, true)) delayed_send(this, deadline_check, queue_due{});
}

// Those whose time is over are turned away.
void key_limits_actor::sweep() {
  sweep_scheduled_ = false;
  for (auto& [key, queue] : queues_) decide(key, queue);
  if (!waiting_.empty()) schedule_sweep();
}

void key_limits_actor::forget_idle() {
  const auto now = steady_now();
  std::erase_if(queues_, [now](const auto& entry) { return entry.second.idle(now); });
  delayed_send(this, forget_interval, forget_idle_keys{});
}

const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key) {
  return owners[std::hash<key_id>{}(key) % owners.size()];
}

}  // namespace baton::actors
