// The only owner of what is true about one account while Baton runs: its taken slots, its absences,
// its circuit and what it has used today. Spawned by the directory, lives until the account is
// removed. Every change is published to the schedulers of all workers and to the waiting room.
#pragma once

#include <caf/response_promise.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "actors/account_slots.hpp"
#include "actors/admin_messages.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/circuit_breaker.hpp"

namespace baton::actors {

// What all account actors share. Outlives them.
struct account_surroundings {
  std::vector<caf::actor> observers;  // who is told of every change: schedulers, waiting room
  caf::actor waiting_room;            // is offered what a full account has free; may be null
  caf::actor storage;                 // knows what was used before; may be null
  metrics::relay_metrics& metrics;
  relay::circuit_settings circuit;
  std::chrono::seconds lease_max{3660};  // no request lasts so long
  std::chrono::hours utc_offset{0};      // at its midnight the day of the quotas begins
};

class account_actor final : public runtime::pinned_actor {
 public:
  // `slots`: what a predecessor that failed has granted, or none.
  account_actor(caf::actor_config& config, runtime::worker& home, relay::ready_account_ptr account,
                const account_surroundings& around, std::shared_ptr<account_slots> slots);

  const char* name() const override { return "account"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct absence {
    steady_time until{};
    relay::account_state reason = relay::account_state::cooling_down;
  };

  struct pending_lease {
    acquire_lease order;
    caf::response_promise promise;
  };

  caf::result<lease_answered> answer(const acquire_lease& order);
  lease_answered grant(const acquire_lease& order);
  std::shared_ptr<lease> make_lease(account_slots::number number,
                                    const std::shared_ptr<account_slots::slot>& slot);
  void take_back(account_slots::number number);
  void notice_lost_probe();
  void offer_slot();
  void settle_offer();
  void answer_next_pending();
  void check();
  void note_failure(const account_failed& fact);
  void stay_away(const relay::verdict& verdict, steady_time now);
  void note_circuit_failure(const account_failed& fact, steady_time now);
  void count_attempt();
  std::uint32_t take_attempts(steady_time now);
  void note_success();
  void count(const usage_counted& fact);
  void begin_day();
  void take_in_day(std::uint64_t asked, const usage_found& found);
  void reconfigure(relay::ready_account_ptr account);
  void begin_afresh();
  account_reported report() const;
  bool is_full() const;
  bool is_on_probation(steady_time now) const;
  bool is_over_quota() const;
  relay::account_status status() const;
  relay::account_state state_of(const relay::account_status& status) const;
  void publish();
  void publish_state(const relay::account_status& status);
  void publish_inflight();

  relay::ready_account_ptr account_;
  const account_surroundings& around_;
  const std::shared_ptr<account_slots> slots_;
  relay::circuit_breaker circuit_;
  std::optional<account_slots::number> probe_;  // slot of the newest request that tries the circuit
  // Slots that the waiting room is being asked about, and those who asked meanwhile: at most one
  // for each, so that nobody is refused for a slot that nobody has.
  std::size_t offers_ = 0;
  std::deque<pending_lease> pending_;
  absence absence_;
  std::array<steady_time, relay::model_families.size()> family_until_{};
  relay::usage_amount used_today_;
  std::chrono::sys_days day_{};  // that used_today_ is of
  steady_time day_end_{};
  std::uint64_t day_asked_ = 0;  // number of the newest question to the store
  // Tries that were granted a slot, and have ended since a failure was last counted.
  std::uint32_t attempts_ = 0;
  steady_time attempts_since_{};
  std::optional<relay::account_status> published_;
  std::optional<relay::account_state> published_state_;
};

}  // namespace baton::actors
