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
#include "relay/cost_limiter.hpp"
#include "relay/usage_amount.hpp"
#include "relay/usage_window.hpp"

namespace baton::relay {

using reservation_id = std::uint64_t;

class key_limiter {
 public:
  // `utc_offset`: of the midnight at which days begin.
  explicit key_limiter(std::chrono::hours utc_offset = {}) : costs_(utc_offset) {}

  // All limits are checked before anything is taken: a refused request consumes nothing.
  // Errors: rate_limited naming the limit, with retry_after (1 s for concurrency; the window's
  // end; 1 to 5 s where what runs may use up a limit of cost); quota_exceeded where a limit of cost
  // is used up.
  result<reservation_id> admit(const key_limits& limits, const usage_estimate& estimate,
                               const moment& now);

  // Whether the limits that no request's end makes room in have anything left for it. Errors: as of
  // admit().
  result<void> check_left(const key_limits& limits, const usage_estimate& estimate,
                          const moment& now);

  // The request is over and has used `used`. Frees its slot and replaces the estimate, in the
  // window it was taken in and in the periods of now. An id settles once; again, or an unknown id,
  // changes nothing.
  void settle(reservation_id id, const usage_amount& used, const moment& now);
  // The request never ran: gives everything back, the counted request too.
  void cancel(reservation_id id, const moment& now);

  cost_limiter& costs() { return costs_; }
  std::uint32_t running() const { return running_; }
  bool has_free_slot(const key_limits& limits) const {
    return limits.concurrency == 0 || running_ < limits.concurrency;
  }
  const usage_window& window() const { return window_; }
  // Nothing runs, no window is open, and what was used is long in the store: may be forgotten.
  bool idle(steady_time now) const;

 private:
  struct reservation {
    usage_amount amount;
    bool takes_slot = false;
    usage_window::number window = 0;
  };
  using open_reservations = std::unordered_map<reservation_id, reservation>;

  void release(open_reservations::iterator found);

  open_reservations open_;
  reservation_id next_id_ = 1;
  std::uint32_t running_ = 0;
  usage_window window_;
  cost_limiter costs_;
  steady_time kept_until_{};  // for what it knows of costs
};

}  // namespace baton::relay
