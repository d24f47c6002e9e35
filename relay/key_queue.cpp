#include "relay/key_queue.hpp"

#include <algorithm>
#include <string>

namespace baton::relay {
namespace {

constexpr std::chrono::seconds slot_retry_after{1};

error refused(limit_kind limit, std::string text, std::chrono::seconds retry_after) {
  error failure = downstream_error(error_code::rate_limited, std::move(text));
  failure.retry_after = retry_after;
  failure.limit = limit;
  return failure;
}

}  // namespace

std::optional<result<reservation_id>> key_queue::admit(place who, const key_limits& limits,
                                                       const usage_estimate& estimate,
                                                       steady_time deadline, const moment& now) {
  limits_ = limits;
  const bool must_wait =
      estimate.takes_slot && (!waiting_.empty() || !limiter_.has_free_slot(limits));
  if (!must_wait) return limiter_.admit(limits, estimate, now);
  // No free slot would make room there.
  if (auto left = limiter_.check_left(limits, estimate, now); !left) return left.error();
  const std::string limit = std::to_string(limits.concurrency) + " concurrent requests";
  if (limits.queue == 0 || deadline <= now.steady) {
    return refused(limit_kind::concurrency, "Too many concurrent requests. Limit: " + limit,
                   slot_retry_after);
  }
  if (waiting_.size() >= limits.queue) {
    return refused(limit_kind::queue,
                   "Too many requests of this API key are waiting already. Limit: " + limit + ", " +
                       std::to_string(limits.queue) + " waiting",
                   pace_.time_for(waiting_.size() + 1, now.steady));
  }
  if (waiting_.empty()) pace_.waiting_began(now.steady);
  waiting_.push_back({who, estimate, deadline});
  return std::nullopt;
}

void key_queue::settle(reservation_id id, const usage_amount& used, const moment& now) {
  limiter_.settle(id, used, now);
}

void key_queue::cancel(reservation_id id, const moment& now) {
  limiter_.cancel(id, now);
}

void key_queue::leave(place who) {
  std::erase_if(waiting_, [who](const waiter& each) { return each.who == who; });
}

std::vector<key_queue::decision> key_queue::decide(const moment& now) {
  std::vector<decision> decided;
  std::erase_if(waiting_, [&](const waiter& each) {
    if (each.deadline > now.steady) return false;
    decided.push_back({each.who, refused(limit_kind::queue,
                                         "This request has waited too long for one of this API "
                                         "key's concurrent requests to end",
                                         pace_.time_for(waiting_.size(), now.steady))});
    return true;
  });
  while (!waiting_.empty() && limiter_.has_free_slot(limits_)) {
    const waiter next = waiting_.front();
    waiting_.pop_front();
    pace_.served(now.steady);
    decided.push_back({next.who, limiter_.admit(limits_, next.estimate, now)});
  }
  return decided;
}

}  // namespace baton::relay
