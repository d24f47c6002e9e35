#include "storage/usage_range.hpp"

#include <gtest/gtest.h>

namespace baton::storage {
namespace {

using namespace std::chrono;
using ranges = std::vector<usage_range>;

wall_time utc(int year_number, unsigned month_number, unsigned day_number, int hour = 0) {
  return sys_days(year(year_number) / month(month_number) / day(day_number)) + hours(hour);
}

TEST(usage_range, knows_where_periods_start) {
  const auto time = utc(2024, 2, 29, 13) + minutes(59) + milliseconds(1);
  EXPECT_EQ(start_of(period::hour, time), utc(2024, 2, 29, 13));
  EXPECT_EQ(start_of(period::day, time), utc(2024, 2, 29));
  EXPECT_EQ(start_of(period::month, time), utc(2024, 2, 1));
  EXPECT_EQ(start_of(period::all, time), wall_time{});
  EXPECT_EQ(start_of(period::month, utc(2024, 2, 1)), utc(2024, 2, 1));
}

TEST(usage_range, takes_whole_months_and_days_and_hours_at_the_edges) {
  EXPECT_EQ(ranges_covering(utc(2025, 12, 30, 22), utc(2026, 3, 2, 3), period::all),
            (ranges{{period::hour, utc(2025, 12, 30, 22), utc(2025, 12, 31)},
                    {period::day, utc(2025, 12, 31), utc(2026, 1, 1)},
                    {period::month, utc(2026, 1, 1), utc(2026, 3, 1)},
                    {period::day, utc(2026, 3, 1), utc(2026, 3, 2)},
                    {period::hour, utc(2026, 3, 2), utc(2026, 3, 2, 3)}}));
}

TEST(usage_range, takes_nothing_longer_than_was_asked_for) {
  const auto from = utc(2026, 1, 1), to = utc(2027, 1, 1);
  EXPECT_EQ(ranges_covering(from, to, period::hour), (ranges{{period::hour, from, to}}));
  EXPECT_EQ(ranges_covering(from, to, period::day), (ranges{{period::day, from, to}}));
  EXPECT_EQ(ranges_covering(from, to, period::month), (ranges{{period::month, from, to}}));
  EXPECT_EQ(ranges_covering(from, to, period::all), (ranges{{period::month, from, to}}));
}

TEST(usage_range, leaves_out_an_hour_that_began_before_and_takes_one_that_ends_after) {
  EXPECT_EQ(ranges_covering(utc(2026, 1, 5, 3) + milliseconds(1), utc(2026, 1, 5, 5) + minutes(1),
                            period::all),
            (ranges{{period::hour, utc(2026, 1, 5, 4), utc(2026, 1, 5, 6)}}));
}

TEST(usage_range, is_everything_without_limits) {
  const auto all = ranges_covering(std::nullopt, std::nullopt, period::all);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, period::month);
  EXPECT_EQ(all[0].begin, wall_time{});
  EXPECT_GT(all[0].end, utc(9000, 1, 1));
}

TEST(usage_range, is_nothing_when_it_ends_before_it_begins) {
  EXPECT_TRUE(ranges_covering(utc(2026, 1, 2), utc(2026, 1, 2), period::all).empty());
  EXPECT_TRUE(ranges_covering(utc(2026, 1, 2), utc(2026, 1, 1), period::day).empty());
}

TEST(usage_range, survives_times_at_the_ends_of_the_number_range) {
  for (const auto kind : {period::hour, period::day, period::month, period::all}) {
    EXPECT_EQ(ranges_covering(wall_time::min(), wall_time::max(), kind),
              ranges_covering(std::nullopt, std::nullopt, kind));
    EXPECT_TRUE(ranges_covering(wall_time::max(), wall_time::min(), kind).empty());
  }
}

TEST(usage_range, lists_its_periods_unless_they_are_too_many) {
  using namespace std::chrono;
  const wall_time january = sys_days{year(2026) / 1 / 1};
  const wall_time march = sys_days{year(2026) / 3 / 1};
  const wall_time february = sys_days{year(2026) / 2 / 1};
  EXPECT_EQ(starts_in({period::month, january, march}, 2), (std::vector{january, february}));
  EXPECT_FALSE(starts_in({period::month, january, march}, 1));
  EXPECT_EQ(starts_in({period::month, march, january}, 0), std::vector<wall_time>{});
}

}  // namespace
}  // namespace baton::storage
