#include "relay/key_limiter.hpp"

#include <algorithm>
#include <string>

namespace baton::relay {
namespace {

// More than any request uses. Estimates come from what a client wrote; sums of these do not wrap.
constexpr std::uint64_t amount_max = std::uint64_t{1} << 40;

usage_amount bounded(std::uint64_t tokens, std::uint64_t cost_nanousd) {
  return {std::min(tokens, amount_max), std::min(cost_nanousd, amount_max)};
}

constexpr std::chrono::seconds slot_retry_after{1};

error limited(std::string text, std::optional<std::chrono::seconds> retry_after) {
  error failure = downstream_error(error_code::rate_limited, std::move(text));
  failure.retry_after = retry_after;
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

result<reservation_id> key_limiter::admit(const key_limits& limits, const usage_estimate& estimate,
                                          steady_time now) {
  const usage_amount amount = bounded(estimate.tokens, estimate.cost_nanousd);
  if (estimate.takes_slot && !has_free_slot(limits)) {
    return limited("Too many concurrent requests. Limit: " + std::to_string(limits.concurrency) +
                       " concurrent requests",
                   slot_retry_after);
  }
  if (auto allowed = check_window(limits, estimate, now); !allowed) return allowed.error();

  roll_window(limits, now);
  reservation taken{amount, estimate.takes_slot, 0};
  if (window_open(now)) {
    taken.window = window_number_;
    window_requests_ += 1;
    window_used_ += amount;
  }
  if (taken.takes_slot) ++running_;
  const reservation_id id = next_id_++;
  open_.emplace(id, taken);
  return id;
}

result<void> key_limiter::check_window(const key_limits& limits, const usage_estimate& estimate,
                                       steady_time now) const {
  const auto tokens = bounded(estimate.tokens, 0).tokens;
  if (limits.window_minutes == 0) return {};
  // No wait makes room for a request that is larger than the whole window.
  if (limits.window_tokens != 0 && tokens > limits.window_tokens) {
    return limited("This request may use " + std::to_string(tokens) +
                       " tokens, more than this key's limit of " +
                       per_window(limits.window_tokens, "tokens", limits),
                   std::nullopt);
  }
  const steady_time end = window_start_ + std::chrono::minutes(limits.window_minutes);
  if (!window_open(now) || now >= end) return {};
  const auto wait = std::chrono::ceil<std::chrono::seconds>(end - now);
  if (limits.window_requests != 0 && window_requests_ >= limits.window_requests) {
    return limited("Rate limit exceeded: " + per_window(limits.window_requests, "requests", limits),
                   wait);
  }
  // A window that is used up refuses requests of unknown size as well.
  const std::uint64_t left = minus(limits.window_tokens, window_used_.tokens);
  if (limits.window_tokens != 0 && (left == 0 || tokens > left)) {
    return limited("Rate limit exceeded: " + per_window(limits.window_tokens, "tokens", limits),
                   wait);
  }
  return {};
}

void key_limiter::roll_window(const key_limits& limits, steady_time now) {
  const auto length = std::chrono::minutes(limits.window_minutes);
  // The length may have been changed since the window began.
  if (window_open(now)) window_end_ = window_start_ + length;
  if (window_open(now) || limits.window_minutes == 0) return;
  ++window_number_;
  window_start_ = now;
  window_end_ = now + length;
  window_requests_ = 0;
  window_used_ = {};
}

void key_limiter::settle(reservation_id id, const usage_amount& used, steady_time now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  if (in_current_window(found->second, now)) {
    take_off(found->second.amount);
    window_used_ += bounded(used.tokens, used.cost_nanousd);
  }
  release(found);
}

void key_limiter::cancel(reservation_id id, steady_time now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  if (in_current_window(found->second, now)) {
    take_off(found->second.amount);
    window_requests_ = minus(window_requests_, 1);
  }
  release(found);
}

void key_limiter::take_off(const usage_amount& reserved) {
  window_used_ = {minus(window_used_.tokens, reserved.tokens),
                  minus(window_used_.cost_nanousd, reserved.cost_nanousd)};
}

void key_limiter::release(open_reservations::iterator found) {
  if (found->second.takes_slot) --running_;
  open_.erase(found);
}

std::uint64_t key_limiter::window_requests(steady_time now) const {
  return window_open(now) ? window_requests_ : 0;
}

std::uint64_t key_limiter::window_tokens(steady_time now) const {
  return window_open(now) ? window_used_.tokens : 0;
}

std::uint64_t key_limiter::window_cost_nanousd(steady_time now) const {
  return window_open(now) ? window_used_.cost_nanousd : 0;
}

bool key_limiter::idle(steady_time now) const {
  return open_.empty() && !window_open(now);
}

}  // namespace baton::relay
