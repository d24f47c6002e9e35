// The fault table: failures before there is an answer, and answers that are failures.
#include <gmock/gmock.h>

#include "tests/e2e/fault_table.hpp"
#include "tests/support/test_certificates.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class fault_before_answer : public in_both_shapes {};

INSTANTIATE_TEST_SUITE_P(shape, fault_before_answer, testing::Bool(), shape_name);

TEST_P(fault_before_answer, a_500_says_nothing_about_the_next_request) {
  start_with_failing({.status = 500});
  expect_next_account(stream(), "server_error");
  mend("first");
  EXPECT_EQ(answered_by(stream()), "first");
}

TEST_P(fault_before_answer, a_503_of_every_account_reaches_the_client_as_it_is) {
  const std::string body =
      R"({"type":"error","error":{"type":"api_error","message":"Down for good."}})";
  for (const auto* name : {"a", "b", "c"}) add_account(name, {.status = 503, .body = body});
  start();
  const auto answer = send_message(stream());
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.body, body);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("x-baton-attempts"), "3");
  EXPECT_EQ(answer.header("x-baton-retried"), "overloaded, overloaded");
  EXPECT_EQ(upstream->stats().requests, 3u);
}

TEST_P(fault_before_answer, an_upstream_that_reads_slowly_is_waited_for) {
  auto slow = answers_as("first");
  slow.read_bytes_per_s = 1'000'000;
  start_with_failing(slow);
  const auto body = message_body_of(300'000, stream());
  const auto answer = post("/v1/messages", body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("x-answered-by"), "first");
  EXPECT_TRUE(seen_by("first").last_body == body);
}

class fault_silence : public fault_table {
 protected:
  fault_silence() { settings.timeouts.json_head = settings.timeouts.stream_head = short_limit; }
};

TEST_F(fault_silence, before_the_head_of_a_json_answer_is_told_to_the_client) {
  settings.timeouts.stream_head = std::chrono::seconds(60);
  start_with_failing({.stall_before_head = true});
  const auto began = steady_now();
  const auto answer = send_message(false);
  EXPECT_GE(steady_now() - began, short_limit);
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr("timeout_error"));
  EXPECT_EQ(seen_by("second").requests, 0u) << "the first may still work on it, and charge for it";
}

TEST_F(fault_silence, before_the_head_of_a_stream_is_the_next_accounts_turn) {
  settings.timeouts.json_head = std::chrono::seconds(60);
  start_with_failing({.stall_before_head = true});
  expect_next_account(true, "timeout");
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
}

class fault_no_head : public fault_table, public testing::WithParamInterface<named_fault> {};

INSTANTIATE_TEST_SUITE_P(
    fault, fault_no_head,
    testing::Values(named_fault{"close", {.cut_after_bytes = 0}},
                    named_fault{"reset", {.cut_after_bytes = 0, .cut_with = mock::ending::rst}},
                    named_fault{"half_close",
                                {.cut_after_bytes = 0, .cut_with = mock::ending::half}},
                    named_fault{"close_within_the_head", {.cut_after_bytes = 100}},
                    named_fault{"garbage", {.garbage = true}}),
    fault_name);

TEST_P(fault_no_head, is_told_to_a_client_that_wants_json) {
  start_with_failing(GetParam().script);
  const auto answer = send_message(false);
  EXPECT_EQ(answer.status, 502);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_THAT(answer.body, HasSubstr(R"("type":"error")"));
  EXPECT_EQ(seen_by("first").requests, 1u);
  EXPECT_EQ(seen_by("second").requests, 0u) << "the first may have charged for it";
}

TEST_P(fault_no_head, is_the_next_accounts_turn_for_a_stream) {
  start_with_failing(GetParam().script);
  expect_next_account(true, "broken");
}

// The ways not to reach an upstream at all.
class fault_unreachable : public in_both_shapes {
 protected:
  void start_with_first_at(const std::string& url) {
    start_with_failing({}, [&](relay::account& account) { account.api_url = url; });
  }
};

INSTANTIATE_TEST_SUITE_P(shape, fault_unreachable, testing::Bool(), shape_name);

TEST_P(fault_unreachable, for_its_certificate_is_the_next_accounts_turn) {
  const auto made = mock::make_test_certificates();
  mock::upstream_options options;
  options.certificate = made.certificate;
  options.private_key = made.private_key;
  const mock::mock_upstream untrusted(options);
  start_with_first_at(untrusted.url());
  expect_next_account(stream(), "connect");
  EXPECT_EQ(untrusted.stats().requests, 0u);
}

TEST_P(fault_unreachable, for_its_name_is_the_next_accounts_turn) {
  start_with_first_at("http://no-such-host.invalid");
  expect_next_account(stream(), "connect");
}

TEST_P(fault_unreachable, for_a_refused_connection_is_the_next_accounts_turn) {
  start_with_first_at("http://127.0.0.1:" + std::to_string(refusing_port()));
  expect_next_account(stream(), "connect");
}

}  // namespace
}  // namespace baton::e2e
