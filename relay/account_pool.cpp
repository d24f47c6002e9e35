#include "relay/account_pool.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "relay/platforms/registry.hpp"

namespace baton::relay {
namespace {

// So far back chosen accounts are counted, for the share of failures among them.
constexpr std::chrono::seconds attempts_window{60};

bool contains(std::span<const account_id> ids, const account_id& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves about half of
// the output's. Highest random weight (Thaler, Ravishankar 1998): the account with the greatest
// value has the session, and a pool that changes moves only the sessions it must.
std::uint64_t weight(std::uint64_t seed, std::uint64_t spread) {
  std::uint64_t x = seed ^ spread;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

bool serves_model(const ready_account& account, const choice_request& request) {
  if (!request.model.empty()) return account.config.serves_model(request.model);
  return request.protocol == nullptr ||
         !account.platform->needs_model(account.config, *request.protocol);
}

bool is_bound(const choice_request& request) {
  return request.key != nullptr && request.key->is_bound();
}

}  // namespace

std::string_view to_string(account_state state) {
  switch (state) {
    case account_state::active: return "active";
    case account_state::full: return "full";
    case account_state::cooling_down: return "cooling_down";
    case account_state::rate_limited: return "rate_limited";
    case account_state::unauthorized: return "unauthorized";
    case account_state::blocked: return "blocked";
    case account_state::circuit_open: return "circuit_open";
    case account_state::over_quota: return "over_quota";
    case account_state::inactive: return "inactive";
  }
  return "inactive";
}

account_state state_after(failure_kind kind) {
  switch (kind) {
    case failure_kind::unauthorized: return account_state::unauthorized;
    case failure_kind::blocked: return account_state::blocked;
    case failure_kind::rate_limited: return account_state::rate_limited;
    default: return account_state::cooling_down;
  }
}

void account_pool::replace(std::vector<ready_account_ptr> accounts) {
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) {
    const account& x = a->config;
    const account& y = b->config;
    return std::tie(x.priority, x.created_at, x.id) < std::tie(y.priority, y.created_at, y.id);
  });
  const account_pool before = std::move(*this);
  *this = {};
  entries_.reserve(accounts.size());
  for (auto& ready : accounts) {
    const account& config = ready->config;
    const std::size_t index = entries_.size();
    if (!index_.emplace(config.id, index).second) continue;
    const auto known = before.index_.find(config.id);
    entry made;
    if (known != before.index_.end()) made = before.entries_[known->second];
    made.account = std::move(ready);
    glances_.push_back(
        {made.status.away_until, std::hash<account_id>{}(config.id), made.status.full});
    entries_.push_back(std::move(made));
    if (config.type == account_type::shared) add_to(shared_, index, &before.shared_);
    for (const auto& group : config.groups) {
      const auto same = before.groups_.find(group);
      add_to(groups_[group], index, same == before.groups_.end() ? nullptr : &same->second);
    }
  }
}

// Round robin goes on where it was in `before`, so that frequent changes do not favour the oldest.
void account_pool::add_to(lane& target, std::size_t index, const lane* before) {
  const int priority = entries_[index].account->config.priority;
  if (target.tiers.empty() || target.tiers.back().priority != priority) {
    tier level{priority, target.order.size(), 0, 0};
    if (before != nullptr) {
      for (const tier& same : before->tiers) {
        if (same.priority == priority) level.next = same.next;
      }
    }
    target.tiers.push_back(level);
  }
  ++target.tiers.back().count;
  target.order.push_back(index);
}

void account_pool::update(const account_id& id, const account_status& status) {
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  entries_[found->second].status = status;
  glances_[found->second].away_until = status.away_until;
  glances_[found->second].full = status.full;
}

void account_pool::keep_away(const account_id& id, const verdict& verdict, steady_time now) {
  const auto found = index_.find(id);
  if (found == index_.end() || !verdict.blame || verdict.cooldown.count() == 0) return;
  auto status = entries_[found->second].status;
  const auto until = now + verdict.cooldown;
  if (verdict.family) {
    auto& limited = status.family_until[*verdict.family];
    limited = std::max(limited, until);
  } else if (until > status.away_until) {
    status.away_until = until;
    status.reason = state_after(*verdict.blame);
  }
  update(id, status);
}

account_pool::lane* account_pool::lane_of(const choice_request& request) {
  if (request.key == nullptr || !request.key->bound_group) return &shared_;
  const auto group = groups_.find(*request.key->bound_group);
  return group == groups_.end() ? nullptr : &group->second;
}

choice account_pool::choose(const choice_request& request) {
  if (request.only != nullptr) {
    const auto found = index_.find(*request.only);
    const bool usable =
        found != index_.end() && serves(found->second, request) && eligible(found->second, request);
    return usable ? chosen(found->second, request.now) : refuse(request);
  }
  if (request.key != nullptr && request.key->bound_account) {
    const auto found = index_.find(*request.key->bound_account);
    if (found != index_.end() && eligible(found->second, request)) {
      return chosen(found->second, request.now);
    }
  } else if (lane* const among = lane_of(request)) {
    if (const auto index = choose_in(*among, request)) return chosen(*index, request.now);
  }
  if (is_bound(request) && request.key->binding_fallback) {
    if (const auto index = choose_in(shared_, request)) {
      auto other = chosen(*index, request.now);
      other.fallback = true;
      return other;
    }
  }
  return refuse(request);
}

std::optional<std::size_t> account_pool::choose_in(lane& among,
                                                   const choice_request& request) const {
  for (tier& level : among.tiers) {
    const auto index = request.spread == 0 ? choose_by_turn(among, level, request)
                                           : choose_by_spread(among, level, request);
    if (index) return index;
  }
  return std::nullopt;
}

std::optional<std::size_t> account_pool::choose_by_turn(lane& among, tier& level,
                                                        const choice_request& request) const {
  std::size_t offset = level.next % level.count;
  for (std::size_t tried = 0; tried < level.count; ++tried) {
    const std::size_t index = among.order[level.first + offset];
    offset = offset + 1 == level.count ? 0 : offset + 1;
    if (!eligible(index, request)) continue;
    level.next = offset;
    return index;
  }
  return std::nullopt;
}

bool account_pool::is_out(const glance& seen, const choice_request& request) {
  return (seen.full && request.trust_full) || seen.away_until > request.now;
}

std::optional<std::size_t> account_pool::choose_by_spread(const lane& among, const tier& level,
                                                          const choice_request& request) const {
  std::optional<std::size_t> best;
  std::uint64_t best_weight = 0;
  for (std::size_t at = level.first; at < level.first + level.count; ++at) {
    const std::size_t index = among.order[at];
    const glance& seen = glances_[index];
    if (is_out(seen, request)) continue;
    const auto own = weight(seen.seed, request.spread);
    if (best && own <= best_weight) continue;
    // What check() reads costs a cache miss, so only the few that are ahead get there.
    if (check(entries_[index], request) != refusal::none) continue;
    best = index;
    best_weight = own;
  }
  return best;
}

choice account_pool::chosen(std::size_t index, steady_time now) {
  entry& one = entries_[index];
  if (now - one.attempts_since > attempts_window) {
    one.attempts = 0;
    one.attempts_since = now;
  }
  ++one.attempts;
  // What a new account has to say of itself may still be on its way; its limit holds from the
  // start.
  const bool limited = one.account->config.concurrency_limit > 0;
  return {.account = one.account, .must_ask = limited || one.status.must_ask};
}

bool account_pool::must_ask(const account_id& id) const {
  const auto found = index_.find(id);
  return found != index_.end() && entries_[found->second].status.must_ask;
}

std::uint32_t account_pool::concurrency_limit(const account_id& id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? 0 : entries_[found->second].account->config.concurrency_limit;
}

std::uint32_t account_pool::take_attempts(const account_id& id, steady_time now) {
  const auto found = index_.find(id);
  if (found == index_.end()) return 0;
  entry& one = entries_[found->second];
  const bool recent = now - one.attempts_since <= attempts_window;
  return recent ? std::exchange(one.attempts, 0) : 0;
}

account_pool::standing account_pool::assess(const account_id& id,
                                            const choice_request& request) const {
  const auto found = index_.find(id);
  if (found == index_.end() || !serves(found->second, request)) return standing::unfit;
  switch (check(entries_[found->second], request)) {
    case refusal::none: return standing::usable;
    case refusal::away:
    case refusal::full: return standing::busy;
    default: return standing::unfit;
  }
}

choice account_pool::take(const account_id& id, const choice_request& request) {
  return chosen(index_.at(id), request.now);
}

// Whether the account is one of those that the request's key may have.
bool account_pool::serves(std::size_t index, const choice_request& request) const {
  const account& config = entries_[index].account->config;
  if (request.only != nullptr && config.id != *request.only) return false;
  const bool shared = config.type == account_type::shared;
  if (!is_bound(request)) return shared;
  const api_key& key = *request.key;
  if (key.bound_account && config.id == *key.bound_account) return true;
  const auto& groups = config.groups;
  if (key.bound_group &&
      std::find(groups.begin(), groups.end(), *key.bound_group) != groups.end()) {
    return true;
  }
  return shared && key.binding_fallback;
}

bool account_pool::eligible(std::size_t index, const choice_request& request) const {
  const glance& seen = glances_[index];
  if (is_out(seen, request)) return false;
  return check(entries_[index], request) == refusal::none;
}

// In the order in which the reasons matter to whom is refused: what no waiting changes comes first.
account_pool::refusal account_pool::check(const entry& candidate,
                                          const choice_request& request) const {
  const account& config = candidate.account->config;
  if (!config.is_active || !config.schedulable) return refusal::inactive;
  if (request.protocol != nullptr && !candidate.account->platform->answers(*request.protocol)) {
    return refusal::other_api;
  }
  if (!serves_model(*candidate.account, request)) return refusal::model;
  if (contains(request.failed, config.id)) return refusal::failed;
  if (back_at(candidate, request) > request.now) return refusal::away;
  if ((candidate.status.full && request.trust_full) || contains(request.found_full, config.id))
    return refusal::full;
  return refusal::none;
}

steady_time account_pool::back_at(const entry& candidate, const choice_request& request) const {
  const account_status& status = candidate.status;
  const auto& limits = status.family_until;
  if (*std::max_element(limits.begin(), limits.end()) <= request.now) return status.away_until;
  const auto family = family_of(request.model);
  return family ? std::max(status.away_until, limits[*family]) : status.away_until;
}

model_offer account_pool::offer(const api_key& key) const {
  model_offer offer;
  choice_request request;
  request.key = &key;
  for (const api* protocol : listed_apis()) {
    api_offer one{.protocol = protocol, .models = {}};
    for (std::size_t index = 0; index < entries_.size(); ++index) {
      const ready_account& account = *entries_[index].account;
      const bool in_use = account.config.is_active && account.config.schedulable;
      if (!in_use || !serves(index, request) || !account.platform->answers(*protocol)) continue;
      one.any |= account.config.models.empty();
      for (const auto& [asked, sent] : account.config.models) one.models.insert(asked);
    }
    if (one.any || !one.models.empty()) offer.push_back(std::move(one));
  }
  return offer;
}

bool account_pool::any_usable(steady_time now) const {
  // An account that is merely full works well: a busy node must not be taken out of service.
  return std::any_of(entries_.begin(), entries_.end(), [now](const entry& candidate) {
    const account& config = candidate.account->config;
    return config.is_active && config.schedulable && candidate.status.away_until <= now;
  });
}

}  // namespace baton::relay
