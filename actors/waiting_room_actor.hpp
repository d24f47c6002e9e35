// Where requests wait while every account that could serve them is full. One per process, so that
// the order is fair whichever workers the requests came to: in turn by key, see
// relay/fair_queue.hpp.
//
// A full account offers each slot that comes free here before anybody else can have it. Those who
// wait are also told when an account becomes available in another way, and then choose again; a few
// times a second it is looked whether that went unnoticed.
#pragma once

#include <unordered_map>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/account_pool.hpp"
#include "relay/fair_queue.hpp"

namespace baton::actors {

class waiting_room_actor final : public runtime::pinned_actor {
 public:
  waiting_room_actor(caf::actor_config& config, runtime::worker& home,
                     const relay::fair_queue::settings& limits, metrics::relay_metrics& metrics);

  const char* name() const override { return "waiting_room"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct waiter {
    choose_account wish;
    place_number place = 0;
    caf::response_promise promise;
  };
  using ticket = relay::fair_queue::ticket;

  caf::result<slot_answered> seat(await_slot& order);
  offer_answered offer(slot_offered& offer);
  void update(const account_status_changed& change);
  void wake_for(const account_id& account);
  bool could_have(ticket who, const account_id& account) const;
  void leave(place_number place);
  void sweep();
  void schedule_sweep();
  void turn_away_late();
  void wake_overlooked();
  void answer(ticket who, slot_answered reply);
  relay::choice_request request_of(const choose_account& wish) const;
  void publish();

  metrics::relay_metrics& metrics_;
  relay::account_pool pool_;
  relay::fair_queue queue_;
  std::unordered_map<ticket, waiter> waiting_;
  std::unordered_map<place_number, ticket> places_;
  std::size_t published_ = 0;
  bool sweep_scheduled_ = false;
};

}  // namespace baton::actors
