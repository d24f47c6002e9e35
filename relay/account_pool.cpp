#include "relay/account_pool.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace baton::relay {
namespace {

constexpr std::chrono::seconds full_retry_after{1};
constexpr std::size_t model_shown_bytes_max = 128;  // a client may send a name of any length

bool is_bound_elsewhere(const account& config, const choice_request& request) {
  return request.bound_account != nullptr && config.id != *request.bound_account;
}

bool is_excluded(const account_id& id, const choice_request& request) {
  return std::find(request.excluded.begin(), request.excluded.end(), id) != request.excluded.end();
}

error no_account(std::string text, std::optional<std::chrono::seconds> retry_after = {}) {
  error failure = internal_error(error_code::no_account, std::move(text));
  failure.retry_after = retry_after;
  return failure;
}

std::string for_model(std::string_view model) {
  if (model.empty()) return "";
  return " for the model " + std::string(model.substr(0, model_shown_bytes_max));
}

}  // namespace

void account_pool::replace(std::vector<ready_account_ptr> accounts) {
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) {
    const account& x = a->config;
    const account& y = b->config;
    return std::tie(x.priority, x.created_at, x.id) < std::tie(y.priority, y.created_at, y.id);
  });
  std::vector<entry> entries;
  std::unordered_map<account_id, std::size_t> index;
  std::vector<tier> tiers;
  entries.reserve(accounts.size());
  index.reserve(accounts.size());
  for (auto& ready : accounts) {
    const account_id& id = ready->config.id;
    if (!index.emplace(id, entries.size()).second) continue;
    const auto known = index_.find(id);
    const auto status = known == index_.end() ? account_status{} : entries_[known->second].status;
    if (tiers.empty() || tiers.back().priority != ready->config.priority) {
      tiers.push_back({ready->config.priority, entries.size(), 0, next_in(ready->config.priority)});
    }
    ++tiers.back().count;
    entries.push_back({std::move(ready), status});
  }
  for (tier& level : tiers) level.next %= level.count;
  entries_ = std::move(entries);
  index_ = std::move(index);
  tiers_ = std::move(tiers);
}

// Keeps the round robin going where it was, so that frequent changes do not favour the oldest.
std::size_t account_pool::next_in(int priority) const {
  const auto same = std::find_if(tiers_.begin(), tiers_.end(),
                                 [&](const tier& level) { return level.priority == priority; });
  return same == tiers_.end() ? 0 : same->next;
}

void account_pool::update(const account_id& id, const account_status& status) {
  const auto found = index_.find(id);
  if (found != index_.end()) entries_[found->second].status = status;
}

result<ready_account_ptr> account_pool::choose(const choice_request& request) {
  if (request.bound_account != nullptr) {
    const auto found = index_.find(*request.bound_account);
    if (found != index_.end() && eligible(entries_[found->second], request)) {
      return entries_[found->second].account;
    }
    return refuse(request);
  }
  for (tier& level : tiers_) {
    std::size_t offset = level.next;
    for (std::size_t tried = 0; tried < level.count; ++tried) {
      const entry& candidate = entries_[level.first + offset];
      offset = offset + 1 == level.count ? 0 : offset + 1;
      if (!eligible(candidate, request)) continue;
      level.next = offset;
      return candidate.account;
    }
  }
  return refuse(request);
}

bool account_pool::eligible(const entry& candidate, const choice_request& request) {
  // The status is at hand; what check() reads costs a cache miss per account.
  if (candidate.status.full || candidate.status.cooling_until > request.now) return false;
  return check(candidate, request) == refusal::none;
}

// In the order in which the reasons matter to whom is refused: what no waiting changes comes first.
account_pool::refusal account_pool::check(const entry& candidate, const choice_request& request) {
  const account& config = candidate.account->config;
  if (is_bound_elsewhere(config, request)) return refusal::bound_elsewhere;
  if (!config.is_active || !config.schedulable) return refusal::inactive;
  if (request.protocol != nullptr && !candidate.account->platform->answers(*request.protocol)) {
    return refusal::other_api;
  }
  if (!request.model.empty() && !config.serves_model(request.model)) return refusal::model;
  if (is_excluded(config.id, request)) return refusal::excluded;
  if (candidate.status.cooling_until > request.now) return refusal::cooling;
  if (candidate.status.full) return refusal::full;
  return refusal::none;
}

// Says why nobody serves the request: the reason of those accounts that came closest.
error account_pool::refuse(const choice_request& request) const {
  refusal closest = refusal::none;
  steady_time first_ready = steady_time::max();
  for (const entry& candidate : entries_) {
    const refusal reason = check(candidate, request);
    closest = std::max(closest, reason);
    const bool waits = reason == refusal::cooling || reason == refusal::excluded;
    if (waits && candidate.status.cooling_until > request.now) {
      first_ready = std::min(first_ready, candidate.status.cooling_until);
    }
  }
  std::optional<std::chrono::seconds> retry_after;
  if (first_ready != steady_time::max()) {
    retry_after = std::chrono::ceil<std::chrono::seconds>(first_ready - request.now);
  }
  const bool bound = request.bound_account != nullptr;
  switch (closest) {
    case refusal::full: {
      error failure = internal_error(
          error_code::rate_limited, bound ? "The account bound to this API key is at its "
                                            "concurrency limit. Please try again later"
                                          : "All available accounts have reached their concurrency "
                                            "limit. Please try again later");
      failure.retry_after = full_retry_after;
      return failure;
    }
    case refusal::cooling:
      return no_account((bound ? "The account bound to this API key is" : "All accounts are") +
                            std::string(" cooling down after upstream errors") +
                            for_model(request.model),
                        retry_after);
    case refusal::excluded:
      return no_account("Every account that could serve this request has failed to", retry_after);
    case refusal::model:
      return no_account("No available accounts support the requested model: " +
                        std::string(request.model.substr(0, model_shown_bytes_max)));
    default:
      return no_account(bound ? "The account bound to this API key is not available"
                              : "No available accounts for this API");
  }
}

bool account_pool::any_usable(steady_time now) const {
  // An account that is merely full works well: a busy node must not be taken out of service.
  return std::any_of(entries_.begin(), entries_.end(), [now](const entry& candidate) {
    const account& config = candidate.account->config;
    return config.is_active && config.schedulable && candidate.status.cooling_until <= now;
  });
}

}  // namespace baton::relay
