// Claude's clients are served by claude-console and bedrock accounts, and cannot tell which.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/fault_table.hpp"
#include "tests/support/mock_signature.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;

class one_pool : public in_both_shapes {
 protected:
  void add_bedrock(const std::string& name, int priority, const mock::behaviour& script = {}) {
    auto named = script;
    named.header_lines += "x-answered-by: " + name + "\r\n";
    add_account(name, named, [&](relay::account& account) {
      account.platform = "bedrock";
      account.region = "us-east-1";
      account.access_key_id = account.credential.api_key;
      account.credential = {"", "", std::string(mock::mock_secret)};
      account.priority = priority;
    });
  }
  void add_console(const std::string& name, int priority, const mock::behaviour& script = {}) {
    auto named = script;
    named.header_lines += "x-answered-by: " + name + "\r\n";
    add_account(name, named, [&](relay::account& account) { account.priority = priority; });
  }
  // What a client reads of an answer, without what every answer has of its own: its id, and the
  // model as its upstream calls it. `amazon-bedrock-invocationMetrics` is Amazon's to tell.
  static std::vector<json> content_of(const raw_answer& answer, bool stream) {
    std::vector<json> found;
    if (!stream) found.push_back(json::parse(answer.body));
    if (stream) {
      for (const auto& event : test::parse_events(answer.body)) {
        found.push_back(json::parse(event.data));
        EXPECT_EQ(event.name, found.back()["type"]);
      }
    }
    for (auto& each : found) {
      auto& message = each.contains("message") ? each["message"] : each;
      message.erase("id");
      message.erase("model");
      each.erase("amazon-bedrock-invocationMetrics");
    }
    return found;
  }
};

INSTANTIATE_TEST_SUITE_P(shape, one_pool, testing::Bool(), shape_name);

TEST_P(one_pool, the_answer_is_the_same_whoever_gives_it) {
  add_console("console", 10);
  add_bedrock("bedrock", 20);
  start();
  const auto by_console = send_message(stream());
  EXPECT_EQ(by_console.header("x-answered-by"), "console");
  upstream->behave(credential("console"), {.status = 529});
  const auto by_bedrock = send_message(stream());
  EXPECT_EQ(by_bedrock.header("x-answered-by"), "bedrock");
  EXPECT_EQ(by_bedrock.header("x-baton-retried"), "overloaded");
  EXPECT_EQ(by_bedrock.header("content-type"), by_console.header("content-type"));
  EXPECT_EQ(content_of(by_bedrock, stream()), content_of(by_console, stream()));
  EXPECT_TRUE(usage_becomes(2, {.input = 50, .output = 84}));
}

TEST_P(one_pool, the_smaller_priority_number_comes_first) {
  add_console("console", 20);
  add_bedrock("bedrock", 10);
  start();
  for (int n = 0; n < 4; ++n) {
    EXPECT_EQ(send_message(stream()).header("x-answered-by"), "bedrock");
  }
  EXPECT_EQ(post("/v1/messages/count_tokens", message_body()).header("x-answered-by"), "console")
      << "Bedrock does not count";
}

TEST_P(one_pool, a_mistake_is_told_in_the_clients_words_whoever_finds_it) {
  add_bedrock("bedrock", 10, {.status = 400, .error_message = "max_tokens: too large"});
  start();
  const auto answer = send_message(stream());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  const auto body = json::parse(answer.body);
  EXPECT_EQ(body["type"], "error");
  EXPECT_EQ(body["error"]["type"], "invalid_request_error");
  EXPECT_EQ(body["error"]["message"], "max_tokens: too large");
  EXPECT_TRUE(body["request_id"].is_string());
}

TEST_P(one_pool, a_key_may_be_kept_to_one_platform) {
  add_console("console", 10);
  add_bedrock("bedrock", 20);
  const auto bedrock = store().find_account("bedrock")->id;
  const auto bound = add_key("bound", [&](relay::api_key& key) { key.bound_account = bedrock; });
  start();
  EXPECT_EQ(send_message(stream(), bound).header("x-answered-by"), "bedrock");
  EXPECT_EQ(send_message(stream()).header("x-answered-by"), "console");
}

}  // namespace
}  // namespace baton::e2e
