// The cost limits of one key that outlast a window: per day, per week (of Claude models) and in
// all. Without I/O and without a clock. Part of the key's limiter (relay/key_limiter.hpp).
//
// What a request costs counts in the period in which it ends, as in the store; until then it is
// reserved, in whatever period is current.
//
// What was used before this object was made is in the store. Whoever owns it asks for that, gives
// the answer to take_in(), and asks again as long as needs_sums() says so. Meanwhile requests end
// here that may or may not be in the answer. So the larger of both sums is taken: nothing is
// counted twice, and what the answer has missed is in the next one, since an answer is only
// complete if no request ended between question and answer.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/api_key.hpp"
#include "relay/cost_budget.hpp"
#include "relay/usage_amount.hpp"

namespace baton::relay {

// What to ask the store for: rated cost since `day`, of Claude models since `week`, and ever.
struct cost_question {
  wall_time day{};
  wall_time week{};
  week_start rule;
  std::uint64_t ended = 0;  // how many requests had ended here when it was asked
};
struct cost_sums {
  std::uint64_t day_nanousd = 0;
  std::uint64_t week_nanousd = 0;
  std::uint64_t total_nanousd = 0;
};

class cost_limiter {
 public:
  explicit cost_limiter(std::chrono::hours utc_offset) : utc_offset_(utc_offset) {}

  // Whether a limit is used up. Errors: quota_exceeded.
  result<void> check_spent(const key_limits& limits, const usage_amount& estimate, wall_time now);
  // Whether there is room beside what runs. Errors: rate_limited. `running`: requests of the key.
  result<void> check_room(const key_limits& limits, const usage_amount& estimate,
                          std::uint32_t running) const;

  void reserve(const usage_amount& estimate);
  void release(const usage_amount& estimate);
  void add(const usage_amount& used, wall_time now);

  bool needs_sums(const key_limits& limits, wall_time now);
  cost_question ask(const key_limits& limits, wall_time now);
  // Whether the sums were complete.
  bool take_in(const cost_question& asked, const cost_sums& sums, wall_time now);

  const cost_budget& day() const { return day_; }
  const cost_budget& week() const { return week_; }
  const cost_budget& total() const { return total_; }

 private:
  void roll(const week_start& rule, wall_time now);
  void roll(wall_time now);

  const std::chrono::hours utc_offset_;
  week_start rule_;
  wall_time day_begin_{};
  wall_time week_begin_{};
  cost_budget day_;
  cost_budget week_;
  cost_budget total_;
  std::uint64_t ended_ = 0;
  bool complete_ = false;  // what was used before is in the sums
};

}  // namespace baton::relay
