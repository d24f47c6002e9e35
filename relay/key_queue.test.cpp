#include "relay/key_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace baton::relay {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const moment start = moment{} + std::chrono::hours(1);
const steady_time never = steady_time::max();

key_limits limits_of(std::uint32_t concurrency, std::uint32_t queue) {
  key_limits limits;
  limits.concurrency = concurrency;
  limits.queue = queue;
  return limits;
}

std::vector<key_queue::place> places(const std::vector<key_queue::decision>& decided) {
  std::vector<key_queue::place> found;
  for (const auto& each : decided) found.push_back(each.who);
  return found;
}
using these = std::vector<key_queue::place>;

TEST(key_queue, admits_at_once_while_there_are_slots) {
  key_queue queue;
  const auto limits = limits_of(2, 10);
  for (const key_queue::place who : {1, 2}) {
    const auto admitted = queue.admit(who, limits, {}, never, start);
    ASSERT_TRUE(admitted && *admitted);
  }
  EXPECT_FALSE(queue.admit(3, limits, {}, never, start)) << "it waits";
  EXPECT_EQ(queue.waiting(), 1u);
  EXPECT_EQ(queue.limiter().running(), 2u);
}

TEST(key_queue, serves_first_come_first) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  auto running = **queue.admit(1, limits, {}, never, start);
  for (const key_queue::place who : {7, 3, 5}) queue.admit(who, limits, {}, never, start);
  EXPECT_TRUE(queue.decide(start).empty()) << "nothing has ended";
  these order;
  for (int i = 0; i < 3; ++i) {
    queue.settle(running, {}, start);
    const auto decided = queue.decide(start);
    ASSERT_EQ(decided.size(), 1u);
    ASSERT_TRUE(decided[0].admitted);
    running = *decided[0].admitted;
    order.push_back(decided[0].who);
  }
  EXPECT_EQ(order, (these{7, 3, 5}));
}

TEST(key_queue, gives_a_cancelled_request_s_slot_to_the_next) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  const auto running = **queue.admit(1, limits, {}, never, start);
  queue.admit(2, limits, {}, never, start);
  queue.cancel(running, start);
  EXPECT_EQ(places(queue.decide(start)), these{2});
}

TEST(key_queue, lets_no_newcomer_overtake) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  const auto running = **queue.admit(1, limits, {}, never, start);
  queue.admit(2, limits, {}, never, start);
  queue.settle(running, {}, start);
  EXPECT_FALSE(queue.admit(3, limits, {}, never, start)) << "the free slot belongs to another";
  EXPECT_EQ(places(queue.decide(start)), these{2});
}

TEST(key_queue, refuses_at_once_where_the_key_has_no_queue) {
  key_queue queue;
  ASSERT_TRUE(*queue.admit(1, limits_of(1, 0), {}, never, start));
  const auto refused = queue.admit(2, limits_of(1, 0), {}, never, start);
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(refused->error().code, error_code::rate_limited);
  EXPECT_EQ(refused->error().text, "Too many concurrent requests. Limit: 1 concurrent requests");
  EXPECT_EQ(refused->error().retry_after, seconds(1));
}

TEST(key_queue, has_so_many_places) {
  key_queue queue;
  const auto limits = limits_of(1, 2);
  for (const key_queue::place who : {1, 2, 3}) queue.admit(who, limits, {}, never, start);
  const auto refused = queue.admit(4, limits, {}, never, start);
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(refused->error().code, error_code::rate_limited);
  EXPECT_NE(refused->error().text.find("1 concurrent requests, 2 waiting"), std::string::npos);
  EXPECT_EQ(queue.waiting(), 2u);
  queue.leave(2);
  EXPECT_FALSE(queue.admit(4, limits, {}, never, start)) << "a place became free";
}

TEST(key_queue, lets_what_takes_no_slot_pass) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  for (const key_queue::place who : {1, 2}) queue.admit(who, limits, {}, never, start);
  const auto counting = queue.admit(3, limits, {.takes_slot = false}, never, start);
  EXPECT_TRUE(counting && *counting);
  EXPECT_TRUE(queue.decide(start).empty());
}

TEST(key_queue, says_when_the_line_will_have_moved_on) {
  key_queue queue;
  const auto limits = limits_of(1, 2);
  auto now = start;
  auto running = **queue.admit(0, limits, {}, never, now);
  key_queue::place next = 1;
  while (queue.waiting() < 2) queue.admit(next++, limits, {}, never, now);
  for (int i = 0; i < 50; ++i) {
    now += seconds(4);
    queue.settle(running, {}, now);
    running = *queue.decide(now).at(0).admitted;
    queue.admit(next++, limits, {}, never, now);
  }
  const auto refused = queue.admit(next, limits, {}, never, now);
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(refused->error().retry_after, seconds(12)) << "two that wait, and this one";
}

TEST(key_queue, refuses_those_whose_time_is_over) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  const auto running = **queue.admit(1, limits, {}, never, start);
  queue.admit(2, limits, {}, (start + seconds(20)).steady, start);
  queue.admit(3, limits, {}, (start + seconds(10)).steady, start);
  queue.admit(4, limits, {}, (start + seconds(30)).steady, start);
  EXPECT_TRUE(queue.decide(start + seconds(9)).empty());
  EXPECT_EQ(places(queue.decide(start + seconds(10))), these{3});
  // Even if there is a slot now: the client may have gone.
  queue.settle(running, {}, start + seconds(20));
  const auto decided = queue.decide(start + seconds(20));
  ASSERT_EQ(places(decided), (these{2, 4}));
  ASSERT_FALSE(decided[0].admitted);
  EXPECT_EQ(decided[0].admitted.error().code, error_code::rate_limited);
  EXPECT_EQ(decided[0].admitted.error().retry_after, seconds(40))
      << "two waited, and nobody was served for 20 s";
  EXPECT_TRUE(decided[1].admitted);
}

TEST(key_queue, lets_nobody_join_whose_time_is_over) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  queue.admit(1, limits, {}, never, start);
  const auto refused = queue.admit(2, limits, {}, start.steady, start);
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(queue.waiting(), 0u);
}

TEST(key_queue, forgets_who_leaves) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  const auto running = **queue.admit(1, limits, {}, never, start);
  for (const key_queue::place who : {2, 3, 4}) queue.admit(who, limits, {}, never, start);
  queue.leave(3);
  queue.leave(3);
  queue.leave(1);
  queue.leave(99);
  EXPECT_EQ(queue.waiting(), 2u);
  EXPECT_EQ(queue.limiter().running(), 1u) << "what runs is settled, not left";
  queue.settle(running, {}, start);
  const auto decided = queue.decide(start);
  EXPECT_EQ(places(decided), these{2});
  queue.settle(*decided[0].admitted, {}, start);
  EXPECT_EQ(places(queue.decide(start)), these{4});
}

TEST(key_queue, lets_nobody_wait_where_a_window_is_used_up) {
  key_queue queue;
  auto limits = limits_of(1, 10);
  limits.window_minutes = 1;
  limits.window_requests = 1;
  ASSERT_TRUE(*queue.admit(1, limits, {}, never, start));
  const auto refused = queue.admit(2, limits, {}, never, start + seconds(15));
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(refused->error().retry_after, seconds(45)) << "the window's end";
  limits.window_requests = 0;
  limits.window_tokens = 100;
  EXPECT_FALSE(*queue.admit(3, limits, {.tokens = 101}, never, start));
  EXPECT_EQ(queue.waiting(), 0u);
}

TEST(key_queue, refuses_by_a_window_that_was_used_up_while_they_waited) {
  key_queue queue;
  auto limits = limits_of(1, 10);
  limits.window_minutes = 1;
  limits.window_tokens = 1000;
  const auto running = **queue.admit(1, limits, {.tokens = 10}, never, start);
  queue.admit(2, limits, {.tokens = 600}, never, start);
  queue.admit(3, limits, {.tokens = 50}, never, start);
  queue.admit(4, limits, {.tokens = 50}, never, start);
  queue.settle(running, {.tokens = 500}, start + seconds(20));
  const auto decided = queue.decide(start + seconds(20));
  ASSERT_EQ(places(decided), (these{2, 3})) << "who is refused makes way for the next";
  ASSERT_FALSE(decided[0].admitted);
  EXPECT_EQ(decided[0].admitted.error().retry_after, seconds(40));
  ASSERT_TRUE(decided[1].admitted);
  EXPECT_EQ(queue.waiting(), 1u);
  EXPECT_EQ(queue.limiter().window().use(start + seconds(20)).tokens, 550u);
}

TEST(key_queue, is_idle_when_nobody_waits_and_nothing_runs) {
  key_queue queue;
  const auto limits = limits_of(1, 10);
  EXPECT_TRUE(queue.idle(start.steady));
  const auto running = **queue.admit(1, limits, {}, never, start);
  queue.admit(2, limits, {}, never, start);
  queue.settle(running, {}, start);
  EXPECT_FALSE(queue.idle(start.steady));
  queue.leave(2);
  EXPECT_TRUE(queue.idle(start.steady));
}

TEST(key_queue, admits_exactly_as_many_of_1000_at_once_as_it_may) {
  key_queue queue;
  const auto limits = limits_of(10, 1000);
  std::deque<reservation_id> running;
  for (key_queue::place who = 0; who < 1000; ++who) {
    if (const auto admitted = queue.admit(who, limits, {}, never, start)) {
      ASSERT_TRUE(*admitted);
      running.push_back(**admitted);
    }
  }
  EXPECT_EQ(running.size(), 10u);
  EXPECT_EQ(queue.waiting(), 990u);
  key_queue::place next = 10;
  while (!running.empty()) {
    ASSERT_EQ(queue.limiter().running(), running.size());
    queue.settle(running.front(), {}, start);
    running.pop_front();
    for (const auto& each : queue.decide(start)) {
      ASSERT_EQ(each.who, next++);
      ASSERT_TRUE(each.admitted);
      running.push_back(*each.admitted);
    }
  }
  EXPECT_EQ(next, 1000u);
  EXPECT_TRUE(queue.idle(start.steady));
}

// Everybody is decided about once, in order, and the limits hold at every moment.
TEST(key_queue, loses_nobody_under_random_use) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto limits = limits_of(10, 30);
  key_queue queue;
  std::deque<std::pair<key_queue::place, steady_time>> waiting;  // what should be
  std::set<reservation_id> running;
  key_queue::place next = 1;
  moment now = start;
  std::size_t came = 0, admitted = 0, refused = 0, left = 0;

  const auto note = [&](const result<reservation_id>& decision) {
    if (!decision) return void(++refused);
    ++admitted;
    ASSERT_TRUE(running.insert(*decision).second) << "no reservation is given twice";
  };
  const auto end_one = [&] {
    if (running.empty()) return;
    const auto id = *std::next(running.begin(), static_cast<long>(random() % running.size()));
    random() % 4 == 0 ? queue.cancel(id, now) : queue.settle(id, {}, now);
    running.erase(id);
  };
  const auto arrive = [&] {
    ++came;
    const auto deadline = now.steady + seconds(1 + random() % 20);
    const bool must_wait = running.size() >= 10 || !waiting.empty();
    const auto decision = queue.admit(next, limits, {}, deadline, now);
    ASSERT_EQ(!decision, must_wait && waiting.size() < 30);
    if (decision) {
      ASSERT_EQ(static_cast<bool>(*decision), !must_wait);
      note(*decision);
    } else {
      waiting.emplace_back(next, deadline);
    }
    ++next;
  };
  const auto go_away = [&] {
    if (waiting.empty()) return;
    const auto who = waiting.begin() + static_cast<long>(random() % waiting.size());
    queue.leave(who->first);
    waiting.erase(who);
    ++left;
  };
  const auto decide = [&] {
    these expected;
    std::erase_if(waiting, [&](const auto& each) {
      if (each.second > now.steady) return false;
      expected.push_back(each.first);
      return true;
    });
    const auto late = expected.size();
    for (auto free = 10 - running.size(); free > 0 && !waiting.empty(); --free) {
      expected.push_back(waiting.front().first);
      waiting.pop_front();
    }
    const auto decided = queue.decide(now);
    ASSERT_EQ(places(decided), expected);
    for (std::size_t i = 0; i < decided.size(); ++i) {
      ASSERT_EQ(static_cast<bool>(decided[i].admitted), i >= late);
      note(decided[i].admitted);
    }
  };

  for (int step = 0; step < 50'000 && !::testing::Test::HasFatalFailure(); ++step) {
    if (random() % 20 == 0) now += seconds(random() % 5);
    switch (random() % 8) {
      case 0: go_away(); break;
      case 1:
      case 2:
      case 3: end_one(); break;
      default: arrive(); break;
    }
    if (random() % 2 == 0) decide();
    ASSERT_EQ(queue.limiter().running(), running.size());
    ASSERT_LE(running.size(), 10u);
    ASSERT_EQ(queue.waiting(), waiting.size());
    ASSERT_EQ(came, admitted + refused + left + waiting.size());
  }
  while (!running.empty()) {
    end_one();
    decide();
  }
  EXPECT_TRUE(queue.idle(now.steady));
  EXPECT_EQ(came, admitted + refused + left);
}

// An operator has changed the key meanwhile.
TEST(key_queue, holds_those_who_wait_to_the_newest_limits) {
  key_queue queue;
  ASSERT_TRUE(queue.admit(1, limits_of(1, 10), {}, never, start));
  for (const key_queue::place who : {2, 3, 4}) queue.admit(who, limits_of(1, 10), {}, never, start);
  EXPECT_FALSE(queue.admit(5, limits_of(4, 10), {}, never, start)) << "nobody is overtaken";
  EXPECT_EQ(places(queue.decide(start)), (these{2, 3, 4}));
  const auto refused = queue.admit(6, limits_of(4, 0), {}, never, start);
  ASSERT_TRUE(refused) << "waiting is not allowed any more";
  EXPECT_FALSE(*refused);
}

}  // namespace
}  // namespace baton::relay
