// The window of one key: requests, tokens and cost in a fixed time from its first request. Without
// I/O and without a clock. Part of the key's limiter (relay/key_limiter.hpp).
#pragma once

#include <cstdint>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/api_key.hpp"
#include "relay/cost_budget.hpp"
#include "relay/usage_amount.hpp"

namespace baton::relay {

// What has been used of the window at hand, and what is reserved by what runs. All is 0 where none
// is open.
struct window_use {
  std::uint64_t requests = 0;
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;
  wall_time start{};
  wall_time end{};

  bool open() const { return end != wall_time{}; }
};

class usage_window {
 public:
  // Which window a request counts in; 0: in none.
  using number = std::uint64_t;

  // Whether the window at hand has requests, tokens and cost left for it. Errors: rate_limited,
  // with the window's end as retry_after where that helps.
  result<void> check_left(const key_limits& limits, const usage_amount& estimate,
                          const moment& now) const;
  // Whether its cost has room beside what runs. Errors: rate_limited.
  result<void> check_room(const key_limits& limits, const usage_amount& estimate,
                          std::uint32_t running, const moment& now) const;

  // Counts the request, in a new window if the one at hand is over.
  number take(const key_limits& limits, const usage_amount& estimate, steady_time now);
  // Replaces what was reserved, if the window is still the one it was taken in.
  void settle(number taken, const usage_amount& reserved, const usage_amount& used,
              steady_time now);
  // As if the request had never been.
  void cancel(number taken, const usage_amount& reserved, steady_time now);

  bool open(steady_time now) const { return number_ != 0 && now < end_; }
  window_use use(const moment& now) const;

 private:
  void roll(const key_limits& limits, steady_time now);
  bool is_current(number taken, steady_time now) const { return taken == number_ && open(now); }
  void take_off(const usage_amount& reserved);

  number number_ = 0;
  steady_time start_{};
  steady_time end_{};
  std::uint64_t requests_ = 0;
  std::uint64_t tokens_ = 0;  // used and reserved
  cost_budget cost_;
};

}  // namespace baton::relay
