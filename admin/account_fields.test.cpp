#include "admin/account_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "relay/platform.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using relay::account;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

const json console = {{"name", "main"}, {"apiUrl", "https://upstream.test"}, {"apiKey", "hidden"}};

class account_fields_test : public testing::Test {
 protected:
  account_fields_test() { start("claude-console"); }

  void start(const std::string& platform) {
    account_ = {};
    account_.id = account_id("7");
    account_.platform = platform;
  }
  std::string put(const json& object) {
    return outcome(read_account(object, account_, read_mode::update));
  }
  std::string post(const json& object) {
    return outcome(read_account(object, account_, read_mode::create));
  }
  json shown() const { return show_fields(account_fields(), account_); }

  // Whatever is refused names its field and repeats no secret.
  static std::string outcome(const result<void>& done) {
    if (done) return "accepted";
    EXPECT_EQ(done.error().code, error_code::invalid_argument);
    EXPECT_NE(field_of(done.error()), "");
    EXPECT_TRUE(done.error().text.starts_with(field_of(done.error())));
    EXPECT_THAT(done.error().text, Not(HasSubstr("hidden")));
    return done.error().text;
  }

  account account_;
};

TEST_F(account_fields_test, are_read_and_shown_by_the_same_names) {
  auto sent = json::parse(R"({
    "description": "for all", "priority": 10, "concurrencyLimit": 5,
    "supportedModels": {"a": "x", "b": "b"}, "accountType": "group", "groupIds": ["g", "h"],
    "dailyQuota": {"tokens": 7, "usd": 12.5}, "disconnectPolicy": "drain:30",
    "timeouts": {"connectMs": 2000, "totalMs": 60000}, "cooldowns": {"rate_limited": 30},
    "isActive": false, "schedulable": false, "tags": ["x"]})");
  auto whole = sent;
  whole.update(console);
  ASSERT_EQ(post(whole), "accepted");
  EXPECT_EQ(account_.timeouts.connect, 2s);
  EXPECT_EQ(account_.quota.cost_nanousd, 12'500'000'000u);
  const auto got = shown();
  for (const auto& [name, value] : sent.items()) EXPECT_EQ(got.at(name), value) << name;
  EXPECT_EQ(put(got), "accepted");
  EXPECT_EQ(shown(), got);
}

TEST_F(account_fields_test, secrets_are_written_kept_and_removed_but_not_shown) {
  ASSERT_EQ(post(console), "accepted");
  EXPECT_EQ(account_.credential.api_key, "hidden");
  EXPECT_EQ(shown().at("apiKeySet"), true);
  EXPECT_FALSE(shown().contains("apiKey"));
  EXPECT_THAT(shown().dump(), Not(HasSubstr("hidden")));
  ASSERT_EQ(put({{"priority", 7}}), "accepted");
  EXPECT_EQ(account_.credential.api_key, "hidden");
  EXPECT_THAT(put({{"apiKey", nullptr}}), HasSubstr("is required"));
  ASSERT_EQ(put({{"apiKey", ""}, {"sessionToken", "other"}}), "accepted");
  EXPECT_EQ(account_.credential.api_key, "");
  EXPECT_EQ(account_.credential.session_token, "other");
}

TEST_F(account_fields_test, an_audit_entry_hides_secrets) {
  ASSERT_EQ(post(console), "accepted");
  auto after = account_;
  after.priority = 7;
  after.credential.api_key = "hidden too";
  after.proxy = {"http", "proxy.test", 3128, "user", "hidden"};
  auto changes = changes_between(account_fields(), account_, after);
  EXPECT_EQ(changes.at("priority"), json({50, 7}));
  EXPECT_EQ(changes.at("apiKey"), json({"****", "****"}));
  EXPECT_THAT(changes.dump(), Not(HasSubstr("hidden")));
  auto later = after;
  later.proxy.password = "hidden as well";
  EXPECT_EQ(json(changes_between(account_fields(), after, later)),
            json::parse(R"({"proxy": ["****", "****"]})"));
}

TEST_F(account_fields_test, of_every_platform_have_a_way_in) {
  for (const auto* each : {"openai-responses", "gemini-api", "gemini"}) {
    start(each);
    EXPECT_EQ(post({{"name", "x"}, {"apiKey", "hidden"}}), "accepted") << each;
  }
  start("azure-openai");
  EXPECT_EQ(post({{"name", "x"},
                  {"apiUrl", "https://h.test"},
                  {"apiKey", "hidden"},
                  {"deploymentName", "gpt"},
                  {"apiVersion", "2025-04-01-preview"}}),
            "accepted");
  start("bedrock");
  EXPECT_EQ(post({{"name", "x"},
                  {"region", "eu-central-1"},
                  {"accessKeyId", "AKIA"},
                  {"secretAccessKey", "hidden"},
                  {"sessionToken", "hidden"}}),
            "accepted");
  start("bedrock");
  EXPECT_EQ(post({{"name", "x"}, {"region", "eu-central-1"}, {"bearerToken", "hidden"}}),
            "accepted");
  EXPECT_EQ(account_.credential.api_key, "hidden");
  EXPECT_THAT(put({{"bearerToken", "hidden"}, {"apiKey", "hidden"}}), HasSubstr("bearerToken"));
}

TEST_F(account_fields_test, of_another_platform_are_refused) {
  ASSERT_EQ(post(console), "accepted");
  for (const auto* name : {"region", "accessKeyId", "deploymentName", "apiVersion",
                           "secretAccessKey", "bearerToken"}) {
    EXPECT_EQ(put({{name, "hidden"}}), std::string(name) + ": is not for this platform");
  }
  start("gemini-api");
  EXPECT_THAT(post({{"name", "x"}, {"apiKey", "hidden"}, {"sessionToken", "hidden"}}),
              HasSubstr("sessionToken: is not for"));
  start("none");
  EXPECT_THAT(post(console), HasSubstr("platform must be one of: claude-console"));
}

TEST_F(account_fields_test, each_is_refused_by_name_where_it_cannot_be_used) {
  ASSERT_EQ(post(console), "accepted");
  const auto before = shown();
  for (const auto* sent : {
           R"({"name": " "})",
           R"({"apiUrl": "ftp://h"})",
           R"({"apiUrl": 7})",
           R"({"apiKey": "hid den"})",
           R"({"apiKey": ["hidden"]})",
           R"({"priority": 0})",
           R"({"concurrencyLimit": -1})",
           R"({"supportedModels": "a"})",
           R"({"supportedModels": {"a": 1}})",
           R"({"supportedModels": ["a\"b"]})",
           R"({"accountType": "private"})",
           R"({"groupIds": [""]})",
           R"({"dailyQuota": {"usd": -1}})",
           R"({"dailyQuota": {"dollars": 1}})",
           R"({"dailyQuota": "1"})",
           R"({"disconnectPolicy": "drain:0"})",
           R"({"disconnectPolicy": "drain:3601"})",
           R"({"timeouts": {"dnsMs": 1}})",
           R"({"timeouts": {"connectMs": 0}})",
           R"({"cooldowns": {"teapot": 1}})",
           R"({"cooldowns": {"timeout": 604801}})",
           R"({"proxy": "http://h:1"})",
           R"({"isActive": null})",
           R"({"schedulable": 0})",
           R"({"tags": "a"})",
           R"({"apiKeySet": false})",
           R"({"platform": "gemini"})",
           R"({"id": "8"})",
           R"({"createdAt": "2027-01-01"})",
           R"({"rateLimitDuration": 60})",
       }) {
    const auto object = json::parse(sent);
    EXPECT_TRUE(put(object).starts_with(object.begin().key())) << sent << ": " << put(object);
    EXPECT_EQ(shown(), before);
  }
}

TEST_F(account_fields_test, models_are_a_list_or_a_map) {
  auto sent = console;
  sent["supportedModels"] = {"a", "b"};
  ASSERT_EQ(post(sent), "accepted");
  EXPECT_EQ(shown().at("supportedModels"), json({{"a", "a"}, {"b", "b"}}));
  for (const auto& empty : {json::array(), json::object()}) {
    ASSERT_EQ(put({{"supportedModels", {"a"}}}), "accepted");
    ASSERT_EQ(put({{"supportedModels", empty}}), "accepted");
    EXPECT_TRUE(account_.models.empty());
  }
}

TEST_F(account_fields_test, a_quota_is_a_number_of_dollars_or_an_object) {
  ASSERT_EQ(post(console), "accepted");
  ASSERT_EQ(put({{"dailyQuota", {{"tokens", 7}}}}), "accepted");
  ASSERT_EQ(put({{"dailyQuota", 0.1}}), "accepted");
  EXPECT_EQ(account_.quota, (relay::daily_quota{7, 100'000'000}));
}

TEST_F(account_fields_test, one_group_can_be_named_alone) {
  ASSERT_EQ(post(console), "accepted");
  ASSERT_EQ(put({{"accountType", "group"}, {"groupId", "g"}}), "accepted");
  EXPECT_EQ(account_.groups, std::vector{group_id("g")});
  EXPECT_EQ(put({{"groupId", "g"}, {"groupIds", {"h"}}}),
            "groupId: must not be sent beside groupIds");
  EXPECT_THAT(put({{"groupId", nullptr}}), HasSubstr("groupIds must name a group"));
  EXPECT_EQ(put({{"accountType", "shared"}, {"groupId", nullptr}}), "accepted");
}

TEST_F(account_fields_test, a_proxy_is_an_object_or_null) {
  ASSERT_EQ(post(console), "accepted");
  EXPECT_EQ(put({{"proxy", {{"type", "http"}, {"host", "proxy.test"}}}}),
            "proxy.port: is required");
  ASSERT_EQ(put({{"proxy",
                  {{"type", "http"},
                   {"host", "Proxy.test"},
                   {"port", 3128},
                   {"username", "user"},
                   {"password", "hidden"}}}}),
            "accepted");
  EXPECT_EQ(shown().at("proxy"), json::parse(R"({"type": "http", "host": "proxy.test",
      "port": 3128, "username": "user", "passwordSet": true})"));
  ASSERT_EQ(put(shown()), "accepted");
  ASSERT_EQ(put({{"proxy", {{"port", 3129}}}}), "accepted");
  EXPECT_EQ(account_.proxy.port, 3129);
  EXPECT_EQ(account_.proxy.password, "hidden");
  ASSERT_EQ(put({{"proxy", {{"username", ""}}}}), "accepted");
  EXPECT_EQ(account_.proxy.password, "");
  ASSERT_EQ(put({{"proxy", nullptr}}), "accepted");
  EXPECT_FALSE(account_.proxy.enabled());
}

TEST_F(account_fields_test, a_proxy_that_cannot_be_used_is_refused_by_its_field) {
  ASSERT_EQ(post(console), "accepted");
  const json good = {{"type", "socks5"}, {"host", "::1"}, {"port", 1080}};
  ASSERT_EQ(put({{"proxy", good}}), "accepted");
  for (const auto& [name, value] :
       {std::pair("type", json("https")), std::pair("type", json("ftp")),
        std::pair("host", json("")), std::pair("host", json("a/b")), std::pair("port", json(0)),
        std::pair("port", json("80")), std::pair("username", json("a\nb")),
        std::pair("password", json("hidden")), std::pair("passwordSet", json(true)),
        std::pair("user", json("x"))}) {
    EXPECT_TRUE(put({{"proxy", {{name, value}}}}).starts_with("proxy.")) << name << value;
  }
  EXPECT_THAT(put({{"proxy", {{"type", "https"}}}}), HasSubstr("cannot be used yet"));
}

TEST_F(account_fields_test, of_one_platform_describe_its_accounts) {
  const auto has = [](std::string_view platform, std::string_view name) {
    return schema_of(account_fields(platform)).at("properties").contains(name);
  };
  EXPECT_TRUE(has("bedrock", "region"));
  EXPECT_FALSE(has("claude-console", "region"));
  EXPECT_TRUE(has("azure-openai", "deploymentName"));
  EXPECT_FALSE(has("gemini-api", "sessionToken"));
  for (const auto* each : relay::platforms()) EXPECT_TRUE(has(each->id(), "apiKey"));
}

}  // namespace
}  // namespace baton::admin
