#include "relay/cost_period.hpp"

#include <gtest/gtest.h>

#include <random>

namespace baton::relay {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

wall_time utc(int year, unsigned month, unsigned day, int hour = 0) {
  return std::chrono::sys_days(std::chrono::year(year) / month / day) + hours(hour);
}

TEST(cost_period, a_day_begins_at_midnight_of_the_offset) {
  EXPECT_EQ(day_start(utc(2026, 11, 24, 15), hours(0)), utc(2026, 11, 24));
  EXPECT_EQ(day_start(utc(2026, 11, 24, 15), hours(8)), utc(2026, 11, 23, 16));
  EXPECT_EQ(day_start(utc(2026, 11, 24, 16), hours(8)), utc(2026, 11, 24, 16));
  EXPECT_EQ(day_start(utc(2026, 11, 24, 4), hours(-5)), utc(2026, 11, 23, 5));
  EXPECT_EQ(day_start(utc(2026, 11, 24) - milliseconds(1), hours(0)), utc(2026, 11, 23));
}

TEST(cost_period, a_week_begins_at_its_hour_of_its_day) {
  // 2026-11-23 is a Monday.
  EXPECT_EQ(week_start_at(utc(2026, 11, 24, 15), {1, 0}, hours(0)), utc(2026, 11, 23));
  EXPECT_EQ(week_start_at(utc(2026, 11, 22, 23), {1, 0}, hours(0)), utc(2026, 11, 16));
  EXPECT_EQ(week_start_at(utc(2026, 11, 23, 8), {1, 9}, hours(0)), utc(2026, 11, 16, 9));
  EXPECT_EQ(week_start_at(utc(2026, 11, 23, 9), {1, 9}, hours(0)), utc(2026, 11, 23, 9));
  EXPECT_EQ(week_start_at(utc(2026, 11, 24), {7, 23}, hours(0)), utc(2026, 11, 22, 23));
  EXPECT_EQ(week_start_at(utc(2026, 11, 22, 17), {1, 0}, hours(8)), utc(2026, 11, 22, 16));
  EXPECT_EQ(week_start_at(utc(2026, 11, 23, 4), {1, 0}, hours(-5)), utc(2026, 11, 16, 5));
}

TEST(cost_period, knows_no_daylight_saving) {
  // Both nights on which clocks change somewhere are as long as any other.
  for (const auto night : {utc(2026, 3, 29), utc(2026, 10, 25)}) {
    EXPECT_EQ(day_start(night + hours(30), hours(1)) - day_start(night + hours(6), hours(1)),
              days(1));
  }
}

TEST(cost_period, of_any_rule_holds_the_moment_and_is_as_long_as_it_should_be) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const wall_time time(milliseconds(static_cast<std::int64_t>(random() % 4'000'000'000'000)));
    const hours offset(static_cast<int>(random() % 27) - 12);
    const week_start rule{static_cast<std::uint8_t>(random() % 256),
                          static_cast<std::uint8_t>(random() % 24)};
    const auto day = day_start(time, offset);
    ASSERT_TRUE(day <= time && time < day + days(1));
    const auto week = week_start_at(time, rule, offset);
    ASSERT_TRUE(week <= time && time < week + days(7));
    ASSERT_EQ(week_start_at(week + days(7) - milliseconds(1), rule, offset), week);
    ASSERT_EQ(week_start_at(week + days(7), rule, offset), week + days(7));
    ASSERT_EQ(week, std::chrono::floor<hours>(week)) << "usage is kept by the hour";
  }
}

}  // namespace
}  // namespace baton::relay
