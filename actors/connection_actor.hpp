// One client connection: runs its session (the bytes' side, net::session) and asks the other actors
// what the session wants to know. Lives on the connection's worker from accept to close.
//
// Killing it destroys the session, and with it every lease and reservation the session held.
#pragma once

#include <memory>
#include <vector>

#include "actors/drivers.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"

namespace baton::actors {

// Whom connections of one worker talk to. Outlives them.
struct connection_peers {
  caf::actor scheduler;                 // of this worker
  caf::actor aggregator;                // of this worker
  std::vector<caf::actor> limits;       // of all workers, see key_limits_owner()
  std::vector<caf::actor> aggregators;  // of all workers
  std::vector<caf::actor> schedulers;   // of all workers
  caf::actor directory;
  caf::actor admin;
  caf::actor storage;
  caf::actor ledger;
  caf::actor waiting_room;                // null: nobody waits for accounts
  std::chrono::milliseconds wait_max{0};  // for a slot of a key or an account
  metrics::relay_metrics* metrics = nullptr;
};

class connection_actor final : public runtime::pinned_actor, public session_port {
 public:
  connection_actor(caf::actor_config& config, runtime::worker& home, const connection_peers& peers,
                   std::unique_ptr<session_driver> session);

  const char* name() const override { return "connection"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

  task<result<admission>> admit(const relay::api_key_ptr& key,
                                relay::usage_estimate estimate) override;
  task<result<leased_account>> lease_account(account_wish wish) override;
  void stop_waiting() override;
  void report_failure(const relay::ready_account_ptr& account, const relay::verdict& verdict,
                      bool probe) override;
  void confirm_failure(const relay::ready_account_ptr& account, const relay::verdict& verdict,
                       bool probe) override;
  void report_success(const leased_account& leased) override;
  void answer_stored(const relay::session_key& own, const relay::session_key& anyones,
                     const account_id& account) override;
  task<result<relay::model_offer>> models(const relay::api_key_ptr& key) override;
  task<result<relay::choice_explanation>> explain(account_wish wish) override;
  task<result<std::vector<relay::account_report>>> account_states() override;
  task<result<void>> reset_account(account_id id) override;
  task<result<void>> write_record(relay::request_record ended) override;
  void key_first_used(const key_id& key, wall_time when) override;
  void record(relay::request_record&& ended) override;
  task<result<std::vector<storage::usage_sum>>> usage(storage::usage_query query) override;
  task<result<storage::ledger_page>> recorded_requests(storage::record_query query) override;
  task<result<admin::step>> administer(std::shared_ptr<const admin::request> asked,
                                       admin::findings found) override;
  task<result<void>> reload_directory() override;
  task<result<void>> flush_usage() override;
  task<result<relay::window_use>> window_of(const key_id& key) override;
  task<result<void>> readiness() override;
  void finished() override;

 private:
  class queue_place;

  task<result<slot_answered>> wait_for_slot(const account_wish& wish, steady_time deadline);

  const connection_peers& peers_;
  queue_place* waiting_ = nullptr;  // of the ask that runs
  bool stopped_ = false;            // stop_waiting() was called since lease_account() began
  std::unique_ptr<session_driver> session_;
};

}  // namespace baton::actors
