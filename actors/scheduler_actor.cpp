#include "actors/scheduler_actor.hpp"

namespace baton::actors {

scheduler_actor::scheduler_actor(caf::actor_config& config, runtime::worker& home,
                                 worker_view& view)
    : pinned_actor(config, home), view_(view) {}

caf::behavior scheduler_actor::make_behavior() {
  return {
      [this](const choose_account& wish) { return choose(wish); },
      [this](accounts_changed& change) { replace_accounts(change); },
      [this](const account_status_changed& change) { pool_.update(change.id, change.status); },
      [this](keys_changed& change) { view_.keys = std::move(change.keys); },
      [this](const account_to_blame& fact) {
        if (const auto owner = owners_.find(fact.id); owner != owners_.end()) {
          send(owner->second, account_failed{fact.verdict});
        }
      },
      [this](check_accounts) { return accounts_checked{pool_.any_usable(steady_now())}; },
  };
}

account_chosen scheduler_actor::choose(const choose_account& wish) {
  auto chosen = pool_.choose({
      .protocol = wish.protocol,
      .model = wish.model,
      .bound_account = wish.bound_account ? &*wish.bound_account : nullptr,
      .excluded = wish.excluded,
      .now = steady_now(),
  });
  if (!chosen || (*chosen)->config.concurrency_limit == 0) return {std::move(chosen), nullptr};
  const auto owner = owners_.find((*chosen)->config.id);
  return {std::move(chosen), owner == owners_.end() ? caf::actor{} : owner->second};
}

void scheduler_actor::replace_accounts(accounts_changed& change) {
  pool_.replace(std::move(change.accounts));
  owners_ = std::move(change.owners);
}

}  // namespace baton::actors
