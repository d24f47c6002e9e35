#include "actors/waiting_room_actor.hpp"

namespace baton::actors {
namespace {

// How late a waiter may hear that its time is over, or that an account can be had after all.
constexpr std::chrono::milliseconds sweep_interval{100};
constexpr int looked_at_max = 100;         // waiters, in one sweep
constexpr std::size_t accounts_queue = 0;  // label of the metric

}  // namespace

waiting_room_actor::waiting_room_actor(caf::actor_config& config, runtime::worker& home,
                                       const relay::fair_queue::settings& limits,
                                       metrics::relay_metrics& metrics)
    : pinned_actor(config, home), metrics_(metrics), queue_(limits) {}

caf::behavior waiting_room_actor::make_behavior() {
  return {
      [this](await_slot& order) { return seat(order); },
      [this](slot_offered& fact) { return offer(fact); },
      [this](const leave_queue& order) { leave(order.place); },
      [this](accounts_changed& change) {
        pool_.replace(std::move(change.accounts));
        for (const auto& [id, owner] : change.owners) wake_for(id);
      },
      [this](const account_status_changed& change) { update(change); },
      [this](queue_due) { sweep(); },
  };
}

void waiting_room_actor::on_exit() {
  for (auto& [who, each] : waiting_) {
    each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  waiting_.clear();
}

relay::choice_request waiting_room_actor::request_of(const choose_account& wish) const {
  return {.protocol = wish.protocol,
          .model = wish.model,
          .key = wish.key.get(),
          .failed = wish.failed,
          .only = wish.only ? &*wish.only : nullptr,
          .now = steady_now()};
}

caf::result<slot_answered> waiting_room_actor::seat(await_slot& order) {
  // What the asker's scheduler saw may have changed on the way here.
  auto choice = pool_.choose(request_of(order.wish));
  if (choice.account) return slot_answered{std::shared_ptr<lease>(), nullptr};
  const auto now = steady_now();
  if (!choice.may_wait || order.deadline <= now) {
    return slot_answered{std::move(choice.refusal), nullptr};
  }
  const auto& key = *order.wish.key;
  const auto joined =
      queue_.join({.key = key.id, .priority = key.queue_priority, .deadline = order.deadline}, now);
  if (!joined) return slot_answered{joined.error(), nullptr};
  schedule_sweep();
  places_.emplace(order.place, *joined);
  auto promise = make_response_promise();
  waiting_.emplace(*joined, waiter{std::move(order.wish), order.place, promise});
  publish();
  return promise;
}

// A slot goes to whoever's turn it is among those who can use it.
offer_answered waiting_room_actor::offer(slot_offered& offer) {
  const auto& id = offer.account->config.id;
  const auto next = queue_.take([&](ticket who) { return could_have(who, id); }, steady_now());
  if (!next) {
    offer.taken->declined = true;
    offer.slot.reset();  // which gives it back
    return {};
  }
  answer(*next, {std::move(offer.slot), std::move(offer.account)});
  return {};
}

bool waiting_room_actor::could_have(ticket who, const account_id& account) const {
  auto request = request_of(waiting_.at(who).wish);
  request.trust_full = false;  // this very slot is free
  return pool_.assess(account, request) == relay::account_pool::standing::usable;
}

void waiting_room_actor::update(const account_status_changed& change) {
  pool_.update(change.id, change.status);
  const bool away = change.status.away_until > steady_now();
  if (!change.status.full && !away && !waiting_.empty()) wake_for(change.id);
}

// An account can be had that could not: as many of those who wait choose again as it has slots. Who
// then finds it full comes back here.
void waiting_room_actor::wake_for(const account_id& account) {
  auto slots = pool_.must_ask(account) ? std::size_t{1} : waiting_.size();  // one may probe
  if (const auto limit = pool_.concurrency_limit(account); limit > 0) {
    slots = std::min<std::size_t>(slots, limit);
  }
  const auto usable = [&](ticket who) {
    const auto found = waiting_.find(who);
    return pool_.assess(account, request_of(found->second.wish)) ==
           relay::account_pool::standing::usable;
  };
  for (; slots > 0; --slots) {
    const auto next = queue_.take(usable, steady_now());
    if (!next) return;
    answer(*next, {std::shared_ptr<lease>(), nullptr});
  }
}

void waiting_room_actor::leave(place_number place) {
  const auto found = places_.find(place);
  if (found == places_.end()) return;
  const auto who = found->second;
  queue_.leave(who);
  answer(who, {internal_error(error_code::cancelled, "the client has left"), nullptr});
}

void waiting_room_actor::schedule_sweep() {
  if (!std::exchange(sweep_scheduled_, true)) delayed_send(this, sweep_interval, queue_due{});
}

void waiting_room_actor::sweep() {
  sweep_scheduled_ = false;
  turn_away_late();
  wake_overlooked();
  if (!waiting_.empty()) schedule_sweep();
}

void waiting_room_actor::turn_away_late() {
  const auto now = steady_now();
  for (const auto who : queue_.expired(now)) {
    auto late = internal_error(error_code::rate_limited,
                               "All accounts stayed at their concurrency limit while this request "
                               "waited. Please try again later");
    const auto& key = *waiting_.at(who).wish.key;
    late.retry_after = queue_.expected_wait({.key = key.id, .priority = key.queue_priority}, now);
    late.limit = limit_kind::queue;
    answer(who, {std::move(late), nullptr});
  }
}

// No message tells of the end of an absence; and whoever was woken for an account may have ended
// before it could ask for it.
void waiting_room_actor::wake_overlooked() {
  int looked_at = 0;
  for (const auto& [who, each] : waiting_) {
    if (++looked_at > looked_at_max) return;
    const auto choice = pool_.choose(request_of(each.wish));
    if (choice.account) return wake_for(choice.account->config.id);
  }
}

void waiting_room_actor::answer(ticket who, slot_answered reply) {
  auto found = waiting_.extract(who);
  places_.erase(found.mapped().place);
  found.mapped().promise.deliver(std::move(reply));
  publish();
}

void waiting_room_actor::publish() {
  const auto change = static_cast<std::int64_t>(waiting_.size()) -
                      static_cast<std::int64_t>(std::exchange(published_, waiting_.size()));
  metrics_.waiting.add(home().index(), {accounts_queue}, change);
}

}  // namespace baton::actors
