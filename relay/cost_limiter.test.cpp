#include "relay/cost_limiter.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace baton::relay {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

// A Tuesday.
const wall_time noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + hours(12);
const wall_time midnight = noon + hours(12);

key_limits daily(std::uint64_t limit) {
  key_limits limits;
  limits.daily_cost_nanousd = limit;
  return limits;
}
key_limits weekly(std::uint64_t limit, week_start week = {}) {
  key_limits limits;
  limits.weekly_claude_cost_nanousd = limit;
  limits.week = week;
  return limits;
}
usage_amount cost(std::uint64_t nanousd, bool claude = false) {
  return {.cost_nanousd = nanousd, .claude = claude};
}

std::string member(const error& refused, std::string_view name) {
  for (const auto& [each, value] : refused.details->members) {
    if (each == name) return value;
  }
  return "";
}

TEST(cost_limiter, refuses_what_is_used_up_and_says_until_when) {
  cost_limiter limiter(hours(0));
  const auto limits = daily(2'500'000'000);
  limiter.add(cost(2'499'999'999), noon);
  EXPECT_TRUE(limiter.check_spent(limits, {}, noon));
  limiter.add(cost(1), noon);
  const auto refused = limiter.check_spent(limits, {}, noon);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::quota_exceeded);
  EXPECT_EQ(refused.error().limit, limit_kind::daily_cost);
  EXPECT_EQ(refused.error().details->name, "daily_cost_limit_exceeded");
  EXPECT_EQ(member(refused.error(), "currentCost"), "2.5");
  EXPECT_EQ(member(refused.error(), "costLimit"), "2.5");
  EXPECT_EQ(member(refused.error(), "resetAt"), R"("2026-11-25T00:00:00.000Z")");
  EXPECT_NE(refused.error().text.find("$2.50 of $2.5"), std::string::npos) << refused.error().text;
  EXPECT_EQ(refused.error().retry_after, std::nullopt);
}

TEST(cost_limiter, begins_a_new_day_at_midnight_of_its_offset) {
  cost_limiter limiter(hours(8));
  const auto limits = daily(10);
  limiter.add(cost(10), noon);
  const auto refused = limiter.check_spent(limits, {}, midnight - hours(8) - milliseconds(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(member(refused.error(), "resetAt"), R"("2026-11-24T16:00:00.000Z")");
  EXPECT_TRUE(limiter.check_spent(limits, {}, midnight - hours(8)));
}

TEST(cost_limiter, keeps_the_total_for_ever) {
  cost_limiter limiter(hours(0));
  key_limits limits;
  limits.total_cost_nanousd = 10;
  limiter.add(cost(10), noon);
  const auto refused = limiter.check_spent(limits, {}, noon + days(10'000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details->name, "total_cost_limit_exceeded");
  EXPECT_EQ(member(refused.error(), "resetAt"), "");
}

TEST(cost_limiter, counts_a_week_of_claude_s_models_only) {
  cost_limiter limiter(hours(0));
  const auto limits = weekly(10, {3, 5});  // Wednesdays at five
  limiter.add(cost(100), noon);
  EXPECT_TRUE(limiter.check_spent(limits, cost(1, true), noon));
  limiter.add(cost(10, true), noon);
  const auto refused = limiter.check_spent(limits, cost(1, true), noon);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details->name, "weekly_opus_cost_limit_exceeded");
  EXPECT_EQ(member(refused.error(), "resetAt"), R"("2026-11-25T05:00:00.000Z")");
  EXPECT_TRUE(limiter.check_spent(limits, cost(1, false), noon)) << "other models";
  EXPECT_FALSE(limiter.check_spent(limits, cost(1, true), midnight + hours(5) - milliseconds(1)));
  EXPECT_TRUE(limiter.check_spent(limits, cost(1, true), midnight + hours(5)));
}

TEST(cost_limiter, counts_a_request_on_the_day_on_which_it_ends) {
  cost_limiter limiter(hours(0));
  const auto limits = daily(100);
  EXPECT_TRUE(limiter.check_spent(limits, cost(80), midnight - hours(1)));
  limiter.reserve(cost(80));
  EXPECT_FALSE(limiter.check_room(limits, cost(30), 1));
  EXPECT_TRUE(limiter.check_spent(limits, cost(30), midnight));
  EXPECT_FALSE(limiter.check_room(limits, cost(30), 1)) << "it may end on the new day";
  limiter.release(cost(80));
  limiter.add(cost(100), midnight);
  EXPECT_FALSE(limiter.check_spent(limits, cost(1), midnight));
}

TEST(cost_limiter, is_not_given_a_day_twice_by_a_clock_that_is_set_back) {
  cost_limiter limiter(hours(0));
  const auto limits = daily(10);
  limiter.add(cost(10), midnight);
  EXPECT_FALSE(limiter.check_spent(limits, {}, midnight - milliseconds(1)));
  EXPECT_FALSE(limiter.check_spent(limits, {}, midnight));
}

TEST(cost_limiter, lets_what_runs_end_before_the_rest_is_given_away) {
  cost_limiter limiter(hours(0));
  const auto limits = daily(100);
  EXPECT_TRUE(limiter.check_room(limits, cost(5000), 0)) << "alone, a request may cost more";
  limiter.reserve(cost(60));
  EXPECT_TRUE(limiter.check_room(limits, cost(40), 1));
  const auto refused = limiter.check_room(limits, cost(41), 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::rate_limited);
  EXPECT_EQ(refused.error().limit, limit_kind::daily_cost);
  EXPECT_EQ(refused.error().retry_after, std::chrono::seconds(1));
  EXPECT_EQ(limiter.check_room(limits, cost(41), 900).error().retry_after, std::chrono::seconds(5));
}

// What the store knows.

TEST(cost_limiter, asks_only_where_a_limit_needs_it) {
  cost_limiter limiter(hours(0));
  key_limits limits;
  limits.window_cost_nanousd = limits.window_minutes = limits.concurrency = 1;
  EXPECT_FALSE(limiter.needs_sums(limits, noon));
  EXPECT_TRUE(limiter.needs_sums(daily(1), noon));
  const auto asked = limiter.ask(daily(1), noon);
  EXPECT_EQ(asked.day, noon - hours(12));
  EXPECT_EQ(asked.week, noon - hours(36));
  limiter.take_in(asked, {5, 6, 7}, noon);
  EXPECT_FALSE(limiter.needs_sums(daily(1), noon));
  EXPECT_FALSE(limiter.needs_sums(weekly(1), noon)) << "all three were asked for";
  EXPECT_FALSE(limiter.needs_sums(daily(1), noon + days(1))) << "nothing was used yet";
  EXPECT_TRUE(limiter.needs_sums(weekly(1, {2, 0}), noon)) << "this is another week";
}

TEST(cost_limiter, goes_on_from_what_is_stored) {
  cost_limiter limiter(hours(0));
  limiter.take_in(limiter.ask(daily(10), noon), {9, 0, 90}, noon);
  limiter.add(cost(1), noon);
  EXPECT_EQ(limiter.day().used(), 10u);
  EXPECT_EQ(limiter.total().used(), 91u);
  EXPECT_FALSE(limiter.check_spent(daily(10), {}, noon));
}

TEST(cost_limiter, counts_nothing_twice_that_ends_while_it_asks) {
  cost_limiter limiter(hours(0));
  limiter.add(cost(5), noon);  // the store did not answer before
  const auto asked = limiter.ask(daily(100), noon);
  limiter.add(cost(3), noon);
  limiter.take_in(asked, {28, 0, 28}, noon);  // 20 of earlier, and both
  EXPECT_EQ(limiter.day().used(), 28u);
  EXPECT_TRUE(limiter.needs_sums(daily(100), noon)) << "the answer may have missed one of them";

  limiter.take_in(limiter.ask(daily(100), noon), {28, 0, 28}, noon);
  EXPECT_EQ(limiter.day().used(), 28u);
  EXPECT_FALSE(limiter.needs_sums(daily(100), noon));
}

TEST(cost_limiter, catches_up_with_what_an_answer_has_missed) {
  cost_limiter limiter(hours(0));
  const auto asked = limiter.ask(daily(100), noon);
  limiter.add(cost(3), noon);
  limiter.take_in(asked, {20, 0, 20}, noon);
  EXPECT_EQ(limiter.day().used(), 20u);
  limiter.take_in(limiter.ask(daily(100), noon), {23, 0, 23}, noon);
  EXPECT_EQ(limiter.day().used(), 23u);
}

TEST(cost_limiter, takes_no_sum_of_a_day_that_is_over) {
  cost_limiter limiter(hours(0));
  const auto asked = limiter.ask(daily(100), midnight - milliseconds(1));
  limiter.take_in(asked, {90, 70, 500}, midnight);
  EXPECT_EQ(limiter.day().used(), 0u);
  EXPECT_EQ(limiter.week().used(), 70u);
  EXPECT_EQ(limiter.total().used(), 500u);
  EXPECT_FALSE(limiter.needs_sums(daily(100), midnight));
}

TEST(cost_limiter, takes_no_sum_of_another_week) {
  cost_limiter limiter(hours(0));
  const auto asked = limiter.ask(weekly(100, {1, 0}), noon);
  EXPECT_TRUE(limiter.needs_sums(weekly(100, {2, 0}), noon));
  limiter.take_in(asked, {1, 99, 99}, noon);
  EXPECT_EQ(limiter.week().used(), 0u);
  EXPECT_TRUE(limiter.needs_sums(weekly(100, {2, 0}), noon));
}

}  // namespace
}  // namespace baton::relay
