#include "actors/directory_actor.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <unordered_set>

#include "actors/runtime/coordinator.hpp"
#include "base/log.hpp"

namespace baton::actors {

directory_actor::directory_actor(caf::actor_config& config, runtime::worker& home,
                                 caf::actor storage, std::vector<caf::actor> schedulers,
                                 const account_surroundings& around)
    : pinned_actor(config, home),
      storage_(std::move(storage)),
      schedulers_(std::move(schedulers)),
      around_(around) {}

caf::behavior directory_actor::make_behavior() {
  set_down_handler([this](caf::down_msg& down) { restart(down.source); });
  send(storage_, subscribe_directory{caf::actor(this)});
  return {
      [this](const directory_loaded& fact) { apply(*fact.content); },
      [this](await_directory) -> caf::result<directory_ready> {
        if (loaded_) return directory_ready{};
        waiting_.push_back(make_response_promise());
        return waiting_.back();
      },
  };
}

void directory_actor::on_exit() {
  runtime::fail_all(waiting_);
  for (auto& [id, known] : accounts_) {
    demonitor(known.actor);
    caf::anon_send_exit(known.actor, caf::exit_reason::user_shutdown);
  }
  accounts_.clear();
}

void directory_actor::apply(const storage::directory& content) {
  const auto keys = std::make_shared<const relay::key_directory>(content.keys);
  std::unordered_set<account_id> stored;
  for (const auto& account : content.accounts) {
    stored.insert(account.id);
    take_in(account);
  }
  std::erase_if(accounts_, [&](const auto& entry) {
    if (stored.contains(entry.first)) return false;
    demonitor(entry.second.actor);
    send_exit(entry.second.actor, caf::exit_reason::user_shutdown);
    return true;
  });
  publish_accounts();
  for (const auto& scheduler : schedulers_) send(scheduler, keys_changed{keys});

  loaded_ = true;
  for (auto& promise : waiting_) promise.deliver(directory_ready{});
  waiting_.clear();
}

void directory_actor::take_in(const relay::account& stored) {
  const auto known = accounts_.find(stored.id);
  if (known != accounts_.end() && known->second.account->config.updated_at == stored.updated_at) {
    return;
  }
  auto prepared = relay::prepare_account(stored);
  if (!prepared) {
    log::error("account cannot be used",
               {{"account", stored.name}, {"reason", prepared.error().text}});
    return;
  }
  auto account = std::make_shared<const relay::ready_account>(std::move(*prepared));
  if (known == accounts_.end()) {
    auto& added = accounts_[stored.id];
    added.account = account;
    added.slots = std::make_shared<account_slots>();
    spawn_account(added);
  } else {
    known->second.account = account;
    send(known->second.actor, reconfigure_account{account});
  }
}

void directory_actor::spawn_account(known_account& known) {
  auto& workers = runtime::workers_of(system());
  auto& home = workers.at(std::hash<account_id>{}(known.account->config.id) % workers.size());
  known.actor =
      runtime::spawn_on<account_actor>(home, known.account, std::cref(around_), known.slots);
  monitor(known.actor);
}

// An account actor that died by a fault is replaced; the slots it had granted stay taken for as
// long as their leases live.
void directory_actor::restart(const caf::actor_addr& dead) {
  const auto known = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& entry) {
    return entry.second.actor.address() == dead;
  });
  if (known == accounts_.end()) return;
  log::error("account actor failed and is restarted",
             {{"account", known->second.account->config.name}});
  spawn_account(known->second);
  publish_accounts();
}

void directory_actor::publish_accounts() {
  accounts_changed change;
  for (const auto& [id, known] : accounts_) {
    change.accounts.push_back(known.account);
    change.owners.emplace(id, known.actor);
  }
  for (const auto& observer : around_.observers) send(observer, change);
}

}  // namespace baton::actors
