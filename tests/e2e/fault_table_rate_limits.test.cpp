// The fault table: 429, and for how long which requests avoid the account.
#include <gmock/gmock.h>

#include "tests/e2e/fault_table.hpp"

namespace baton::e2e {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

class fault_rate_limits : public in_both_shapes {
 protected:
  static mock::behaviour limited(const std::string& header_line = {}) {
    return {.status = 429, .header_lines = header_line.empty() ? "" : header_line + "\r\n"};
  }
};

INSTANTIATE_TEST_SUITE_P(shape, fault_rate_limits, testing::Bool(), shape_name);

TEST_P(fault_rate_limits, an_account_is_left_alone_for_its_retry_after_and_no_longer) {
  const auto began = steady_now();
  start_with_failing(limited("retry-after: 1"));
  expect_next_account(stream(), "rate_limited");
  mend("first");
  EXPECT_TRUE(eventually([&] { return answered_by(stream()) == "first"; }));
  EXPECT_GE(steady_now() - began, std::chrono::seconds(1));
}

TEST_P(fault_rate_limits, an_account_that_asks_for_nothing_is_left_alone_for_a_minute) {
  start_with_failing(limited());
  expect_next_account(stream(), "rate_limited");
  auto second = *store().find_account("second");
  second.models = {{"another", "another"}};
  ASSERT_TRUE(store().update_account(second));
  raw_answer refused;
  EXPECT_TRUE(eventually([&] {
    refused = send_message(stream());
    return refused.status != 200;
  }));
  EXPECT_THAT(number_in(refused, "retry-after"), AllOf(Ge(45), Le(60)));
  EXPECT_EQ(seen_by("first").requests, 1u);
}

TEST_P(fault_rate_limits, a_unified_reset_holds_for_the_family_of_the_model) {
  const auto reset = std::chrono::duration_cast<std::chrono::seconds>(
      wall_now().time_since_epoch() + std::chrono::minutes(5));
  start_with_failing(
      limited("anthropic-ratelimit-unified-reset: " + std::to_string(reset.count())));
  expect_next_account(stream(), "rate_limited");
  mend("first");
  EXPECT_EQ(answered_by(stream(), "claude-sonnet-4-5"), "second");
  EXPECT_EQ(answered_by(stream(), "claude-sonnet-4-20250514"), "second");
  EXPECT_EQ(answered_by(stream(), "claude-3-5-haiku-20241022"), "first");
  EXPECT_EQ(answered_by(stream(), "claude-opus-4-1-20250805"), "first");
  EXPECT_EQ(answered_by(stream(), "claude-fable-1"), "first");
}

TEST_P(fault_rate_limits, of_all_accounts_reach_the_client_with_the_earliest_reset) {
  // Neither the first that is asked nor the last has the earliest.
  int priority = 10;
  for (const auto* delay : {"40", "7", "90"}) {
    add_account(std::string("asks-for-") + delay, limited(std::string("retry-after: ") + delay),
                [&](relay::account& account) { account.priority = priority++; });
  }
  start();
  const auto answer = send_message(stream());
  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_THAT(answer.body, testing::HasSubstr("rate_limit_error"));
  EXPECT_THAT(number_in(answer, "retry-after"), AllOf(Ge(6), Le(7)));
  EXPECT_EQ(answer.header("x-baton-attempts"), "3");
  EXPECT_EQ(answer.header("x-baton-retried"), "rate_limited, rate_limited");
  const auto later = send_message(stream());
  EXPECT_GE(later.status, 400);
  EXPECT_THAT(number_in(later, "retry-after"), AllOf(Ge(1), Le(7)));
  EXPECT_EQ(upstream->stats().requests, 3u) << "nobody is asked before its time";
}

}  // namespace
}  // namespace baton::e2e
