// What is the same for every platform: answers, streams, usage, sessions, limits, cancellation, and
// errors in the shape of the API that was called.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/e2e/client_shapes.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class platforms : public shaped_fixture {};

INSTANTIATE_TEST_SUITE_P(each, platforms, testing::ValuesIn(client_shapes()), client_shape_name);

TEST_P(platforms, pass_an_answer_on_and_count_it) {
  add_shaped_account("a");
  start();
  expect_whole(false, send(false));
  EXPECT_TRUE(outcome_becomes(false, "completed", 1));
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_P(platforms, pass_a_stream_on_and_count_it) {
  add_shaped_account("a");
  start();
  expect_whole(true, send(true));
  EXPECT_TRUE(outcome_becomes(true, "completed", 1));
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_P(platforms, count_each_token_in_one_class) {
  const bool anthropic = shape().model.find("claude") != std::string::npos;
  mock::token_counts tokens{.input = 20, .output = 30, .cache_read = 5};
  if (!anthropic) tokens.reasoning = 12;
  add_shaped_account("a", {.tokens = tokens});
  start();
  EXPECT_EQ(send(false).status, 200);
  EXPECT_EQ(send(true).status, 200);
  EXPECT_TRUE(usage_becomes(
      2, {.input = 40, .output = 60, .cache_read = 10, .reasoning = 2 * tokens.reasoning}))
      << "cached " << stored_usage().tokens.cache_read << ", reasoning "
      << stored_usage().tokens.reasoning << ", input " << stored_usage().tokens.input << ", output "
      << stored_usage().tokens.output;
}

TEST_P(platforms, pass_on_an_answer_with_absurd_usage_or_none) {
  add_shaped_account("a", {.no_usage = true, .times = 2});
  add_shaped_account(
      "b",
      {.raw_usage = R"({"input_tokens":-1,"output_tokens":9223372036854775808,)"
                    R"("prompt_tokens":-5,"completion_tokens":null,)"
                    R"("promptTokenCount":-1,"candidatesTokenCount":"many"})"},
      [](relay::account& account) { account.type = relay::account_type::dedicated; });
  start();
  expect_whole(false, send(false));
  expect_whole(true, send(true));
  const auto b = store().find_account("b");
  const auto key = add_key("of b", [&](relay::api_key& made) { made.bound_account = b->id; });
  EXPECT_TRUE(eventually([&] { return send(false, key).status == 200; }));
  expect_whole(true, send(true, key));
  EXPECT_TRUE(eventually([&] { return stored_usage().requests == 4; }));
  // What a stream has brought is estimated.
  const auto tokens = stored_usage().tokens;
  EXPECT_EQ(tokens.total(), tokens.output);
}

TEST_P(platforms, pass_a_stream_on_however_it_arrives) {
  add_shaped_account("a", {.byte_by_byte = true});
  start();
  expect_whole(true, send(true));
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_P(platforms, send_the_mapped_model_and_the_clients_other_bytes) {
  add_shaped_account("a", {}, [](relay::account& account) {
    account.models = {{"client/name:1", "upstream-model"}};
  });
  start();
  // In a path a slash must be escaped; a colon need not be.
  const bool in_path = shape().path.find("{m}") != std::string::npos;
  const std::string asked = in_path ? "client%2Fname:1" : "client/name:1";
  for (const bool stream : {false, true}) {
    const auto answer = test::exchange(port(), "POST", shape().target(stream, asked), headers(),
                                       shape().message(stream, "Hello", asked));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto seen = seen_by("a");
    EXPECT_THAT(seen.last_head + seen.last_body, HasSubstr("upstream-model"));
    EXPECT_THAT(seen.last_head + seen.last_body, Not(HasSubstr("name:1")));
    EXPECT_THAT(seen.last_body, HasSubstr("Hello"));
  }
}

TEST_P(platforms, never_send_the_clients_key_upstream) {
  add_shaped_account("a");
  start();
  auto sent = headers();
  sent.emplace_back("authorization", "Bearer " + key());
  sent.emplace_back("x-goog-api-key", key());
  sent.emplace_back("api-key", key());
  const auto target = shape().target(true);
  const auto path = target + (target.find('?') == target.npos ? "?key=" : "&key=") + key();
  EXPECT_EQ(test::exchange(port(), "POST", path, sent, shape().message(true, "Hello")).status, 200);
  EXPECT_THAT(seen_by("a").last_head, Not(HasSubstr(key())));
}

TEST_P(platforms, keep_a_conversation_with_one_account) {
  for (const auto* name : {"a", "b", "c"}) add_shaped_account(name);
  start();
  std::set<std::string> answered;
  for (int n = 0; n < 6; ++n) {
    const auto answer = send_text(n % 2 == 0, "the same conversation");
    EXPECT_EQ(answer.status, 200) << answer.body;
    answered.insert(answer.header("x-answered-by").value_or(""));
  }
  EXPECT_EQ(answered.size(), 1u);
}

TEST_P(platforms, hold_keys_to_their_limits) {
  add_shaped_account("a");
  const auto limited = add_key("limited", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_tokens = 200;
  });
  start();
  EXPECT_EQ(send(false, limited).status, 200);
  EXPECT_EQ(send(true, limited).status, 200);
  // 134 tokens were used; what a further request asks for is reserved before.
  auto third = send(false, limited);
  if (third.status == 200) third = send(false, limited);
  EXPECT_EQ(third.status, 429) << third.body;
  EXPECT_EQ(third.header("x-should-retry"), "false");
}

TEST_P(platforms, cancel_the_upstream_when_the_client_leaves) {
  add_shaped_account("a", {.interval = milliseconds(10), .events = 10'000},
                     [](relay::account& account) { account.concurrency_limit = 1; });
  start();
  {
    raw_client client(port());
    client.send(request(true));
    client.read_until(shape().events == client_shape::framing::aws_frames ? "chunk" : "upstream: ");
  }
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
  EXPECT_TRUE(outcome_becomes(true, "client_gone", 1));
  upstream->behave(credential("a"), {});
  EXPECT_EQ(send(false).status, 200) << "and its slot is free again";
}

TEST_P(platforms, refuse_in_the_shape_of_the_api) {
  add_shaped_account("a", {}, [](relay::account& account) { account.models = {{"x", "x"}}; });
  start();
  const auto wrong_key = send(false, "cr_" + std::string(64, '0'));
  EXPECT_EQ(wrong_key.status, 401);
  EXPECT_TRUE(client_shape::is_error(wrong_key.body) || wrong_key.header("x-amzn-errortype"))
      << wrong_key.body;
  const auto no_account = send(true);
  EXPECT_EQ(no_account.status, 503);
  EXPECT_THAT(no_account.body, HasSubstr("No available accounts"));
  const auto broken = test::exchange(port(), "POST", shape().target(false), headers(), "{\"x\":");
  EXPECT_EQ(broken.status, 400);
  EXPECT_THAT(broken.body, HasSubstr("not valid JSON"));
}

}  // namespace
}  // namespace baton::e2e
