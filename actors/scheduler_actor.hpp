// Chooses accounts for the requests of one worker, out of its own copy of every account's state and
// of every session's account. One per worker, so that choosing is a message on the same thread. The
// directory tells it who is there, the account actors what has changed, and the schedulers of the
// other workers which sessions they have bound.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/admin_messages.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/worker_view.hpp"
#include "relay/account_pool.hpp"
#include "relay/session_table.hpp"

namespace baton::actors {

class scheduler_actor final : public runtime::pinned_actor {
 public:
  // `view` is kept current for the sessions of this worker and must outlive the actor.
  scheduler_actor(caf::actor_config& config, runtime::worker& home, worker_view& view,
                  const relay::session_settings& sessions = {});

  const char* name() const override { return "scheduler"; }
  caf::behavior make_behavior() override;
  // The accounts and schedulers hold the schedulers' handles too; one side must let go.
  void on_exit() override;

 private:
  using standing = relay::account_pool::standing;

  account_chosen choose(const choose_account& wish);
  void choose_keeper(const relay::session_facts& session, relay::choice_request& request,
                     account_chosen& chosen);
  void keep_answer(answer_kept& fact);
  void pass_on(const relay::session_facts& session, const account_id& account, steady_time since);
  relay::choice choose_for_session(const relay::session_facts& session,
                                   relay::choice_request& request);
  standing follow(const relay::session_facts& session, const account_id* bound,
                  relay::choice_request& request) const;
  choice_explained explain(const choose_account& wish);
  caf::result<account_states_listed> list_states();
  account_found find(const account_id& id) const;
  void bind(const relay::session_key& session, const account_id& account, steady_time since,
            steady_time now);
  void replace_accounts(accounts_changed& change);
  void blame(const account_to_blame& fact);
  template <class Message>
  void tell_account(const account_id& id, Message message);
  template <class Message>
  void tell_others(const Message& message);

  worker_view& view_;
  relay::account_pool pool_;
  relay::session_table sessions_;
  relay::session_table answers_;  // that accounts keep, by their ids
  std::unordered_map<account_id, caf::actor> owners_;
  std::vector<caf::actor> others_;  // schedulers of the other workers
};

}  // namespace baton::actors
