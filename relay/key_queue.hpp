// The requests of one key that has limits: those that run, counted by its limiter, and
// those that wait for one of their slots, first come, first served. Without I/O and without a
// clock. Owned by the key's limits actor.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/key_limiter.hpp"
#include "relay/service_pace.hpp"

namespace baton::relay {

class key_queue {
 public:
  explicit key_queue(std::chrono::hours utc_offset = {}) : limiter_(utc_offset) {}

  using place = std::uint64_t;  // given by whoever asks, unique

  struct decision {
    place who = 0;
    result<reservation_id> admitted;
  };

  // Admits, refuses, or lets wait until `deadline`: the latter only if a free slot is all that is
  // missing and fewer than limits.queue wait already. Nothing: it waits. Errors: as of key_limiter,
  // with an honest retry_after where the queue is full.
  std::optional<result<reservation_id>> admit(place who, const key_limits& limits,
                                              const usage_estimate& estimate, steady_time deadline,
                                              const moment& now);
  // See key_limiter; then decide() may have something to tell.
  void settle(reservation_id id, const usage_amount& used, const moment& now);
  void cancel(reservation_id id, const moment& now);
  // It waits no longer. Ignored for a place that does not wait.
  void leave(place who);

  // What has been decided about those who wait: admitted, or refused because their time is over or
  // another limit has been reached.
  std::vector<decision> decide(const moment& now);

  const key_limiter& limiter() const { return limiter_; }
  cost_limiter& costs() { return limiter_.costs(); }
  std::size_t waiting() const { return waiting_.size(); }
  bool idle(steady_time now) const { return waiting_.empty() && limiter_.idle(now); }

 private:
  struct waiter {
    place who = 0;
    usage_estimate estimate;
    steady_time deadline;
  };

  key_limiter limiter_;
  key_limits limits_;  // as of the last request: they hold for all that wait
  std::deque<waiter> waiting_;
  service_pace pace_;
};

}  // namespace baton::relay
