// The limits of cost at work, as requests meet them.
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "relay/key_limiter.hpp"

namespace baton::relay {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const moment start{steady_time{}, wall_time(hours(24 * 365 * 50))};  // at a midnight

key_limits daily(std::uint64_t limit) {
  key_limits limits;
  limits.daily_cost_nanousd = limit;
  return limits;
}
key_limits per_window(std::uint64_t limit) {
  key_limits limits;
  limits.window_minutes = 1;
  limits.window_cost_nanousd = limit;
  return limits;
}

TEST(key_limiter_costs, of_many_at_once_admits_as_many_as_cannot_overshoot) {
  key_limiter limiter;
  std::size_t admitted = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto outcome = limiter.admit(daily(100), {.cost_nanousd = 30}, start);
    if (outcome) {
      ++admitted;
    } else {
      EXPECT_EQ(outcome.error().code, error_code::rate_limited);
      EXPECT_GE(outcome.error().retry_after, seconds(1));
      EXPECT_LE(outcome.error().retry_after, seconds(5));
    }
  }
  EXPECT_EQ(admitted, 3u);
}

TEST(key_limiter_costs, let_a_small_budget_be_used_by_one_after_the_other) {
  key_limiter limiter;
  std::uint64_t used = 0;
  for (int i = 0; i < 10; ++i) {
    const auto id = limiter.admit(daily(100), {.cost_nanousd = 5000}, start);
    ASSERT_TRUE(id) << "its maximum is more than the budget, what it uses is not";
    EXPECT_FALSE(limiter.admit(daily(100), {.cost_nanousd = 1}, start)) << "not beside it";
    limiter.settle(*id, {.cost_nanousd = 10}, start);
    used += 10;
  }
  EXPECT_EQ(used, 100u);
  const auto refused = limiter.admit(daily(100), {.cost_nanousd = 1}, start);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::quota_exceeded);
  EXPECT_TRUE(limiter.admit(daily(100), {.cost_nanousd = 1}, start + hours(24)));
}

TEST(key_limiter_costs, of_a_window_free_themselves_at_its_end) {
  key_limiter limiter;
  const auto limits = per_window(100);
  const auto first = limiter.admit(limits, {.cost_nanousd = 60}, start);
  const auto crowded = limiter.admit(limits, {.cost_nanousd = 60}, start + seconds(1));
  ASSERT_FALSE(crowded);
  EXPECT_EQ(crowded.error().limit, limit_kind::window_cost);
  EXPECT_EQ(crowded.error().retry_after, seconds(1));
  limiter.settle(*first, {.cost_nanousd = 120}, start + seconds(2));
  const auto spent = limiter.admit(limits, {}, start + seconds(10));
  ASSERT_FALSE(spent);
  EXPECT_EQ(spent.error().code, error_code::rate_limited);
  EXPECT_EQ(spent.error().limit, limit_kind::window_cost);
  EXPECT_EQ(spent.error().retry_after, seconds(50));
  EXPECT_EQ(spent.error().details->members.at(0).second, "0.00000012");
  EXPECT_TRUE(limiter.admit(limits, {.cost_nanousd = 60}, start + minutes(1)));
}

TEST(key_limiter_costs, of_a_window_are_checked_beside_its_tokens) {
  key_limiter limiter;
  auto limits = per_window(100);
  limits.window_tokens = 1'000'000;
  const auto id = limiter.admit(limits, {.tokens = 1, .cost_nanousd = 1}, start);
  limiter.settle(*id, {.tokens = 1, .cost_nanousd = 100}, start);
  EXPECT_EQ(limiter.admit(limits, {.tokens = 1}, start).error().limit, limit_kind::window_cost);
  limits.window_tokens = 1;
  EXPECT_EQ(limiter.admit(limits, {.tokens = 1}, start).error().limit, limit_kind::window_tokens);
}

TEST(key_limiter_costs, take_nothing_for_a_refused_request) {
  key_limiter limiter;
  auto limits = daily(100);
  limits.window_minutes = 1;
  limits.window_requests = 10;
  limits.concurrency = 10;
  const auto held = limiter.admit(limits, {.cost_nanousd = 60}, start);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(limiter.admit(limits, {.cost_nanousd = 41}, start));
  EXPECT_EQ(limiter.window().use(start).requests, 1u);
  EXPECT_EQ(limiter.running(), 1u);
  EXPECT_EQ(limiter.costs().day().reserved(), 60u);
  limiter.cancel(*held, start);
  EXPECT_EQ(limiter.costs().day().reserved(), 0u);
  EXPECT_EQ(limiter.costs().day().used(), 0u);
}

TEST(key_limiter_costs, hold_for_claude_s_models_of_the_week_alone) {
  key_limiter limiter;
  key_limits limits;
  limits.weekly_claude_cost_nanousd = 100;
  const auto claude = limiter.admit(limits, {.cost_nanousd = 90, .claude = true}, start);
  ASSERT_TRUE(claude);
  EXPECT_FALSE(limiter.admit(limits, {.cost_nanousd = 20, .claude = true}, start));
  EXPECT_TRUE(limiter.admit(limits, {.cost_nanousd = 20}, start));
  limiter.settle(*claude, {.cost_nanousd = 100}, start);  // another model has answered
  EXPECT_TRUE(limiter.admit(limits, {.cost_nanousd = 20, .claude = true}, start));
}

TEST(key_limiter_costs, are_kept_until_they_are_surely_stored) {
  key_limiter limiter;
  const auto id = limiter.admit(daily(100), {.cost_nanousd = 60}, start);
  EXPECT_FALSE(limiter.idle(start.steady));
  limiter.settle(*id, {.cost_nanousd = 60}, start);
  EXPECT_FALSE(limiter.idle((start + std::chrono::hours(23)).steady));
  EXPECT_TRUE(limiter.idle((start + std::chrono::hours(24)).steady));
}

TEST(key_limiter_costs, are_not_upset_by_absurd_amounts) {
  key_limiter limiter;
  constexpr auto absurd = std::numeric_limits<std::uint64_t>::max();
  limiter.costs().take_in(limiter.costs().ask(daily(absurd), start.wall), {absurd, absurd, absurd},
                          start.wall);
  EXPECT_FALSE(limiter.admit(daily(absurd), {}, start)) << "used up to the last";
  const auto tomorrow = start + hours(24);
  for (int i = 0; i < 100; ++i) {
    const auto id = limiter.admit(daily(absurd), {.cost_nanousd = absurd}, tomorrow);
    if (!id) break;
    limiter.settle(*id, {.cost_nanousd = absurd}, tomorrow);
  }
  EXPECT_EQ(limiter.costs().total().used(), absurd) << "it does not wrap";
}

// Against a model that knows every request: whatever comes, a limit is passed by one request at
// most, and nobody is refused for good while there is something left.
TEST(key_limiter_costs, are_passed_by_one_request_at_most_under_random_use) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto limits = daily(10'000);
  key_limiter limiter;
  std::map<reservation_id, std::uint64_t> running;  // with what each may cost
  moment now = start;
  std::uint64_t used = 0;
  std::uint64_t day = 0;
  std::size_t admitted = 0, soon = 0, spent = 0;
  for (int step = 0; step < 50'000 && !::testing::Test::HasFatalFailure(); ++step) {
    now += seconds(random() % 30);
    const auto today = static_cast<std::uint64_t>((now.wall - start.wall) / hours(24));
    if (std::exchange(day, today) != today) used = 0;
    std::uint64_t reserved = 0;
    for (const auto& [id, cost] : running) reserved += cost;
    if (random() % 2 == 0) {
      const std::uint64_t estimate = random() % 2 == 0 ? random() % 300 : random() % 20'000;
      const auto outcome = limiter.admit(limits, {.cost_nanousd = estimate}, now);
      const bool fits = reserved == 0 || used + reserved + estimate <= 10'000;
      ASSERT_EQ(outcome.has_value(), used < 10'000 && fits);
      if (outcome) {
        running.emplace(*outcome, estimate);
        ++admitted;
      } else if (outcome.error().code == error_code::quota_exceeded) {
        ASSERT_GE(used, 10'000u);
        ++spent;
      } else {
        ASSERT_LT(used, 10'000u);
        ++soon;
      }
    } else if (!running.empty()) {
      const auto one = std::next(running.begin(), static_cast<long>(random() % running.size()));
      const auto cost = one->second == 0 ? 0 : random() % (one->second + 1);
      if (random() % 8 == 0) {
        limiter.cancel(one->first, now);
      } else {
        limiter.settle(one->first, {.cost_nanousd = cost}, now);
        used += cost;
      }
      running.erase(one);
    }
    ASSERT_LT(used, 10'000u + 20'000u) << "one request's most";
  }
  EXPECT_GT(admitted, 0u);
  EXPECT_GT(soon, 0u);
  EXPECT_GT(spent, 0u);
}

}  // namespace
}  // namespace baton::relay
