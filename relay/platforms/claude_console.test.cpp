#include "relay/platforms/claude_console.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view body = R"({"model":"m","messages":[1]})";

account usable() {
  account config;
  config.id = account_id("1");
  config.platform = "claude-console";
  config.name = "main";
  config.api_url = "https://upstream.test/api";
  config.credential.api_key = "secret-value";
  return config;
}

template <class Change>
void expect_refused(std::string_view field, Change change) {
  account config = usable();
  change(config);
  const auto refused = prepare_account(std::move(config));
  ASSERT_FALSE(refused) << field;
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
  EXPECT_EQ(refused.error().text.substr(0, field.size()), field) << refused.error().text;
  EXPECT_EQ(refused.error().text.find("secret"), std::string::npos) << refused.error().text;
}

std::string credential_of(const account_credential& credential) {
  account config = usable();
  config.credential = credential;
  const auto ready = prepare_account(config);
  if (!ready) return "error: " + ready.error().text;
  return request_sample("POST", "/v1/messages", body).credential(*ready);
}

std::string target_of(const std::string& api_url, const std::string& target) {
  account config = usable();
  config.api_url = api_url;
  return request_sample("POST", target, body).target(*prepare_account(config));
}

TEST(claude_console, is_the_platform_of_its_id) {
  ASSERT_NE(find_platform("claude-console"), nullptr);
  EXPECT_EQ(find_platform("claude-console")->id(), "claude-console");
  EXPECT_EQ(find_platform("nothing"), nullptr);
  EXPECT_TRUE(find_platform("claude-console")->answers(anthropic_api()));
  EXPECT_TRUE(find_platform("claude-console")->answers(anthropic_counting));
}

TEST(claude_console, makes_an_account_ready) {
  const auto ready = prepare_account(usable());
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->platform->id(), "claude-console");
  EXPECT_EQ(ready->target.host, "upstream.test");
  EXPECT_EQ(ready->config.name, "main");
}

TEST(claude_console, sends_each_credential_where_it_belongs) {
  EXPECT_EQ(credential_of({"sk-ant-abc", "", ""}), "x-api-key: sk-ant-abc\r\n");
  EXPECT_EQ(credential_of({"other", "", ""}), "Authorization: Bearer other\r\n");
  EXPECT_EQ(credential_of({"sk-ant-abc", "session", ""}), "Authorization: Bearer session\r\n");
  EXPECT_EQ(credential_of({"", "sk-ant-abc", ""}), "x-api-key: sk-ant-abc\r\n");
}

TEST(claude_console, addresses_the_upstream) {
  EXPECT_EQ(target_of("https://h/api", "/claude/v1/messages?beta=true"),
            "/api/v1/messages?beta=true");
  EXPECT_EQ(target_of("https://h/v1", "/api/v1/messages/count_tokens"),
            "/v1/messages/count_tokens");
  EXPECT_EQ(target_of("https://h/v1/messages", "/v1/messages?a=b&limit=5"),
            "/v1/messages?a=b&limit=5");
}

TEST(claude_console, sends_the_body_as_it_is_but_for_a_mapped_model) {
  account config = usable();
  EXPECT_EQ(request_sample("POST", "/v1/messages", body).edited_body(*prepare_account(config)),
            body);
  config.models = {{"m", "another-model"}};
  EXPECT_EQ(request_sample("POST", "/v1/messages", body).edited_body(*prepare_account(config)),
            R"({"model":"another-model","messages":[1]})");
}

TEST(claude_console, refuses_credentials_that_break_a_header) {
  for (const std::string secret :
       {"", "secret with spaces", "secret\r\nX-Evil: 1", "secret\n", " secret", "secret\t",
        "secret\x7f", "secr\xc3\xa9t", "sk-ant-secret\r"}) {
    expect_refused("apiKey", [&](account& config) { config.credential.api_key = secret; });
  }
  expect_refused("apiKey",
                 [](account& config) { config.credential.api_key = std::string("secret\0x", 8); });
  expect_refused("sessionToken",
                 [](account& config) { config.credential.session_token = "secret\r\nhost: x"; });
  expect_refused("apiKey", [](account& config) {
    config.credential = {"secret broken", "fine", ""};
  });
  expect_refused("apiKey",
                 [](account& config) { config.credential.api_key = std::string(10'000, 'x'); });
}

TEST(claude_console, refuses_fields_out_of_range_by_name) {
  expect_refused("platform", [](account& config) { config.platform = "claude"; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "upstream.test"; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "https://a:secret@h"; });
  expect_refused("priority", [](account& config) { config.priority = 0; });
  expect_refused("priority", [](account& config) { config.priority = 101; });
  for (const std::string name : {"", "a\"b", "a\\b", "a\nb", "a\x7f", "\xff\xfe", "\xed\xa0\x80"}) {
    expect_refused("supportedModels", [&](account& config) { config.models[name] = "x"; });
    expect_refused("supportedModels", [&](account& config) { config.models["x"] = name; });
  }
  expect_refused("supportedModels",
                 [](account& config) { config.models["x"] = std::string(257, 'x'); });
  expect_refused("supportedModels", [](account& config) {
    for (int i = 0; i <= 1000; ++i) config.models[std::to_string(i)] = "x";
  });
}

TEST(claude_console, refuses_a_proxy_that_cannot_work) {
  const auto with = [](proxy_settings proxy) {
    return [proxy](account& config) { config.proxy = proxy; };
  };
  expect_refused("proxy.type", with({"ftp", "h", 1, "", ""}));
  expect_refused("proxy.type", with({"HTTP", "h", 1, "", ""}));
  expect_refused("proxy.host", with({"http", "", 1, "", ""}));
  expect_refused("proxy.host", with({"http", "a b", 1, "", ""}));
  expect_refused("proxy.host", with({"http", "http://h", 1, "", ""}));
  expect_refused("proxy.host", with({"socks5", "h\r\n", 1, "", ""}));
  expect_refused("proxy.host", with({"socks5", std::string(254, 'h'), 1, "", ""}));
  expect_refused("proxy.port", with({"http", "h", 0, "", ""}));
  expect_refused("proxy.username", with({"http", "h", 1, "a:b", "secret"}));
  expect_refused("proxy.username", with({"http", "h", 1, "", "secret"}));
  expect_refused("proxy.username", with({"socks5", "h", 1, std::string(256, 'u'), "secret"}));
  expect_refused("proxy.password", with({"socks5", "h", 1, "u", "secret\r\n"}));

  account config = usable();
  config.proxy = {"socks5", "::1", 1080, "user:name", "p w"};
  EXPECT_TRUE(prepare_account(config));
  config.proxy = {"http", "proxy.test", 3128, "", ""};
  EXPECT_TRUE(prepare_account(config));
}

TEST(claude_console, takes_models_as_clients_and_upstreams_name_them) {
  account config = usable();
  config.models = {{"claude-opus-4[1m]", "arn:aws:bedrock:eu-1:1:profile/x.y-v1:0"},
                   {"模型", "gpt-5.5"}};
  EXPECT_TRUE(prepare_account(config));
}

}  // namespace
}  // namespace baton::relay
