#include "relay/key_limiter.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace baton::relay {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const moment start{};

TEST(key_limiter, admits_everything_without_limits) {
  key_limiter limiter;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(limiter.admit({}, {.tokens = std::numeric_limits<std::uint64_t>::max()}, start));
  }
  EXPECT_EQ(limiter.running(), 1000u);
  EXPECT_EQ(limiter.window().use(start).requests, 0u);
}

TEST(key_limiter, refuses_more_requests_at_once_than_allowed) {
  key_limiter limiter;
  const key_limits limits{2, 0, 0, 0};
  const auto first = limiter.admit(limits, {}, start);
  ASSERT_TRUE(first && limiter.admit(limits, {}, start));
  const auto refused = limiter.admit(limits, {}, start);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::rate_limited);
  EXPECT_EQ(refused.error().retry_after, seconds(1));
  EXPECT_EQ(refused.error().text, "Too many concurrent requests. Limit: 2 concurrent requests");
  limiter.settle(*first, {.tokens = 10}, start);
  EXPECT_TRUE(limiter.admit(limits, {}, start));
}

TEST(key_limiter, does_not_count_requests_without_a_slot_as_running) {
  key_limiter limiter;
  const key_limits limits{1, 0, 0, 0};
  ASSERT_TRUE(limiter.admit(limits, {}, start));
  const auto counting = limiter.admit(limits, {.takes_slot = false}, start);
  ASSERT_TRUE(counting);
  EXPECT_EQ(limiter.running(), 1u);
  limiter.settle(*counting, {}, start);
  EXPECT_EQ(limiter.running(), 1u);
}

TEST(key_limiter, counts_requests_in_fixed_windows_from_the_first_one) {
  key_limiter limiter;
  const key_limits limits{0, 1, 2, 0};
  const moment begin = start + seconds(17);
  ASSERT_TRUE(limiter.admit(limits, {}, begin));
  ASSERT_TRUE(limiter.admit(limits, {}, begin + seconds(30)));
  const auto refused = limiter.admit(limits, {}, begin + seconds(40));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::rate_limited);
  EXPECT_EQ(refused.error().retry_after, seconds(20));
  EXPECT_EQ(limiter.window().use(begin + seconds(59)).requests, 2u);
  EXPECT_EQ(limiter.window().use(begin + seconds(60)).requests, 0u);
  EXPECT_TRUE(limiter.admit(limits, {}, begin + seconds(60)));
  EXPECT_EQ(limiter.window().use(begin + seconds(60)).requests, 1u);
}

TEST(key_limiter, never_overshoots_tokens_with_parallel_requests) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 1000};
  ASSERT_TRUE(limiter.admit(limits, {.tokens = 600}, start));
  ASSERT_FALSE(limiter.admit(limits, {.tokens = 600}, start));
  ASSERT_TRUE(limiter.admit(limits, {.tokens = 400}, start));
  const auto refused = limiter.admit(limits, {}, start + seconds(10));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after, seconds(50));
  EXPECT_EQ(limiter.window().use(start).tokens, 1000u);
}

TEST(key_limiter, replaces_the_estimate_with_what_was_used) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 1000};
  const auto id = limiter.admit(limits, {.tokens = 600}, start);
  limiter.settle(*id, {.tokens = 100}, start);
  EXPECT_EQ(limiter.window().use(start).tokens, 100u);
  limiter.settle(*id, {.tokens = 500}, start);
  EXPECT_EQ(limiter.window().use(start).tokens, 100u) << "an id settles once";
  EXPECT_EQ(limiter.running(), 0u);
}

TEST(key_limiter, counts_more_than_was_reserved) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 1000};
  const auto id = limiter.admit(limits, {.tokens = 10}, start);
  limiter.settle(*id, {.tokens = 5000}, start);
  EXPECT_EQ(limiter.window().use(start).tokens, 5000u);
  EXPECT_FALSE(limiter.admit(limits, {}, start));
}

TEST(key_limiter, says_so_when_a_request_is_larger_than_the_whole_window) {
  key_limiter limiter;
  const auto refused = limiter.admit({0, 5, 0, 1000}, {.tokens = 1001}, start);
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().retry_after) << "waiting does not help";
  EXPECT_NE(refused.error().text.find("1001"), std::string::npos);
}

TEST(key_limiter, takes_nothing_for_a_refused_request) {
  key_limiter limiter;
  const key_limits limits{1, 1, 5, 1000};
  ASSERT_FALSE(limiter.admit(limits, {.tokens = 2000}, start));
  EXPECT_TRUE(limiter.idle(start.steady)) << "no window was begun";
  ASSERT_TRUE(limiter.admit(limits, {.tokens = 10}, start));
  ASSERT_FALSE(limiter.admit(limits, {.tokens = 10}, start));
  EXPECT_EQ(limiter.window().use(start).requests, 1u);
  EXPECT_EQ(limiter.window().use(start).tokens, 10u);
  EXPECT_EQ(limiter.running(), 1u);
}

TEST(key_limiter, gives_everything_back_when_a_request_is_cancelled) {
  key_limiter limiter;
  const key_limits limits{1, 1, 1, 1000};
  const auto id = limiter.admit(limits, {.tokens = 10}, start);
  limiter.cancel(*id, start);
  EXPECT_EQ(limiter.window().use(start).requests, 0u);
  EXPECT_EQ(limiter.window().use(start).tokens, 0u);
  EXPECT_EQ(limiter.running(), 0u);
  limiter.cancel(*id, start);
  limiter.settle(*id, {.tokens = 100}, start);
  limiter.settle(987654, {.tokens = 100}, start);
  EXPECT_EQ(limiter.window().use(start).tokens, 0u);
  EXPECT_TRUE(limiter.admit(limits, {.tokens = 10}, start));
}

TEST(key_limiter, does_not_charge_a_new_window_for_requests_of_the_last_one) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 1000};
  const auto slow = limiter.admit(limits, {.tokens = 900}, start);
  const auto dropped = limiter.admit(limits, {.tokens = 50}, start);
  ASSERT_TRUE(limiter.admit(limits, {.tokens = 200}, start + minutes(2)));
  limiter.settle(*slow, {.tokens = 800}, start + minutes(2));
  limiter.cancel(*dropped, start + minutes(2));
  EXPECT_EQ(limiter.window().use(start + minutes(2)).tokens, 200u);
  EXPECT_EQ(limiter.window().use(start + minutes(2)).requests, 1u);
  EXPECT_EQ(limiter.running(), 1u);
}

TEST(key_limiter, follows_limits_that_change_while_a_window_is_open) {
  key_limiter limiter;
  ASSERT_TRUE(limiter.admit({0, 60, 1, 0}, {}, start));
  ASSERT_FALSE(limiter.admit({0, 60, 1, 0}, {}, start + minutes(2)));
  EXPECT_TRUE(limiter.admit({0, 60, 2, 0}, {}, start + minutes(2)));
  EXPECT_TRUE(limiter.admit({0, 1, 1, 0}, {}, start + minutes(3))) << "the window became shorter";
  EXPECT_TRUE(limiter.admit({0, 0, 1, 0}, {}, start + minutes(3))) << "no window, no limit";
}

TEST(key_limiter, counts_cost_beside_tokens) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 1000};
  const auto first = limiter.admit(limits, {.tokens = 100, .cost_nanousd = 700}, start);
  const auto second = limiter.admit(limits, {.tokens = 1, .cost_nanousd = 50}, start);
  const auto third = limiter.admit(limits, {.cost_nanousd = 5}, start);
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(limiter.window().use(start).cost_nanousd, 755u) << "reserved";
  limiter.settle(*first, {.tokens = 20, .cost_nanousd = 1000}, start);
  EXPECT_EQ(limiter.window().use(start).cost_nanousd, 1055u) << "used";
  EXPECT_EQ(limiter.window().use(start).tokens, 21u);
  limiter.cancel(*second, start);
  EXPECT_EQ(limiter.window().use(start).cost_nanousd, 1005u);
  EXPECT_EQ(limiter.window().use(start + minutes(1)).cost_nanousd, 0u) << "the window is over";
  limiter.settle(*third, {.cost_nanousd = 9}, start + minutes(1));
  EXPECT_EQ(limiter.window().use(start + minutes(1)).cost_nanousd, 0u);
}

TEST(key_limiter, is_not_upset_by_absurd_amounts) {
  key_limiter limiter;
  const key_limits limits{0, 1, 0, 0};
  constexpr auto absurd = std::numeric_limits<std::uint64_t>::max();
  for (int i = 0; i < 100; ++i) {
    const auto id = limiter.admit(limits, {.tokens = absurd, .cost_nanousd = absurd}, start);
    ASSERT_TRUE(id);
    limiter.settle(*id, {.tokens = absurd, .cost_nanousd = absurd}, start);
  }
  EXPECT_EQ(limiter.window().use(start).cost_nanousd, absurd) << "no wrapping";
  EXPECT_EQ(limiter.window().use(start).tokens, 100 * (std::uint64_t{1} << 40));
}

TEST(key_limiter, says_what_a_window_has_room_for_without_taking_it) {
  key_limiter limiter;
  const key_limits limits{1, 1, 0, 1000};
  EXPECT_TRUE(limiter.check_left(limits, {.tokens = 1000}, start));
  EXPECT_FALSE(limiter.check_left(limits, {.tokens = 1001}, start));
  EXPECT_TRUE(limiter.idle(start.steady));
  ASSERT_TRUE(limiter.admit(limits, {.tokens = 600}, start));
  EXPECT_TRUE(limiter.check_left(limits, {.tokens = 400}, start)) << "slots do not matter";
  const auto refused = limiter.check_left(limits, {.tokens = 401}, start + seconds(10));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after, seconds(50));
  EXPECT_TRUE(limiter.check_left(limits, {.tokens = 401}, start + minutes(1)));
  EXPECT_TRUE(limiter.has_free_slot({}));
  EXPECT_FALSE(limiter.has_free_slot(limits));
}

TEST(key_limiter, is_idle_when_nothing_runs_and_no_window_is_open) {
  key_limiter limiter;
  EXPECT_TRUE(limiter.idle(start.steady));
  const auto id = limiter.admit({0, 1, 5, 0}, {}, start);
  EXPECT_FALSE(limiter.idle((start + minutes(2)).steady));
  limiter.settle(*id, {.tokens = 1}, start);
  EXPECT_FALSE(limiter.idle((start + seconds(59)).steady));
  EXPECT_TRUE(limiter.idle((start + seconds(60)).steady));
}

TEST(key_limiter, keeps_its_promises_under_random_use) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const key_limits limits{5, 1, 40, 10'000};
  key_limiter limiter;
  std::vector<reservation_id> running;
  moment now = start;
  for (int step = 0; step < 20'000; ++step) {
    now += std::chrono::milliseconds(random() % 3000);
    if (random() % 2 == 0) {
      if (const auto id = limiter.admit(limits, {.tokens = random() % 3000}, now)) {
        running.push_back(*id);
        ASSERT_LE(limiter.window().use(now).tokens, limits.window_tokens);
      }
    } else if (!running.empty()) {
      std::swap(running[random() % running.size()], running.back());
      // Never more than any estimate, so that the window's sum stays within its limit.
      random() % 4 == 0 ? limiter.cancel(running.back(), now)
                        : limiter.settle(running.back(), {}, now);
      running.pop_back();
    }
    ASSERT_EQ(limiter.running(), running.size());
    ASSERT_LE(limiter.running(), limits.concurrency);
    ASSERT_LE(limiter.window().use(now).requests, limits.window_requests);
  }
  for (const auto id : running) limiter.settle(id, {}, now);
  EXPECT_TRUE(limiter.idle((now + minutes(1)).steady));
}

}  // namespace
}  // namespace baton::relay
