// Turns what is stored into what is in force: hands the keys to every worker, keeps one account
// actor per account and tells the schedulers who is there. Runs once per process.
#pragma once

#include <unordered_map>
#include <vector>

#include "actors/account_actor.hpp"
#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"

namespace baton::actors {

class directory_actor final : public runtime::pinned_actor {
 public:
  // `around` is handed to the account actors; its observers hear of accounts, `schedulers` of keys.
  directory_actor(caf::actor_config& config, runtime::worker& home, caf::actor storage,
                  std::vector<caf::actor> schedulers, const account_surroundings& around);

  const char* name() const override { return "directory"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct known_account {
    relay::ready_account_ptr account;
    std::shared_ptr<account_slots> slots;  // taken, whichever actor granted them
    caf::actor actor;
  };

  void apply(const storage::directory& content);
  void take_in(const relay::account& stored);
  void spawn_account(known_account& known);
  void restart(const caf::actor_addr& dead);
  void publish_accounts();

  const caf::actor storage_;
  const std::vector<caf::actor> schedulers_;
  const account_surroundings& around_;
  std::unordered_map<account_id, known_account> accounts_;
  bool loaded_ = false;
  std::vector<caf::response_promise> waiting_;  // for the first content
};

}  // namespace baton::actors
