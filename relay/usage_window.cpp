#include "relay/usage_window.hpp"

#include <algorithm>
#include <string>

#include "relay/cost_refusal.hpp"

namespace baton::relay {
namespace {

using std::chrono::seconds;

error limited(limit_kind limit, std::string text, std::optional<seconds> retry_after) {
  error failure = downstream_error(error_code::rate_limited, std::move(text));
  failure.retry_after = retry_after;
  failure.limit = limit;
  return failure;
}

std::uint64_t minus(std::uint64_t from, std::uint64_t amount) {
  return from - std::min(from, amount);
}

std::string per_window(std::uint64_t limit, std::string_view what, const key_limits& limits) {
  return std::to_string(limit) + " " + std::string(what) + " per " +
         std::to_string(limits.window_minutes) + " minutes";
}

}  // namespace

result<void> usage_window::check_left(const key_limits& limits, const usage_amount& estimate,
                                      const moment& now) const {
  if (limits.window_minutes == 0) return {};
  // No wait makes room for a request that is larger than the whole window.
  if (limits.window_tokens != 0 && estimate.tokens > limits.window_tokens) {
    return limited(limit_kind::window_tokens,
                   "This request may use " + std::to_string(estimate.tokens) +
                       " tokens, more than this key's limit of " +
                       per_window(limits.window_tokens, "tokens", limits),
                   std::nullopt);
  }
  const steady_time end = start_ + std::chrono::minutes(limits.window_minutes);
  if (!open(now.steady) || now.steady >= end) return {};
  const auto wait = std::chrono::ceil<seconds>(end - now.steady);
  if (limits.window_requests != 0 && requests_ >= limits.window_requests) {
    return limited(limit_kind::window_requests,
                   "Rate limit exceeded: " + per_window(limits.window_requests, "requests", limits),
                   wait);
  }
  // A window that is used up refuses requests of unknown size as well.
  const std::uint64_t left = minus(limits.window_tokens, tokens_);
  if (limits.window_tokens != 0 && (left == 0 || estimate.tokens > left)) {
    return limited(limit_kind::window_tokens,
                   "Rate limit exceeded: " + per_window(limits.window_tokens, "tokens", limits),
                   wait);
  }
  if (cost_.spent(limits.window_cost_nanousd)) {
    auto refused = cost_spent(limit_kind::window_cost, cost_.used(), limits.window_cost_nanousd,
                              now.wall + wait);
    refused.retry_after = wait;
    return refused;
  }
  return {};
}

result<void> usage_window::check_room(const key_limits& limits, const usage_amount& estimate,
                                      std::uint32_t running, const moment& now) const {
  const bool counts = limits.window_minutes != 0 && open(now.steady);
  if (!counts || !cost_.crowded(limits.window_cost_nanousd, estimate.cost_nanousd)) return {};
  return cost_crowded(limit_kind::window_cost, limits.window_cost_nanousd, running);
}

window_use usage_window::use(const moment& now) const {
  if (!open(now.steady)) return {};
  const auto wall_of = [&now](steady_time time) {
    return now.wall + std::chrono::round<wall_time::duration>(time - now.steady);
  };
  return {requests_, tokens_, cost_.used() + cost_.reserved(), wall_of(start_), wall_of(end_)};
}

usage_window::number usage_window::take(const key_limits& limits, const usage_amount& estimate,
                                        steady_time now) {
  roll(limits, now);
  if (!open(now)) return 0;
  requests_ += 1;
  tokens_ += estimate.tokens;
  cost_.reserve(estimate.cost_nanousd);
  return number_;
}

// Windows are fixed and begin with their first request, as in v1.
void usage_window::roll(const key_limits& limits, steady_time now) {
  const auto length = std::chrono::minutes(limits.window_minutes);
  // The length may have been changed since the window began.
  if (open(now)) end_ = start_ + length;
  if (open(now) || limits.window_minutes == 0) return;
  ++number_;
  start_ = now;
  end_ = now + length;
  requests_ = 0;
  tokens_ = 0;
  cost_ = {};  // what still runs belongs to the window it began in
}

void usage_window::settle(number taken, const usage_amount& reserved, const usage_amount& used,
                          steady_time now) {
  if (!is_current(taken, now)) return;
  take_off(reserved);
  tokens_ += used.tokens;
  cost_.add(used.cost_nanousd);
}

void usage_window::cancel(number taken, const usage_amount& reserved, steady_time now) {
  if (!is_current(taken, now)) return;
  take_off(reserved);
  requests_ = minus(requests_, 1);
}

void usage_window::take_off(const usage_amount& reserved) {
  tokens_ = minus(tokens_, reserved.tokens);
  cost_.release(reserved.cost_nanousd);
}

}  // namespace baton::relay
