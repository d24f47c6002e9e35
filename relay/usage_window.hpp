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
  std::uint64_t requests(steady_time now) const { return open(now) ? requests_ : 0; }
  // Used and reserved.
  std::uint64_t tokens(steady_time now) const { return open(now) ? tokens_ : 0; }
  std::uint64_t cost_nanousd(steady_time now) const {
    return open(now) ? cost_.used() + cost_.reserved() : 0;
  }

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
