// The fault table: refusals that are about the account, and those that are about the request.
#include <gmock/gmock.h>

#include <regex>

#include "tests/e2e/fault_table.hpp"

namespace baton::e2e {
namespace {

std::string error_body(const std::string& type, const std::string& message) {
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message + "\"}}";
}

// Ids differ from answer to answer.
std::string without_ids(const std::string& body) {
  return std::regex_replace(body, std::regex("(msg|req)_[0-9a-f]{24}"), "$1");
}

class fault_blame : public in_both_shapes {
 protected:
  void expect_blocked(int status, const std::string& message) {
    start_with_failing({.status = status, .body = error_body("permission_error", message)});
    expect_next_account(stream(), "blocked");
    EXPECT_TRUE(account_state_becomes("first", "blocked"));
    EXPECT_EQ(answered_by(stream()), "second");
    EXPECT_EQ(seen_by("first").requests, 1u);
  }
  // The request is passed to one account, its answer to the client, and nobody is avoided later.
  void expect_passed_on(int status, const std::string& body,
                        const std::string& request = message_body(stream())) {
    for (std::uint64_t n = 1; n <= 2; ++n) {
      const auto answer = post("/v1/messages", request);
      EXPECT_EQ(answer.status, status);
      EXPECT_TRUE(answer.complete) << answer.problem;
      EXPECT_EQ(without_ids(answer.body), without_ids(body));
      EXPECT_EQ(answer.header("x-baton-attempts"), "1");
      EXPECT_FALSE(answer.header("x-baton-retried"));
      EXPECT_EQ(seen_by("first").requests, n);
    }
    EXPECT_EQ(seen_by("second").requests, 0u);
    EXPECT_TRUE(account_state_becomes("first", "active"));
  }
};

INSTANTIATE_TEST_SUITE_P(shape, fault_blame, testing::Bool(), shape_name);

TEST_P(fault_blame, a_401_is_the_accounts) {
  start_with_failing({.status = 401});
  expect_next_account(stream(), "unauthorized");
  EXPECT_TRUE(account_state_becomes("first", "unauthorized"));
  EXPECT_EQ(answered_by(stream()), "second");
  EXPECT_EQ(seen_by("first").requests, 1u);
}

TEST_P(fault_blame, a_400_for_a_disabled_organization_is_the_accounts) {
  expect_blocked(400, "This organization has been disabled.");
}

TEST_P(fault_blame, a_403_for_a_disabled_organization_is_the_accounts) {
  expect_blocked(403, "This organization has been disabled.");
}

TEST_P(fault_blame, a_400_for_a_disabled_account_is_the_accounts) {
  expect_blocked(400, "Your account is disabled.");
}

TEST_P(fault_blame, a_403_for_a_disabled_account_is_the_accounts) {
  expect_blocked(403, "Your account is disabled.");
}

// Else a client could have every account left out.
TEST_P(fault_blame, a_400_that_repeats_the_clients_words_is_the_clients) {
  const auto body = error_body("invalid_request_error",
                               "max_tokens: 'organization has been disabled' is not a number");
  start_with_failing({.status = 400, .body = body});
  auto request = message_body(stream());
  request.replace(request.find("Hello"), 5, "organization has been disabled");
  expect_passed_on(400, body, request);
}

TEST_P(fault_blame, a_prompt_that_is_too_long_is_the_clients) {
  const auto body =
      error_body("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum");
  start_with_failing({.status = 400, .body = body});
  expect_passed_on(400, body);
}

TEST_P(fault_blame, content_refused_with_a_400_is_the_clients) {
  const auto body =
      error_body("invalid_request_error", "Output blocked by content filtering policy");
  start_with_failing({.status = 400, .body = body});
  expect_passed_on(400, body);
}

TEST_P(fault_blame, content_refused_within_an_answer_is_an_answer) {
  const mock::behaviour refuses{.stop_reason = "refusal"};
  start_with_failing(refuses);
  upstream->behave("asked directly", refuses);
  const auto direct = test::post_json(upstream->port(), "/v1/messages",
                                      {{"x-api-key", "asked directly"}}, message_body(stream()));
  ASSERT_THAT(direct.body, testing::HasSubstr(R"("stop_reason":"refusal")"));
  expect_passed_on(200, direct.body);
}

}  // namespace
}  // namespace baton::e2e
