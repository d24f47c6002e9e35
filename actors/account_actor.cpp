#include "actors/account_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace baton::actors {
namespace {

using relay::account_state;

constexpr std::chrono::seconds check_up_interval{1};
constexpr std::chrono::seconds full_retry_after{1};

std::chrono::sys_days day_of(wall_time moment, std::chrono::hours utc_offset) {
  return std::chrono::floor<std::chrono::days>(moment + utc_offset);
}

}  // namespace

account_actor::account_actor(caf::actor_config& config, runtime::worker& home,
                             relay::ready_account_ptr account, const account_surroundings& around,
                             std::shared_ptr<account_slots> slots)
    : pinned_actor(config, home),
      account_(std::move(account)),
      around_(around),
      slots_(std::move(slots)),
      circuit_(around.circuit) {}

caf::behavior account_actor::make_behavior() {
  delayed_send(this, check_up_interval, check_up{});
  slots_->reclaim(steady_now());  // what was returned to a predecessor that has died
  begin_day();
  publish();
  return {
      [this](const acquire_lease& order) { return answer(order); },
      [this](offer_answered) { settle_offer(); },
      [this](const release_lease& order) { take_back(order.number); },
      [this](const account_failed& fact) { note_failure(fact); },
      [this](account_succeeded) { note_success(); },
      [this](const usage_counted& fact) { count(fact); },
      [this](reconfigure_account& order) { reconfigure(std::move(order.account)); },
      [this](reset_account) {
        begin_afresh();
        return account_reset{};
      },
      [this](report_account) { return report(); },
      [this](check_up) { check(); },
  };
}

void account_actor::on_exit() {
  for (auto& each : pending_) {
    each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  pending_.clear();
  around_.metrics.forget_account(account_->config.name);
}

caf::result<lease_answered> account_actor::answer(const acquire_lease& order) {
  if (!is_full() || pending_.size() >= offers_) return grant(order);
  pending_.push_back({order, make_response_promise()});
  return pending_.back().promise;
}

lease_answered account_actor::grant(const acquire_lease& order) {
  const auto now = steady_now();
  const bool on_probation = is_on_probation(now);
  const bool refused = is_full() || (on_probation && !circuit_.try_probe(now));
  if (refused) {
    auto full = internal_error(error_code::rate_limited,
                               "All available accounts have reached their concurrency limit. "
                               "Please try again later");
    full.retry_after = full_retry_after;
    return {std::move(full)};
  }
  const auto [number, slot] = slots_->take(order.owner, now + around_.lease_max);
  if (on_probation) probe_ = number;
  publish();
  return {make_lease(number, slot), on_probation};
}

std::shared_ptr<lease> account_actor::make_lease(account_slots::number number,
                                                 const std::shared_ptr<account_slots::slot>& slot) {
  return std::make_shared<lease>([self = caf::actor_cast<caf::actor_addr>(this), number, slot] {
    slot->returned = true;
    if (auto account = caf::actor_cast<caf::actor>(self)) {
      caf::anon_send(account, release_lease{number});
    }
  });
}

void account_actor::take_back(account_slots::number number) {
  const bool was_full = is_full();
  const auto given = slots_->give_back(number);
  if (!given) return;
  if (!given->declined) count_attempt();
  notice_lost_probe();
  if (!pending_.empty() && !is_full()) {
    answer_next_pending();
  } else if (was_full && !is_full() && !given->declined) {
    offer_slot();
  } else {
    publish();
  }
}

// A probe that has ended without telling anything, or with its owner, lets the next request try.
void account_actor::notice_lost_probe() {
  if (!probe_ || slots_->has(*probe_)) return;
  probe_.reset();
  circuit_.probe_abandoned();
}

// Those who wait come first: the slot counts as taken until one of them has it or nobody wants it.
// While the circuit is to be tried, they must ask for it like everybody.
void account_actor::offer_slot() {
  const auto now = steady_now();
  if (!around_.waiting_room || status().away_until > now || is_on_probation(now)) return publish();
  const auto owner = caf::actor_cast<caf::actor_addr>(around_.waiting_room);
  const auto [number, slot] = slots_->take(owner, now + around_.lease_max);
  ++offers_;
  send(around_.waiting_room, slot_offered{account_, make_lease(number, slot), slot});
}

// A slot that nobody wanted has come back before this.
void account_actor::settle_offer() {
  --offers_;
  while (pending_.size() > offers_) answer_next_pending();
}

void account_actor::answer_next_pending() {
  auto next = std::move(pending_.front());
  pending_.pop_front();
  next.promise.deliver(grant(next.order));
}

// Schedulers see by themselves that an absence is over, the metric of the account's state does not.
// Leases give themselves back; here are those that could not.
void account_actor::check() {
  slots_->reclaim(steady_now());
  notice_lost_probe();
  if (day_of(wall_now(), around_.utc_offset) != day_) begin_day();
  publish();
  publish_inflight();
  delayed_send(this, check_up_interval, check_up{});
}

void account_actor::note_failure(const account_failed& fact) {
  const auto& verdict = fact.verdict;
  if (!verdict.blame) return;
  if (!fact.confirmed) {
    around_.metrics.add_upstream_error(account_->config.name, relay::to_string(*verdict.blame));
    if (verdict.provisional) return;
  }
  const auto now = steady_now();
  stay_away(verdict, now);
  if (relay::counts_for_circuit(*verdict.blame)) {
    note_circuit_failure(fact, now);
  } else if (fact.probe) {
    circuit_.probe_succeeded(now);  // it answers
  }
  publish();
}

void account_actor::stay_away(const relay::verdict& verdict, steady_time now) {
  if (verdict.cooldown.count() == 0) return;
  const auto until = now + verdict.cooldown;
  if (verdict.family) {
    auto& limited = family_until_[*verdict.family];
    limited = std::max(limited, until);
  } else if (until > absence_.until) {
    absence_ = {until, relay::state_after(*verdict.blame)};
  }
}

// What was under way when the circuit opened says nothing of how the account works now.
void account_actor::note_circuit_failure(const account_failed& fact, steady_time now) {
  if (circuit_.at(now) != relay::circuit_breaker::state::closed) {
    if (fact.probe) circuit_.probe_failed(now);
    return;
  }
  const bool asked = account_->config.concurrency_limit > 0;
  circuit_.on_failure(asked ? take_attempts(now) : fact.attempts, now);
}

// An account that is asked for each slot knows its attempts better than the workers do: they count
// what they choose, which may be refused, and not what is granted to those who wait.
void account_actor::count_attempt() {
  const auto now = steady_now();
  if (now - attempts_since_ > around_.circuit.window) {
    attempts_ = 0;
    attempts_since_ = now;
  }
  ++attempts_;
}

std::uint32_t account_actor::take_attempts(steady_time now) {
  const bool recent = now - attempts_since_ <= around_.circuit.window;
  return recent ? std::exchange(attempts_, 0) : 0;
}

void account_actor::note_success() {
  circuit_.probe_succeeded(steady_now());
  publish();
}

// After a store was down over midnight, what comes may be of the day before.
void account_actor::count(const usage_counted& fact) {
  if (fact.hour < wall_time(day_) - around_.utc_offset) return;
  used_today_ += fact.used;
  if (account_->config.quota.any()) publish();
}

// What was used before is asked of the store, which knows all that was told here too.
void account_actor::begin_day() {
  used_today_ = {};
  day_ = day_of(wall_now(), around_.utc_offset);
  const auto end = wall_time(day_ + std::chrono::days(1)) - around_.utc_offset;
  day_end_ = steady_now() + (end - wall_now());
  if (!account_->config.quota.any() || !around_.storage) return;
  query_usage order;
  order.query.accounts = {account_->config.id};
  order.query.from = wall_time(day_) - around_.utc_offset;
  request(around_.storage, caf::infinite, std::move(order))
      .then([this, asked = ++day_asked_](const usage_found& found) { take_in_day(asked, found); },
            [](const caf::error&) {});
}

void account_actor::take_in_day(std::uint64_t asked, const usage_found& found) {
  if (asked != day_asked_ || !found.sums) return;
  used_today_ = {};
  for (const auto& sum : *found.sums) {
    used_today_ += {.tokens = static_cast<std::uint64_t>(sum.tokens.total()),
                    .cost_nanousd = static_cast<std::uint64_t>(sum.cost_nanousd)};
  }
  publish();
}

// A changed account starts afresh: its operator may just have mended what kept it away.
void account_actor::reconfigure(relay::ready_account_ptr account) {
  const auto before = std::exchange(account_, std::move(account));
  if (before->config.name != account_->config.name) {
    around_.metrics.forget_account(before->config.name);
  }
  if (before->config.quota != account_->config.quota) begin_day();
  published_state_.reset();
  begin_afresh();
}

void account_actor::begin_afresh() {
  absence_ = {};
  family_until_ = {};
  circuit_.reset();
  published_.reset();
  publish();
}

account_reported account_actor::report() const {
  const auto now = steady_now();
  const auto moment = [now, wall = wall_now()](steady_time then) {
    return wall + std::chrono::duration_cast<wall_time::duration>(then - now);
  };
  const auto current = status();
  account_reported told;
  auto& report = told.report;
  report.id = account_->config.id;
  report.state = state_of(current);
  if (current.away_until > now) report.back_at = moment(current.away_until);
  for (std::size_t family = 0; family < family_until_.size(); ++family) {
    if (family_until_[family] <= now) continue;
    report.limited.push_back({relay::model_families[family], moment(family_until_[family])});
  }
  report.circuit = circuit_.at(now);
  if (account_->config.concurrency_limit > 0) {
    report.in_flight = static_cast<std::uint32_t>(slots_->taken());
  }
  if (account_->config.quota.any()) report.used_today = used_today_;
  return told;
}

bool account_actor::is_full() const {
  const auto limit = account_->config.concurrency_limit;
  return limit > 0 && slots_->taken() >= limit;
}

bool account_actor::is_on_probation(steady_time now) const {
  return circuit_.at(now) != relay::circuit_breaker::state::closed;
}

bool account_actor::is_over_quota() const {
  const auto& quota = account_->config.quota;
  return (quota.tokens != 0 && used_today_.tokens >= quota.tokens) ||
         (quota.cost_nanousd != 0 && used_today_.cost_nanousd >= quota.cost_nanousd);
}

relay::account_status account_actor::status() const {
  const auto now = steady_now();
  relay::account_status status;
  status.away_until = absence_.until;
  status.reason = absence_.reason;
  const auto stay = [&status](steady_time until, account_state reason) {
    if (until <= status.away_until) return;
    status.away_until = until;
    status.reason = reason;
  };
  if (circuit_.open_until() > now) stay(circuit_.open_until(), account_state::circuit_open);
  if (is_over_quota()) stay(day_end_, account_state::over_quota);
  status.family_until = family_until_;
  const bool on_probation = is_on_probation(now);
  status.full = is_full() || (on_probation && circuit_.is_probed());
  status.must_ask = on_probation;
  return status;
}

account_state account_actor::state_of(const relay::account_status& status) const {
  const auto& config = account_->config;
  if (!config.is_active || !config.schedulable) return account_state::inactive;
  if (status.away_until > steady_now()) return status.reason;
  return status.full ? account_state::full : account_state::active;
}

void account_actor::publish() {
  const auto current = status();
  publish_state(current);
  if (published_ && *published_ == current) return;
  published_ = current;
  const account_status_changed change{account_->config.id, current};
  for (const auto& observer : around_.observers) send(observer, change);
}

// Setting a metric takes longer than granting a slot, so taken slots are counted once a second.
void account_actor::publish_state(const relay::account_status& status) {
  const auto state = state_of(status);
  if (published_state_ == state) return;
  published_state_ = state;
  around_.metrics.account_state(account_->config.name, to_string(state));
  publish_inflight();
}

void account_actor::publish_inflight() {
  around_.metrics.account_inflight(account_->config.name,
                                   static_cast<std::int64_t>(slots_->taken()));
}

}  // namespace baton::actors
