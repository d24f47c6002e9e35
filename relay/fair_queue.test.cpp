#include "relay/fair_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_set>

namespace baton::relay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ticket = fair_queue::ticket;

const steady_time start{hours(1)};
constexpr auto anyone = [](ticket) { return true; };
constexpr auto nobody = [](ticket) { return false; };

fair_queue::waiter of(const std::string& key, int priority = 50,
                      steady_time deadline = start + hours(1)) {
  return {key_id(key), priority, deadline};
}

class fair_queue_test : public testing::Test {
 protected:
  ticket join(const std::string& key, int priority = 50) {
    return *queue_.join(of(key, priority), start);
  }
  // In the order in which they are served.
  std::vector<ticket> take_all() {
    std::vector<ticket> taken;
    while (const auto next = queue_.take(anyone, start)) taken.push_back(*next);
    return taken;
  }

  fair_queue queue_{{.waiting_max = 10'000, .per_key_max = 5'000}};
};

using order = std::vector<ticket>;

TEST_F(fair_queue_test, has_nobody_to_serve_when_nobody_waits) {
  EXPECT_FALSE(queue_.take(anyone, start));
  EXPECT_FALSE(queue_.next_deadline());
  EXPECT_TRUE(queue_.expired(start + hours(9)).empty());
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(queue_.size(key_id("a")), 0u);
}

TEST_F(fair_queue_test, serves_a_key_in_the_order_in_which_its_requests_came) {
  const auto first = join("a");
  const auto second = join("a");
  const auto third = join("a");
  EXPECT_EQ(take_all(), (order{first, second, third}));
}

TEST_F(fair_queue_test, serves_the_keys_in_turn) {
  const auto a1 = join("a");
  const auto a2 = join("a");
  const auto a3 = join("a");
  const auto b1 = join("b");
  const auto b2 = join("b");
  const auto c1 = join("c");
  EXPECT_EQ(take_all(), (order{a1, b1, c1, a2, b2, a3}));
}

TEST_F(fair_queue_test, serves_one_among_a_thousand_of_another_key_after_one_of_them_at_most) {
  for (int i = 0; i < 1000; ++i) join("busy");
  for (int round = 0; round < 100; ++round) {
    const auto single = join("modest");
    const auto first = queue_.take(anyone, start);
    const auto second = queue_.take(anyone, start);
    EXPECT_TRUE(first == single || second == single);
    join("busy");
  }
}

TEST_F(fair_queue_test, gives_no_advantage_to_a_key_that_leaves_and_comes_again) {
  join("a");
  const auto b = join("b");
  for (int i = 0; i < 10; ++i) {
    queue_.leave(join("c"));
    join("c");
  }
  queue_.take(anyone, start);
  EXPECT_EQ(queue_.take(anyone, start), b);
}

TEST_F(fair_queue_test, serves_smaller_priority_numbers_first) {
  const auto late = join("late", 90);
  const auto usual = join("usual");
  const auto first = join("first", 1);
  const auto first_again = join("first", 1);
  const auto also_first = join("also first", 1);
  EXPECT_EQ(take_all(), (order{first, also_first, first_again, usual, late}));
}

TEST_F(fair_queue_test, takes_priorities_out_of_range_for_the_nearest_in_it) {
  const auto last = join("last", 1000);
  const auto also_last = join("also last", 100);
  const auto first = join("first", -5);
  EXPECT_EQ(take_all(), (order{first, last, also_last}));
}

TEST_F(fair_queue_test, follows_a_key_whose_priority_changes_and_keeps_its_order) {
  const auto other = join("other");
  const auto old = join("changed", 60);
  const auto newer = join("changed", 40);
  EXPECT_EQ(take_all(), (order{old, newer, other}));
}

TEST_F(fair_queue_test, passes_over_those_that_do_not_fit_without_taking_their_place_or_turn) {
  const auto a1 = join("a");
  const auto a2 = join("a");
  const auto b1 = join("b");
  const auto c1 = join("c");
  EXPECT_FALSE(queue_.take(nobody, start));
  EXPECT_EQ(queue_.take([&](ticket id) { return id == b1; }, start), b1);
  const auto b2 = join("b");
  EXPECT_EQ(take_all(), (order{a1, c1, b2, a2}));
}

TEST_F(fair_queue_test, gives_a_keys_turn_to_the_first_of_it_that_fits) {
  const auto a1 = join("a");
  const auto a2 = join("a");
  const auto b1 = join("b");
  EXPECT_EQ(queue_.take([&](ticket id) { return id != a1; }, start), a2);
  EXPECT_EQ(take_all(), (order{b1, a1}));
}

TEST_F(fair_queue_test, frees_the_place_of_a_client_that_left_at_once) {
  fair_queue queue({.waiting_max = 2, .per_key_max = 2});
  const auto first = *queue.join(of("a"), start);
  const auto second = *queue.join(of("a"), start);
  ASSERT_FALSE(queue.join(of("a"), start));
  EXPECT_TRUE(queue.leave(first));
  const auto third = queue.join(of("a"), start);
  ASSERT_TRUE(third);
  EXPECT_EQ(queue.take(anyone, start), second);
  EXPECT_EQ(queue.take(anyone, start), *third);
}

TEST_F(fair_queue_test, does_nothing_for_tickets_it_does_not_know) {
  const auto id = join("a");
  EXPECT_FALSE(queue_.leave(id + 1));
  EXPECT_FALSE(queue_.leave(0));
  EXPECT_TRUE(queue_.leave(id));
  EXPECT_FALSE(queue_.leave(id));
  EXPECT_EQ(queue_.size(), 0u);
}

TEST_F(fair_queue_test, bounds_each_key_and_all_together) {
  fair_queue queue({.waiting_max = 5, .per_key_max = 2});
  ASSERT_TRUE(queue.join(of("a"), start) && queue.join(of("a"), start));
  const auto third = queue.join(of("a"), start);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, error_code::rate_limited);
  EXPECT_EQ(third.error().source, error_source::downstream);
  EXPECT_EQ(third.error().text, "The queue is full: 2 requests of this key wait");
  EXPECT_EQ(queue.size(key_id("a")), 2u);
  ASSERT_TRUE(queue.join(of("b"), start) && queue.join(of("b"), start));
  ASSERT_TRUE(queue.join(of("c"), start));
  const auto sixth = queue.join(of("d"), start);
  ASSERT_FALSE(sixth);
  EXPECT_EQ(sixth.error().text, "The queue is full: 5 requests wait for an account");
  EXPECT_EQ(queue.size(), 5u);
}

TEST_F(fair_queue_test, lets_nobody_wait_where_no_places_are) {
  fair_queue queue({.waiting_max = 0, .per_key_max = 0});
  const auto refused = queue.join(of("a"), start);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after, seconds(1));
}

// Serves `count` of them, one every two seconds; the time of the last one.
steady_time serve_slowly(fair_queue& queue, int count) {
  auto now = start;
  for (int i = 0; i < count; ++i) queue.take(anyone, now += seconds(2));
  return now;
}

TEST_F(fair_queue_test, tells_a_full_keys_client_when_those_ahead_will_have_been_served) {
  fair_queue queue({.waiting_max = 100, .per_key_max = 20});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue.join(of("a"), start));
  const auto now = serve_slowly(queue, 10);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.join(of("a"), now));
  EXPECT_EQ(queue.join(of("a"), now).error().retry_after, seconds(40));
  // Another key takes every other turn.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.join(of("b"), now));
  EXPECT_EQ(queue.join(of("a"), now).error().retry_after, seconds(60));
}

TEST_F(fair_queue_test, tells_the_client_of_a_modest_key_a_shorter_time) {
  fair_queue queue({.waiting_max = 50, .per_key_max = 50});
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(queue.join(of("busy", 50), start));
  const auto now = serve_slowly(queue, 10);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.join(of("busy"), now));
  EXPECT_EQ(queue.join(of("busy"), now).error().retry_after, seconds(100));
  EXPECT_EQ(queue.join(of("modest"), now).error().retry_after, seconds(2));
  EXPECT_EQ(queue.join(of("first", 1), now).error().retry_after, seconds(1));
  EXPECT_EQ(queue.join(of("last", 99), now).error().retry_after, seconds(100));
}

TEST_F(fair_queue_test, tells_a_longer_time_when_nothing_moves) {
  fair_queue queue({.waiting_max = 10, .per_key_max = 10});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.join(of("a"), start));
  EXPECT_EQ(queue.join(of("a"), start).error().retry_after, seconds(1));
  EXPECT_EQ(queue.join(of("a"), start + seconds(3)).error().retry_after, seconds(30));
  EXPECT_EQ(queue.join(of("a"), start + hours(3)).error().retry_after, seconds(300));
}

TEST_F(fair_queue_test, measures_its_pace_from_the_time_the_first_one_came) {
  fair_queue queue({.waiting_max = 4, .per_key_max = 4});
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(queue.join(of("a"), start + seconds(i)));
  EXPECT_EQ(queue.join(of("a"), start + seconds(3)).error().retry_after, seconds(12));
  queue.take(anyone, start + seconds(5));
  ASSERT_TRUE(queue.join(of("a"), start + seconds(7)));
  EXPECT_EQ(queue.join(of("a"), start + seconds(7)).error().retry_after, seconds(20));
}

TEST_F(fair_queue_test, counts_those_ahead_rightly_after_turns_and_changes_of_priority) {
  fair_queue queue({.waiting_max = 100, .per_key_max = 100});
  for (const auto* const key : {"a", "b", "moves"}) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.join(of(key), start));
  }
  const auto now = serve_slowly(queue, 15);
  ASSERT_TRUE(queue.join(of("moves", 90), now));
  fair_queue::waiter last = of("last", 80);
  for (int i = 0; i < 84; ++i) ASSERT_TRUE(queue.join(last, now));
  last.key = key_id("another");
  EXPECT_EQ(queue.join(last, now).error().retry_after, seconds(2 * (5 + 5 + 1)));
}

TEST_F(fair_queue_test, hands_out_those_whose_time_is_over_by_deadline) {
  const auto late = *queue_.join(of("a", 50, start + seconds(30)), start);
  const auto soon = *queue_.join(of("a", 50, start + seconds(10)), start);
  const auto between = *queue_.join(of("b", 1, start + seconds(20)), start);
  EXPECT_EQ(queue_.next_deadline(), start + seconds(10));
  EXPECT_TRUE(queue_.expired(start + seconds(10) - milliseconds(1)).empty());
  EXPECT_EQ(queue_.expired(start + seconds(20)), (order{soon, between}));
  EXPECT_EQ(queue_.next_deadline(), start + seconds(30));
  EXPECT_EQ(queue_.size(), 1u);
  EXPECT_EQ(queue_.size(key_id("b")), 0u);
  EXPECT_EQ(take_all(), (order{late}));
  EXPECT_FALSE(queue_.next_deadline());
  EXPECT_TRUE(queue_.expired(start + hours(1)).empty());
}

TEST_F(fair_queue_test, is_cheap_with_ten_thousand_waiting) {
  std::vector<ticket> all;
  for (int i = 0; i < 10'000; ++i) all.push_back(join("key " + std::to_string(i % 100), i % 10));
  ASSERT_FALSE(queue_.join(of("key 1"), start));
  // Would take minutes if it looked at everyone.
  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(queue_.expired(start).empty());
  for (std::size_t i = 0; i < all.size(); i += 2) ASSERT_TRUE(queue_.leave(all[i]));
  std::size_t looked_at = 0;
  std::size_t taken = 0;
  const auto fits = [&](ticket) { return ++looked_at != 0; };
  while (queue_.take(fits, start)) ++taken;
  EXPECT_EQ(taken, 5'000u);
  EXPECT_EQ(looked_at, 5'000u);
}

// The same rules over plain lists.
struct naive_queue {
  struct entry {
    ticket id;
    std::string key;
    steady_time deadline;
  };
  struct lane {
    std::string key;
    int priority;
  };
  std::vector<entry> waiting;  // as they came
  std::vector<lane> lanes;     // in the order of their turns

  std::size_t count(const std::string& key) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(waiting, [&](const auto& one) { return one.key == key; }));
  }
  void to_back(const std::string& key, int priority) {
    std::erase_if(lanes, [&](const auto& lane) { return lane.key == key; });
    if (count(key) != 0) lanes.push_back({key, priority});
  }
  void join(const entry& one, int priority) {
    waiting.push_back(one);
    const auto known = std::ranges::find(lanes, one.key, &lane::key);
    if (known == lanes.end() || known->priority != priority) to_back(one.key, priority);
  }
  bool leave(ticket id) {
    const auto found = std::ranges::find(waiting, id, &entry::id);
    if (found == waiting.end()) return false;
    const auto key = found->key;
    waiting.erase(found);
    if (count(key) == 0) to_back(key, 0);
    return true;
  }
  template <class Fits>
  std::optional<ticket> take(Fits fits) {
    auto order = lanes;
    std::ranges::stable_sort(order, {}, &lane::priority);
    for (const auto& [key, priority] : order) {
      for (const auto& one : waiting) {
        if (one.key != key || !fits(one.id)) continue;
        const auto id = one.id;
        std::erase_if(waiting, [&](const auto& other) { return other.id == id; });
        to_back(key, priority);
        return id;
      }
    }
    return std::nullopt;
  }
  std::vector<ticket> expired(steady_time now) {
    auto due = waiting;
    std::erase_if(due, [&](const auto& one) { return one.deadline > now; });
    std::ranges::sort(due, [](const auto& a, const auto& b) {
      return std::pair(a.deadline, a.id) < std::pair(b.deadline, b.id);
    });
    std::vector<ticket> ids;
    for (const auto& one : due) ids.push_back(one.id);
    for (const auto id : ids) leave(id);
    return ids;
  }
};

TEST_F(fair_queue_test, does_the_same_as_a_naive_one_and_loses_nobody) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  fair_queue queue({.waiting_max = 60, .per_key_max = 20});
  naive_queue naive;
  std::unordered_set<ticket> joined;
  std::size_t left = 0;
  const auto gone = [&](ticket id) {
    ASSERT_EQ(joined.erase(id), 1u) << "left twice, or never came";
    ++left;
  };
  std::size_t came = 0;
  steady_time now = start;
  for (int step = 0; step < 30'000; ++step) {
    now += milliseconds(random() % 200);
    const std::string key(1, static_cast<char>('a' + random() % 6));
    const auto what = random() % 16;
    if (what < 8) {
      // Some keys change their priority now and then.
      const int priority = key < "c" ? static_cast<int>(random() % 3) + 50 : key[0] % 2 + 50;
      const auto deadline = now + milliseconds(random() % 20'000);
      const auto id = queue.join(of(key, priority, deadline), now);
      const bool room = naive.waiting.size() < 60 && naive.count(key) < 20;
      ASSERT_EQ(id.has_value(), room);
      if (!id) {
        ASSERT_GE(id.error().retry_after, seconds(1));
        ASSERT_LE(id.error().retry_after, seconds(300));
        continue;
      }
      ASSERT_TRUE(joined.insert(*id).second);
      ++came;
      naive.join({*id, key, deadline}, priority);
    } else if (what < 10) {
      const ticket id = random() % (came + 2);
      const bool known = naive.leave(id);
      ASSERT_EQ(queue.leave(id), known);
      if (known) gone(id);
    } else if (what < 15) {
      const auto divisor = random() % 3 + 1;
      const auto fits = [&](ticket id) { return id % divisor == 0; };
      const auto taken = queue.take(fits, now);
      ASSERT_EQ(taken, naive.take(fits));
      if (taken) gone(*taken);
    } else {
      const auto due = queue.expired(now);
      ASSERT_EQ(due, naive.expired(now));
      for (const auto id : due) gone(id);
    }
    ASSERT_EQ(queue.size(), naive.waiting.size());
    ASSERT_EQ(queue.size(key_id(key)), naive.count(key));
    const auto first = std::ranges::min_element(naive.waiting, {}, &naive_queue::entry::deadline);
    ASSERT_EQ(queue.next_deadline().has_value(), first != naive.waiting.end());
    if (queue.next_deadline()) {
      ASSERT_EQ(*queue.next_deadline(), first->deadline);
    }
  }
  while (const auto id = queue.take(anyone, now)) gone(*id);
  EXPECT_EQ(left, came);
  EXPECT_TRUE(joined.empty());
}

}  // namespace
}  // namespace baton::relay
