// Admits the requests of keys that have limits, and lets those wait that may. One per worker; every
// key belongs to exactly one of them (key_limits_owner()), which therefore counts exactly however
// many requests come at once.
//
// What a key's requests have cost outlives this actor in the store. It asks for that when it first
// sees a key with such a limit, and lets the key's requests wait for the answer, for a second at
// most: a store that is slow or down must not stop them. Until it has answered, the limits hold for
// what has been seen here, and every further request has it asked again (relay/cost_limiter.hpp
// says why nothing is counted twice).
#pragma once

#include <unordered_map>
#include <vector>

#include "actors/key_cost_inquiry.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/key_queue.hpp"

namespace baton::actors {

class key_limits_actor final : public runtime::pinned_actor {
 public:
  key_limits_actor(caf::actor_config& config, runtime::worker& home,
                   metrics::relay_metrics& metrics, key_usage_source source = {});

  const char* name() const override { return "key_limits"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct waiter {
    key_id key;
    caf::response_promise promise;
  };
  // A request that waits for the store's answer.
  struct early_request {
    admit_request order;
    caf::response_promise promise;
  };
  struct known_key {
    explicit known_key(std::chrono::hours utc_offset) : queue(utc_offset) {}

    relay::key_queue queue;
    std::uint64_t asking = 0;            // number of the question on its way; 0: there is none
    bool is_patient = true;              // requests wait for the answer
    steady_time ask_again{};             // not before
    std::chrono::milliseconds retry{0};  // the time until then; longer each time
    std::vector<early_request> early;
  };

  caf::result<admission_answered> admit(const admit_request& order);
  std::optional<admission_answered> try_admit(known_key& known, const admit_request& order);
  void wait_in_queue(const admit_request& order, caf::response_promise promise);
  bool must_wait_for_store(known_key& known, const relay::api_key& key);
  void ask_store(known_key& known, const relay::api_key& key);
  void take_in(const key_id& key, const relay::cost_question& question,
               const result<relay::cost_sums>& sums);
  void go_on_without(const costs_overdue& fact);
  void admit_early(known_key& known);
  admission_answered answer_of(const key_id& key, const result<relay::reservation_id>& admitted,
                               bool waited);
  void settle(const settle_reservation& order);
  window_shown show(const show_window& order) const;
  void decide(const key_id& key, relay::key_queue& queue);
  void leave(place_number place);
  void leave_early(place_number place);
  void sweep();
  void schedule_sweep();
  void forget_idle();

  metrics::relay_metrics& metrics_;
  const key_usage_source source_;
  std::unordered_map<key_id, known_key> keys_;  // used lately
  std::unordered_map<place_number, waiter> waiting_;
  std::uint64_t questions_ = 0;
  bool sweep_scheduled_ = false;
};

// Which of the workers' limit actors owns a key.
const caf::actor& key_limits_owner(const std::vector<caf::actor>& owners, const key_id& key);

}  // namespace baton::actors
