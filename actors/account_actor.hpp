// The only owner of what is true about one account while Baton runs: its taken slots and its
// cooldown. Spawned by the directory, lives until the account is removed. Every change is published
// to the schedulers of all workers.
#pragma once

#include <map>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "metrics/relay_metrics.hpp"

namespace baton::actors {

class account_actor final : public runtime::pinned_actor {
 public:
  account_actor(caf::actor_config& config, runtime::worker& home, relay::ready_account_ptr account,
                std::vector<caf::actor> schedulers, metrics::relay_metrics& metrics);

  const char* name() const override { return "account"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  lease_answered grant(const acquire_lease& order);
  void take_back(std::uint64_t number);
  void check_up();
  bool reclaim_from_the_dead();
  void cool_down(const relay::verdict& verdict);
  void reconfigure(relay::ready_account_ptr account);
  bool is_full() const;
  void publish();

  relay::ready_account_ptr account_;
  const std::vector<caf::actor> schedulers_;
  metrics::relay_metrics& metrics_;
  std::map<std::uint64_t, caf::actor_addr> leases_;  // number -> owner; at most the limit
  std::uint64_t next_lease_ = 1;
  steady_time cooling_until_{};
  bool published_as_cooling_ = false;
};

}  // namespace baton::actors
