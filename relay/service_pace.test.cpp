#include "relay/service_pace.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const steady_time start{hours(1)};

// One turn every `interval`, 100 times; the time of the last one.
steady_time serve(service_pace& pace, steady_time from, steady_time::duration interval) {
  pace.waiting_began(from);
  for (int i = 0; i < 100; ++i) pace.served(from += interval);
  return from;
}

TEST(service_pace, multiplies_the_measured_interval_by_those_ahead) {
  service_pace pace;
  const auto now = serve(pace, start, seconds(2));
  EXPECT_EQ(pace.time_for(5, now), seconds(10));
  EXPECT_EQ(pace.time_for(20, now), seconds(40));
}

TEST(service_pace, stays_between_a_second_and_five_minutes) {
  service_pace pace;
  EXPECT_EQ(pace.time_for(0, start), seconds(1));
  const auto fast = serve(pace, start, milliseconds(10));
  EXPECT_EQ(pace.time_for(3, fast), seconds(1));
  const auto slow = serve(pace, start, seconds(50));
  EXPECT_EQ(pace.time_for(1'000'000'000, slow), seconds(300));
}

TEST(service_pace, follows_a_line_that_becomes_slower) {
  service_pace pace;
  const auto fast = serve(pace, start, seconds(1));
  EXPECT_EQ(pace.time_for(10, fast), seconds(10));
  const auto slow = serve(pace, fast, seconds(10));
  EXPECT_EQ(pace.time_for(10, slow), seconds(100));
}

TEST(service_pace, is_not_upset_by_one_interval) {
  service_pace pace;
  auto now = serve(pace, start, seconds(1));
  pace.served(now += seconds(9));
  EXPECT_EQ(pace.time_for(10, now), seconds(20));
}

TEST(service_pace, does_not_count_the_time_in_which_nobody_waited) {
  service_pace pace;
  const auto now = serve(pace, start, seconds(2)) + hours(3);
  pace.waiting_began(now);
  EXPECT_EQ(pace.time_for(10, now), seconds(20));
  pace.served(now + seconds(2));
  EXPECT_EQ(pace.time_for(10, now + seconds(2)), seconds(20));
}

TEST(service_pace, expects_no_more_of_a_line_that_stands_still) {
  service_pace pace;
  const auto now = serve(pace, start, seconds(2));
  EXPECT_EQ(pace.time_for(4, now + seconds(30)), seconds(120));
}

TEST(service_pace, knows_how_long_nobody_was_served_before_the_first) {
  service_pace pace;
  pace.waiting_began(start);
  EXPECT_EQ(pace.time_for(2, start + seconds(7)), seconds(14));
}

}  // namespace
}  // namespace baton::relay
