// The fault table: an account that fails again and again is left out for a while, and then tried
// with one request at a time.
#include <gmock/gmock.h>

#include "tests/e2e/fault_table.hpp"

namespace baton::e2e {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

class fault_circuit : public in_both_shapes {
 protected:
  static mock::behaviour flapping(std::uint32_t good, std::uint32_t bad) {
    return {.status = 500, .flap = {.good = good, .bad = bad}};
  }
  void expect_only_answers(int requests) {
    for (int i = 0; i < requests; ++i) {
      const auto answer = send_message(stream());
      ASSERT_EQ(answer.status, 200) << i << answer.body;
      ASSERT_TRUE(answer.complete) << i << answer.problem;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(shape, fault_circuit, testing::Bool(), shape_name);

TEST_P(fault_circuit, an_account_that_fails_every_other_time_is_left_out) {
  start_with_failing(flapping(1, 1));
  expect_only_answers(40);
  // The tenth request brings the fifth failure.
  EXPECT_THAT(seen_by("first").requests, AllOf(Ge(10u), Le(12u)));
}

TEST_P(fault_circuit, an_account_that_mostly_answers_is_used_on) {
  start_with_failing(flapping(3, 1));
  expect_only_answers(40);
  EXPECT_EQ(seen_by("first").requests, 40u);
}

TEST_P(fault_circuit, an_account_that_was_left_out_is_tried_with_one_request_at_a_time) {
  settings.circuit.open = milliseconds(300);
  start_with_failing({.status = 500});
  expect_only_answers(10);
  EXPECT_THAT(seen_by("first").requests, AllOf(Ge(5u), Le(7u)));
  auto slow = answers_as("first");
  slow.delay = milliseconds(sanitized ? 1500 : 500);
  upstream->behave(credential("first"), slow);
  upstream->clear_stats();
  EXPECT_TRUE(eventually([&] {
    const auto answers = at_once(8, [&](std::size_t) { return send_message(stream()); });
    EXPECT_EQ(count_status(answers, 200), answers.size());
    return seen_by("first").requests != 0;
  }));
  EXPECT_EQ(seen_by("first").requests, 1u) << "the others are somebody else's meanwhile";
  EXPECT_EQ(answered_by(stream()), "first") << "and then it is an account like any other";
}

TEST_P(fault_circuit, an_account_whose_trial_fails_is_left_out_again) {
  settings.circuit.open = milliseconds(100);
  start_with_failing({.status = 500});
  expect_only_answers(10);
  upstream->clear_stats();
  EXPECT_TRUE(eventually([&] {
    expect_only_answers(1);
    return seen_by("first").requests == 1;
  }));
  expect_only_answers(5);
  EXPECT_LE(seen_by("first").requests, 2u);
}

TEST_P(fault_circuit, clients_notice_nothing_of_an_account_that_flaps) {
  settings.server.workers = 2;
  settings.circuit.open = milliseconds(20);
  start_with_failing(flapping(2, 5));
  const auto answers = at_once(6, [&](std::size_t) {
    raw_client client(port());
    raw_answer last;
    for (int i = 0; i < 40; ++i) {
      client.send(message_request(stream()));
      last = client.read_answer();
      if (last.status != 200 || !last.complete) break;
    }
    return last;
  });
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(answer.complete) << answer.problem;
  }
  EXPECT_GT(seen_by("first").requests, 0u);
}

}  // namespace
}  // namespace baton::e2e
