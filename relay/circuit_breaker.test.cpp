#include "relay/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

using namespace std::chrono_literals;
using state = circuit_breaker::state;

class circuits : public testing::Test {
 protected:
  void fail(std::uint32_t times, std::uint32_t attempts = 1) {
    for (std::uint32_t i = 0; i < times; ++i) circuit.on_failure(attempts, now);
  }
  void open_it() {
    fail(5);
    ASSERT_EQ(circuit.at(now), state::open);
  }

  circuit_settings settings;
  circuit_breaker circuit{settings};
  steady_time now{1h};
};

TEST_F(circuits, open_after_so_many_failures_in_the_window) {
  fail(4);
  EXPECT_EQ(circuit.at(now), state::closed);
  EXPECT_EQ(circuit.open_until(), steady_time{});
  fail(1);
  EXPECT_EQ(circuit.at(now), state::open);
  EXPECT_EQ(circuit.open_until(), now + 30s);
}

TEST_F(circuits, forget_failures_that_left_the_window) {
  fail(4);
  now += 60s;
  fail(4);
  EXPECT_EQ(circuit.at(now), state::closed);
  fail(1);
  EXPECT_EQ(circuit.at(now), state::open);
}

TEST_F(circuits, stay_closed_while_most_attempts_succeed) {
  fail(100, 3);
  EXPECT_EQ(circuit.at(now), state::closed) << "a third of them failed";
  fail(50, 1);
  EXPECT_EQ(circuit.at(now), state::closed);
  fail(60, 1);
  EXPECT_EQ(circuit.at(now), state::open) << "more than half of them failed";
}

TEST_F(circuits, let_one_request_at_a_time_try_whether_they_may_close) {
  open_it();
  EXPECT_FALSE(circuit.try_probe(now));
  now += 30s;
  EXPECT_EQ(circuit.at(now), state::half_open);
  EXPECT_TRUE(circuit.try_probe(now));
  EXPECT_FALSE(circuit.try_probe(now));
  circuit.probe_abandoned();
  EXPECT_TRUE(circuit.try_probe(now)) << "the first one's client left";
  circuit.probe_succeeded(now);
  EXPECT_EQ(circuit.at(now), state::closed);
  EXPECT_FALSE(circuit.try_probe(now));
}

TEST_F(circuits, stay_open_twice_as_long_after_each_probe_that_failed) {
  open_it();
  for (const auto expected : {60s, 120s, 240s, 480s, 600s, 600s}) {
    now = circuit.open_until();
    ASSERT_TRUE(circuit.try_probe(now));
    circuit.probe_failed(now);
    EXPECT_EQ(circuit.open_until() - now, expected);
  }
}

TEST_F(circuits, count_nothing_that_was_under_way_when_they_opened) {
  open_it();
  const auto until = circuit.open_until();
  fail(100);
  EXPECT_EQ(circuit.open_until(), until);
  now = until;
  circuit.probe_succeeded(now);
  fail(4);
  EXPECT_EQ(circuit.at(now), state::closed);
}

// An hour of an account that answers its probes and fails everything else.
TEST_F(circuits, keep_a_flapping_account_out_of_most_traffic) {
  const auto end = now + 1h;
  int requests = 0;
  for (; now < end; now += 100ms) {
    if (circuit.at(now) == state::open) continue;
    ++requests;
    if (circuit.try_probe(now)) {
      circuit.probe_succeeded(now);
    } else {
      circuit.on_failure(1, now);
    }
  }
  EXPECT_LE(requests, 100) << "of 36,000";
}

TEST_F(circuits, start_over_once_they_were_closed_for_long) {
  open_it();
  now += 30s;
  ASSERT_TRUE(circuit.try_probe(now));
  circuit.probe_succeeded(now);
  now += 599s;
  open_it();
  EXPECT_EQ(circuit.open_until() - now, 60s);
  now = circuit.open_until();
  circuit.probe_succeeded(now);
  now += 601s;
  open_it();
  EXPECT_EQ(circuit.open_until() - now, 30s);
}

TEST_F(circuits, are_as_new_after_a_reset) {
  open_it();
  circuit.reset();
  EXPECT_EQ(circuit.at(now), state::closed);
  open_it();
  EXPECT_EQ(circuit.open_until() - now, 30s);
}

}  // namespace
}  // namespace baton::relay
