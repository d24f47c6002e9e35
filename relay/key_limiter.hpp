// The limits of one key: admits and reserves in one step, trues up afterwards, so that parallel
// requests cannot overshoot. Without I/O and without a clock. Owned by the key's limits actor.
//
// A reservation covers one running request and what it may use: tokens, and their cost.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/api_key.hpp"

namespace baton::relay {

struct usage_amount {
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;

  usage_amount& operator+=(const usage_amount& other) {
    tokens += other.tokens;
    cost_nanousd += other.cost_nanousd;
    return *this;
  }
};

// What a request may use, as known before it runs.
struct usage_estimate {
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;
  bool takes_slot = true;  // counts against the concurrency limit (count_tokens does not)
};

using reservation_id = std::uint64_t;

class key_limiter {
 public:
  // All limits are checked before anything is taken: a refused request consumes nothing.
  // Errors: rate_limited naming the limit, with retry_after (1 s for concurrency; the window's
  // end).
  result<reservation_id> admit(const key_limits& limits, const usage_estimate& estimate,
                               steady_time now);

  // Whether the window at hand has room for it. Errors: as of admit().
  result<void> check_window(const key_limits& limits, const usage_estimate& estimate,
                            steady_time now) const;

  // The request is over and has used `used`. Frees its slot and replaces the estimate in the
  // window it was taken in. An id settles once; again, or an unknown id, changes nothing.
  void settle(reservation_id id, const usage_amount& used, steady_time now);
  // The request never ran: gives everything back, the counted request too.
  void cancel(reservation_id id, steady_time now);

  std::uint32_t running() const { return running_; }
  bool has_free_slot(const key_limits& limits) const {
    return limits.concurrency == 0 || running_ < limits.concurrency;
  }
  std::uint64_t window_requests(steady_time now) const;
  std::uint64_t window_tokens(steady_time now) const;  // used and reserved
  std::uint64_t window_cost_nanousd(steady_time now) const;
  bool idle(steady_time now) const;  // nothing runs, no window is open: may be forgotten

 private:
  struct reservation {
    usage_amount amount;
    bool takes_slot = false;
    std::uint64_t window = 0;  // number of the window it counts in; 0: in none
  };
  using open_reservations = std::unordered_map<reservation_id, reservation>;

  // Starts a new window when the one at hand is over (v1: fixed windows from the first request).
  void roll_window(const key_limits& limits, steady_time now);
  void take_off(const usage_amount& reserved);
  void release(open_reservations::iterator found);
  bool window_open(steady_time now) const { return window_number_ != 0 && now < window_end_; }
  bool in_current_window(const reservation& taken, steady_time now) const {
    return taken.window == window_number_ && window_open(now);
  }

  open_reservations open_;
  reservation_id next_id_ = 1;
  std::uint32_t running_ = 0;
  std::uint64_t window_number_ = 0;
  steady_time window_start_{};
  steady_time window_end_{};
  std::uint64_t window_requests_ = 0;
  usage_amount window_used_;  // and reserved
};

}  // namespace baton::relay
