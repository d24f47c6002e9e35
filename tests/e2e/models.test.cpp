// GET …/models: what a key may ask for, in the shape of whoever asks.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

class models : public relay_fixture {
 protected:
  void add(const std::string& name, const std::string& platform,
           std::initializer_list<const char*> names) {
    add_account(name, {}, [&](relay::account& account) {
      account.platform = platform;
      for (const auto* each : names) account.models[each] = each;
    });
  }
  void start_with_one_of_each() {
    add("claude", "claude-console", {"claude-sonnet-4-5", "claude-x"});
    add("openai", "openai-responses", {"gpt-5.1"});
    add("gemini", "gemini-api", {"gemini-2.5-pro"});
    start();
  }
  raw_answer list(const std::string& path, const header_list& more = {}) const {
    header_list sent{{"authorization", "Bearer " + key()}};
    sent.insert(sent.end(), more.begin(), more.end());
    return test::get(port(), path, sent);
  }
  static std::vector<std::string> ids(const raw_answer& answer) {
    std::vector<std::string> found;
    const auto list = json::parse(answer.body);
    for (const auto& each : list.at("data")) found.push_back(each["id"]);
    return found;
  }
  static std::vector<std::string> names(const raw_answer& answer) {
    std::vector<std::string> found;
    const auto list = json::parse(answer.body);
    for (const auto& each : list.at("models")) found.push_back(each["name"]);
    return found;
  }
};

TEST_F(models, are_told_apart_by_the_headers_of_three_vendors) {
  start_with_one_of_each();
  const auto anthropic = list("/v1/models", {{"anthropic-version", "2023-06-01"}});
  EXPECT_EQ(anthropic.status, 200);
  EXPECT_THAT(ids(anthropic), ElementsAre("claude-sonnet-4-5", "claude-x"));
  EXPECT_EQ(json::parse(anthropic.body)["has_more"], false);
  EXPECT_EQ(json::parse(anthropic.body)["last_id"], "claude-x");
  const auto gemini = list("/v1/models", {{"x-goog-api-key", key()}});
  EXPECT_THAT(names(gemini), ElementsAre("models/gemini-2.5-pro"));
  const auto openai = list("/v1/models");
  EXPECT_EQ(json::parse(openai.body)["object"], "list");
  EXPECT_THAT(ids(openai),
              ElementsAre("claude-sonnet-4-5", "claude-x", "gpt-5.1", "gemini-2.5-pro"))
      << "whatever the key may use";
}

TEST_F(models, are_told_apart_by_the_path) {
  start_with_one_of_each();
  EXPECT_THAT(ids(list("/claude/v1/models")), ElementsAre("claude-sonnet-4-5", "claude-x"));
  EXPECT_THAT(ids(list("/openai/v1/models")), ElementsAre("gpt-5.1"));
  EXPECT_THAT(names(list("/v1beta/models")), ElementsAre("models/gemini-2.5-pro"));
  EXPECT_THAT(names(list("/gemini/v1beta/models")), ElementsAre("models/gemini-2.5-pro"));
}

TEST_F(models, are_those_that_the_key_may_use) {
  add_key("k", [](relay::api_key& key) {
    key.permissions = {"claude"};
    key.restricted_models = {"claude-x"};
  });
  start_with_one_of_each();
  EXPECT_THAT(ids(list("/v1/models")), ElementsAre("claude-sonnet-4-5"));
  EXPECT_THAT(ids(list("/openai/v1/models")), ElementsAre());
}

TEST_F(models, of_accounts_without_a_list_are_those_of_the_vendor) {
  add("claude", "claude-console", {});
  add("bedrock-like", "openai-responses", {"my-own-model"});
  start();
  EXPECT_THAT(ids(list("/claude/v1/models")), IsSupersetOf({"claude-sonnet-4-5"}));
  EXPECT_THAT(ids(list("/claude/v1/models")), Not(Contains("gpt-5.1")));
  EXPECT_THAT(ids(list("/openai/v1/models")), ElementsAre("my-own-model"));
}

TEST_F(models, can_be_asked_for_one_by_one) {
  start_with_one_of_each();
  EXPECT_EQ(json::parse(list("/v1/models/gpt-5.1").body)["id"], "gpt-5.1");
  EXPECT_EQ(json::parse(list("/v1beta/models/gemini-2.5-pro").body)["name"],
            "models/gemini-2.5-pro");
  EXPECT_EQ(list("/v1/models/gpt-9").status, 404);
  EXPECT_EQ(list("/v1/models/..").status, 400);
  EXPECT_EQ(list("/v1/models/%zz").status, 400);
}

TEST_F(models, are_for_known_keys_only) {
  start_with_one_of_each();
  EXPECT_EQ(test::get(port(), "/v1/models", {{"x-api-key", "cr_" + std::string(64, '0')}}).status,
            401);
  EXPECT_EQ(test::get(port(), "/v1/models", {}).status, 401);
}

}  // namespace
}  // namespace baton::e2e
