#include "actors/account_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace baton::actors {
namespace {

constexpr std::chrono::seconds reclaim_interval{1};
constexpr std::chrono::seconds full_retry_after{1};

bool has_died(const caf::actor_addr& address) {
  const auto strong = caf::actor_cast<caf::strong_actor_ptr>(address);
  return !strong || strong->get()->getf(caf::abstract_actor::is_terminated_flag);
}

}  // namespace

account_actor::account_actor(caf::actor_config& config, runtime::worker& home,
                             relay::ready_account_ptr account, std::vector<caf::actor> schedulers,
                             metrics::relay_metrics& metrics)
    : pinned_actor(config, home),
      account_(std::move(account)),
      schedulers_(std::move(schedulers)),
      metrics_(metrics) {}

caf::behavior account_actor::make_behavior() {
  delayed_send(this, reclaim_interval, reclaim_leases{});
  publish();
  return {
      [this](const acquire_lease& order) { return grant(order); },
      [this](const release_lease& order) { take_back(order.number); },
      [this](const account_failed& fact) { cool_down(fact.verdict); },
      [this](reconfigure_account& order) { reconfigure(std::move(order.account)); },
      [this](reclaim_leases) { check_up(); },
  };
}

void account_actor::on_exit() {
  metrics_.forget_account(account_->config.name);
}

lease_answered account_actor::grant(const acquire_lease& order) {
  if (is_full()) {
    auto full = internal_error(error_code::rate_limited,
                               "All available accounts have reached their concurrency limit. "
                               "Please try again later");
    full.retry_after = full_retry_after;
    return {std::move(full)};
  }
  const auto number = next_lease_++;
  leases_.emplace(number, order.owner);
  publish();
  auto slot = std::make_shared<lease>([self = caf::actor_cast<caf::actor_addr>(this), number] {
    if (auto account = caf::actor_cast<caf::actor>(self)) {
      caf::anon_send(account, release_lease{number});
    }
  });
  return {std::move(slot)};
}

void account_actor::take_back(std::uint64_t number) {
  if (leases_.erase(number) > 0) publish();
}

// Schedulers see by themselves that a cooldown is over, the metric of the account's state does not.
void account_actor::check_up() {
  const bool cooled_down = published_as_cooling_ && cooling_until_ <= steady_now();
  if (reclaim_from_the_dead() || cooled_down) publish();
  delayed_send(this, reclaim_interval, reclaim_leases{});
}

// A lease gives itself back when its session ends. This is for the session that could not: its
// actor was killed in a way that ran no destructor.
bool account_actor::reclaim_from_the_dead() {
  return std::erase_if(leases_, [](const auto& entry) { return has_died(entry.second); }) > 0;
}

void account_actor::cool_down(const relay::verdict& verdict) {
  if (verdict.blame) {
    metrics_.add_upstream_error(account_->config.name, relay::to_string(*verdict.blame));
  }
  const auto until = steady_now() + verdict.cooldown;
  if (verdict.cooldown.count() == 0 || until <= cooling_until_) return;
  cooling_until_ = until;
  publish();
}

// A changed account starts afresh: its operator may just have mended what it was cooling down for.
void account_actor::reconfigure(relay::ready_account_ptr account) {
  if (account->config.name != account_->config.name) {
    metrics_.forget_account(account_->config.name);
  }
  account_ = std::move(account);
  cooling_until_ = {};
  publish();
}

bool account_actor::is_full() const {
  const auto limit = account_->config.concurrency_limit;
  return limit > 0 && leases_.size() >= limit;
}

void account_actor::publish() {
  const account_status_changed change{account_->config.id, {cooling_until_, is_full()}};
  for (const auto& scheduler : schedulers_) send(scheduler, change);
  published_as_cooling_ = cooling_until_ > steady_now();
  const auto& name = account_->config.name;
  metrics_.account_inflight(name, static_cast<std::int64_t>(leases_.size()));
  metrics_.account_state(name, published_as_cooling_ ? "cooling_down"
                               : is_full()           ? "full"
                                                     : "active");
}

}  // namespace baton::actors
