#include "relay/key_limiter.hpp"

#include <string>

namespace baton::relay {
namespace {

constexpr std::chrono::seconds slot_retry_after{1};
// A request's record may reach the store's sums long after its reservation is settled: a client
// that reads slowly takes its last bytes in between, or the store is down for hours.
constexpr std::chrono::hours record_delay_max{24};

error no_slot(const key_limits& limits) {
  error failure = downstream_error(error_code::rate_limited,
                                   "Too many concurrent requests. Limit: " +
                                       std::to_string(limits.concurrency) + " concurrent requests");
  failure.retry_after = slot_retry_after;
  failure.limit = limit_kind::concurrency;
  return failure;
}

}  // namespace

result<reservation_id> key_limiter::admit(const key_limits& limits, const usage_estimate& estimate,
                                          const moment& now) {
  const usage_amount amount = bounded(estimate);
  if (estimate.takes_slot && !has_free_slot(limits)) return no_slot(limits);
  if (auto left = check_left(limits, estimate, now); !left) return left.error();
  const auto running = static_cast<std::uint32_t>(open_.size());
  if (auto room = window_.check_room(limits, amount, running, now); !room) return room.error();
  if (auto room = costs_.check_room(limits, amount, running); !room) return room.error();

  reservation taken{amount, estimate.takes_slot, window_.take(limits, amount, now.steady)};
  costs_.reserve(amount);
  if (taken.takes_slot) ++running_;
  const reservation_id id = next_id_++;
  open_.emplace(id, taken);
  return id;
}

result<void> key_limiter::check_left(const key_limits& limits, const usage_estimate& estimate,
                                     const moment& now) {
  const usage_amount amount = bounded(estimate);
  if (auto left = window_.check_left(limits, amount, now); !left) return left;
  return costs_.check_spent(limits, amount, now.wall);
}

void key_limiter::settle(reservation_id id, const usage_amount& used, const moment& now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const auto& taken = found->second;
  window_.settle(taken.window, taken.amount, bounded(used), now.steady);
  costs_.add(bounded(used), now.wall);
  if (used.cost_nanousd != 0) kept_until_ = now.steady + record_delay_max;
  release(found);
}

void key_limiter::cancel(reservation_id id, const moment& now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  window_.cancel(found->second.window, found->second.amount, now.steady);
  release(found);
}

void key_limiter::release(open_reservations::iterator found) {
  costs_.release(found->second.amount);
  if (found->second.takes_slot) --running_;
  open_.erase(found);
}

bool key_limiter::idle(steady_time now) const {
  return open_.empty() && !window_.open(now) && now >= kept_until_;
}

}  // namespace baton::relay
