// Chooses accounts for the requests of one worker, out of its own copy of every account's state.
// One per worker, so that choosing is a message on the same thread. The directory tells it who is
// there, the account actors what has changed.
#pragma once

#include <unordered_map>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/worker_view.hpp"
#include "relay/account_pool.hpp"

namespace baton::actors {

class scheduler_actor final : public runtime::pinned_actor {
 public:
  // `view` is kept current for the sessions of this worker and must outlive the actor.
  scheduler_actor(caf::actor_config& config, runtime::worker& home, worker_view& view);

  const char* name() const override { return "scheduler"; }
  caf::behavior make_behavior() override;
  // The accounts hold the schedulers' handles too; one side must let go.
  void on_exit() override { owners_.clear(); }

 private:
  account_chosen choose(const choose_account& wish);
  void replace_accounts(accounts_changed& change);

  worker_view& view_;
  relay::account_pool pool_;
  std::unordered_map<account_id, caf::actor> owners_;
};

}  // namespace baton::actors
