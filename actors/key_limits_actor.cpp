#include "actors/key_limits_actor.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <utility>

#include "base/log.hpp"

namespace baton::actors {
namespace {

constexpr std::chrono::minutes forget_interval{1};
// How late a waiter may hear that its time is over.
constexpr std::chrono::milliseconds deadline_check{100};
// How long requests wait for the store, and how soon it is asked again when it has failed.
constexpr std::chrono::milliseconds store_patience{1000};
// The same when requests ended while it answered.
constexpr std::chrono::milliseconds incomplete_retry{100};
// Of a key whose requests never pause, so that each answer lacks the newest.
constexpr std::chrono::milliseconds retry_max{30'000};
constexpr std::size_t key_queue_label = 1;  // of the metric

}  // namespace

key_limits_actor::key_limits_actor(caf::actor_config& config, runtime::worker& home,
                                   metrics::relay_metrics& metrics, key_usage_source source)
    : pinned_actor(config, home), metrics_(metrics), source_(std::move(source)) {}

caf::behavior key_limits_actor::make_behavior() {
  delayed_send(this, forget_interval, forget_idle_keys{});
  return {
      [this](const admit_request& order) { return admit(order); },
      [this](const settle_reservation& order) { settle(order); },
      [this](const show_window& order) { return show(order); },
      [this](const leave_queue& order) { leave(order.place); },
      [this](const costs_overdue& fact) { go_on_without(fact); },
      [this](queue_due) { sweep(); },
      [this](forget_idle_keys) { forget_idle(); },
  };
}

void key_limits_actor::on_exit() {
  for (auto& [place, each] : waiting_) {
    each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  for (auto& [key, known] : keys_) {
    for (auto& each : known.early) {
      each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
    }
  }
  waiting_.clear();
  keys_.clear();
}

caf::result<admission_answered> key_limits_actor::admit(const admit_request& order) {
  auto& known = keys_.try_emplace(order.key->id, source_.utc_offset).first->second;
  if (must_wait_for_store(known, *order.key)) {
    known.early.push_back({order, make_response_promise()});
    return known.early.back().promise;
  }
  if (auto answer = try_admit(known, order)) return *std::move(answer);
  auto promise = make_response_promise();
  wait_in_queue(order, promise);
  return promise;
}

std::optional<admission_answered> key_limits_actor::try_admit(known_key& known,
                                                              const admit_request& order) {
  const auto& key = *order.key;
  const auto decided =
      known.queue.admit(order.place, key.limits, order.estimate, order.deadline, moment_now());
  if (!decided) return std::nullopt;
  return answer_of(key.id, *decided, false);
}

void key_limits_actor::wait_in_queue(const admit_request& order, caf::response_promise promise) {
  schedule_sweep();
  waiting_.emplace(order.place, waiter{order.key->id, std::move(promise)});
  metrics_.waiting.add(home().index(), {key_queue_label}, 1);
}

bool key_limits_actor::must_wait_for_store(known_key& known, const relay::api_key& key) {
  if (!known.queue.costs().needs_sums(key.limits, wall_now())) return false;
  if (known.asking == 0 && steady_now() >= known.ask_again) ask_store(known, key);
  return known.asking != 0 && known.is_patient;
}

void key_limits_actor::ask_store(known_key& known, const relay::api_key& key) {
  known.asking = ++questions_;
  if (known.is_patient) delayed_send(this, store_patience, costs_overdue{key.id, known.asking});
  const auto question = known.queue.costs().ask(key.limits, wall_now());
  ask_key_costs(*this, source_, key.id, question,
                [this, id = key.id, question](const result<relay::cost_sums>& sums) {
                  take_in(id, question, sums);
                });
}

void key_limits_actor::take_in(const key_id& key, const relay::cost_question& question,
                               const result<relay::cost_sums>& sums) {
  auto& known = keys_.at(key);  // not forgotten while it is asked about
  known.asking = 0;
  if (sums) {
    known.is_patient = known.queue.costs().take_in(question, *sums, wall_now());
    known.retry = known.is_patient ? std::clamp(2 * known.retry, incomplete_retry, retry_max)
                                   : std::chrono::milliseconds(0);
    known.ask_again = steady_now() + known.retry;
  } else {
    log::warn("what a key has used could not be read; its limits hold for what is known",
              {{"key", key.value()}, {"reason", sums.error().text}});
    known.is_patient = false;
    known.ask_again = steady_now() + store_patience;
  }
  admit_early(known);
}

void key_limits_actor::go_on_without(const costs_overdue& fact) {
  const auto found = keys_.find(fact.key);
  if (found == keys_.end() || found->second.asking != fact.question) return;
  found->second.is_patient = false;
  admit_early(found->second);
}

void key_limits_actor::admit_early(known_key& known) {
  for (auto& each : std::exchange(known.early, {})) {
    if (auto answer = try_admit(known, each.order)) {
      each.promise.deliver(*std::move(answer));
    } else {
      wait_in_queue(each.order, std::move(each.promise));
    }
  }
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
  const auto found = keys_.find(order.key);
  if (found == keys_.end()) return;
  auto& queue = found->second.queue;
  if (order.used) {
    queue.settle(order.id, *order.used, moment_now());
  } else {
    queue.cancel(order.id, moment_now());
  }
  decide(order.key, queue);
}

window_shown key_limits_actor::show(const show_window& order) const {
  const auto found = keys_.find(order.key);
  if (found == keys_.end()) return {};
  return {found->second.queue.limiter().window().use(moment_now())};
}

void key_limits_actor::decide(const key_id& key, relay::key_queue& queue) {
  if (queue.waiting() == 0) return;
  for (const auto& each : queue.decide(moment_now())) {
    auto told = waiting_.extract(each.who);
    metrics_.waiting.add(home().index(), {key_queue_label}, -1);
    told.mapped().promise.deliver(answer_of(key, each.admitted, true));
  }
}

void key_limits_actor::leave(place_number place) {
  auto gone = waiting_.extract(place);
  if (gone.empty()) return leave_early(place);
  metrics_.waiting.add(home().index(), {key_queue_label}, -1);
  keys_.at(gone.mapped().key).queue.leave(place);
  gone.mapped().promise.deliver(
      admission_answered{internal_error(error_code::cancelled, "the client has left"), true});
}

void key_limits_actor::leave_early(place_number place) {
  for (auto& [key, known] : keys_) {
    std::erase_if(known.early, [&](early_request& each) {
      if (each.order.place != place) return false;
      each.promise.deliver(
          admission_answered{internal_error(error_code::cancelled, "the client has left"), true});
      return true;
    });
  }
}

void key_limits_actor::schedule_sweep() {
  if (!std::exchange(sweep_scheduled_, true)) delayed_send(this, deadline_check, queue_due{});
}

// Those whose time is over are turned away.
void key_limits_actor::sweep() {
  sweep_scheduled_ = false;
  for (auto& [key, known] : keys_) decide(key, known.queue);
  if (!waiting_.empty()) schedule_sweep();
}

void key_limits_actor::forget_idle() {
  const auto now = steady_now();
  std::erase_if(keys_, [now](const auto& entry) {
    return entry.second.asking == 0 && entry.second.queue.idle(now);
  });
  delayed_send(this, forget_interval, forget_idle_keys{});
}

const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key) {
  return owners[std::hash<key_id>{}(key) % owners.size()];
}

}  // namespace baton::actors
