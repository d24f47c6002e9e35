#include "relay/cost_limiter.hpp"

#include "relay/cost_period.hpp"
#include "relay/cost_refusal.hpp"

namespace baton::relay {

using std::chrono::days;

result<void> cost_limiter::check_spent(const key_limits& limits, const usage_amount& estimate,
                                       wall_time now) {
  roll(limits.week, now);
  if (day_.spent(limits.daily_cost_nanousd)) {
    return cost_spent(limit_kind::daily_cost, day_.used(), limits.daily_cost_nanousd,
                      day_begin_ + days(1));
  }
  if (total_.spent(limits.total_cost_nanousd)) {
    return cost_spent(limit_kind::total_cost, total_.used(), limits.total_cost_nanousd, {});
  }
  if (estimate.claude && week_.spent(limits.weekly_claude_cost_nanousd)) {
    return cost_spent(limit_kind::weekly_claude_cost, week_.used(),
                      limits.weekly_claude_cost_nanousd, week_begin_ + days(7));
  }
  return {};
}

result<void> cost_limiter::check_room(const key_limits& limits, const usage_amount& estimate,
                                      std::uint32_t running) const {
  const auto cost = estimate.cost_nanousd;
  if (day_.crowded(limits.daily_cost_nanousd, cost)) {
    return cost_crowded(limit_kind::daily_cost, limits.daily_cost_nanousd, running);
  }
  if (total_.crowded(limits.total_cost_nanousd, cost)) {
    return cost_crowded(limit_kind::total_cost, limits.total_cost_nanousd, running);
  }
  if (estimate.claude && week_.crowded(limits.weekly_claude_cost_nanousd, cost)) {
    return cost_crowded(limit_kind::weekly_claude_cost, limits.weekly_claude_cost_nanousd, running);
  }
  return {};
}

void cost_limiter::reserve(const usage_amount& estimate) {
  day_.reserve(estimate.cost_nanousd);
  total_.reserve(estimate.cost_nanousd);
  if (estimate.claude) week_.reserve(estimate.cost_nanousd);
}

void cost_limiter::release(const usage_amount& estimate) {
  day_.release(estimate.cost_nanousd);
  total_.release(estimate.cost_nanousd);
  if (estimate.claude) week_.release(estimate.cost_nanousd);
}

void cost_limiter::add(const usage_amount& used, wall_time now) {
  roll(now);
  ++ended_;
  day_.add(used.cost_nanousd);
  total_.add(used.cost_nanousd);
  if (used.claude) week_.add(used.cost_nanousd);
}

bool cost_limiter::needs_sums(const key_limits& limits, wall_time now) {
  if (!limits.any_stored()) return false;
  roll(limits.week, now);
  return !complete_;
}

cost_question cost_limiter::ask(const key_limits& limits, wall_time now) {
  roll(limits.week, now);
  return {day_begin_, week_begin_, rule_, ended_};
}

// A period that has ended meanwhile begins with nothing: all that counts in the new one ends here.
bool cost_limiter::take_in(const cost_question& asked, const cost_sums& sums, wall_time now) {
  roll(now);
  total_.raise(sums.total_nanousd);
  if (asked.day == day_begin_) day_.raise(sums.day_nanousd);
  if (asked.week == week_begin_) week_.raise(sums.week_nanousd);
  complete_ = asked.ended == ended_ && asked.rule == rule_;
  return complete_;
}

// Another beginning of the week makes it another week, whose use only the store knows.
void cost_limiter::roll(const week_start& rule, wall_time now) {
  if (rule != rule_) {
    rule_ = rule;
    week_begin_ = {};
    complete_ = false;
  }
  roll(now);
}

// Forwards only: a clock that is set back does not bring a period back.
void cost_limiter::roll(wall_time now) {
  if (const auto day = day_start(now, utc_offset_); day > day_begin_) {
    day_begin_ = day;
    day_.restart();
  }
  if (const auto week = week_start_at(now, rule_, utc_offset_); week > week_begin_) {
    week_begin_ = week;
    week_.restart();
  }
}

}  // namespace baton::relay
