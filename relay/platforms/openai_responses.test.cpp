#include "relay/platforms/openai_responses.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view body = R"({"model":"m","messages":[1],"input":"hi"})";

account usable(const std::string& api_url = "") {
  account config;
  config.id = account_id("1");
  config.platform = "openai-responses";
  config.name = "main";
  config.api_url = api_url;
  config.credential.api_key = "sk-secret";
  return config;
}

std::string target_of(const std::string& api_url, const std::string& target,
                      std::string_view method = "POST") {
  return request_sample(method, target, body).target(*prepare_account(usable(api_url)));
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

TEST(openai_responses_platform, answers_openais_protocols_but_not_azures_paths) {
  const auto* platform = find_platform("openai-responses");
  ASSERT_NE(platform, nullptr);
  EXPECT_TRUE(platform->answers(openai_responses));
  EXPECT_TRUE(platform->answers(openai_chat));
  EXPECT_FALSE(platform->answers(azure_responses));
  EXPECT_FALSE(platform->answers(azure_chat));
  EXPECT_FALSE(platform->answers(anthropic_api()));
}

TEST(openai_responses_platform, goes_to_openai_unless_told_otherwise) {
  const auto ready = prepare_account(usable());
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->target.authority, "api.openai.com");
  EXPECT_TRUE(ready->target.tls);
  EXPECT_EQ(target_of("", "/openai/responses"), "/v1/responses");
}

TEST(openai_responses_platform, sends_the_key_or_the_token_as_bearer) {
  account config = usable();
  EXPECT_EQ(prepare_account(config)->credential_lines, "Authorization: Bearer sk-secret\r\n");
  config.credential.session_token = "token";
  EXPECT_EQ(request_sample("POST", "/v1/responses", body).credential(*prepare_account(config)),
            "Authorization: Bearer token\r\n");
}

TEST(openai_responses_platform, addresses_compatible_services_as_the_sdks_do) {
  EXPECT_EQ(target_of("https://h/v1", "/api/v1/chat/completions?a=b"), "/v1/chat/completions?a=b");
  EXPECT_EQ(target_of("https://h/api", "/v1/chat/completions"), "/api/v1/chat/completions");
  EXPECT_EQ(target_of("https://h/api/paas/v4", "/v1/chat/completions"),
            "/api/paas/v4/chat/completions");
  EXPECT_EQ(target_of("https://h/v1beta/openai/", "/v1/embeddings"), "/v1beta/openai/embeddings");
  EXPECT_EQ(target_of("https://h/v1/chat/completions", "/v1/responses/compact"),
            "/v1/responses/compact");
  EXPECT_EQ(target_of("https://h/v1/responses", "/v1/responses/a%2Fb?include=x", "GET"),
            "/v1/responses/a%2Fb?include=x");
}

TEST(openai_responses_platform, sends_the_body_with_the_mapped_model_and_the_wish) {
  account config = usable();
  config.models = {{"m", "another"}};
  const request_sample sample("POST", "/v1/chat/completions",
                              R"({"model":"m","stream":true,"messages":[1]})");
  EXPECT_EQ(sample.edited_body(*prepare_account(config)),
            R"({"stream_options":{"include_usage":true},"model":"another","stream":true,)"
            R"("messages":[1]})");
  const request_sample options_last(
      "POST", "/v1/chat/completions",
      R"({"model":"m","stream":true,"messages":[1],"stream_options":null})");
  EXPECT_EQ(options_last.edited_body(*prepare_account(config)),
            R"({"model":"another","stream":true,"messages":[1],"stream_options":)"
            R"({"include_usage":true}})");
}

TEST(openai_responses_platform, refuses_what_it_cannot_use) {
  expect_refused("apiKey", [](account& config) { config.credential.api_key = ""; });
  expect_refused("apiKey", [](account& config) { config.credential.api_key = "secret\r\nx: y"; });
  expect_refused("sessionToken",
                 [](account& config) { config.credential.session_token = "secret x"; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "https://a:secret@h"; });
  expect_refused("priority", [](account& config) { config.priority = 0; });
}

TEST(openai_responses_platform, reads_errors_as_openai_words_them) {
  const header_lines headers("retry-after-ms: 1500\r\n");
  const auto ready = prepare_account(usable());
  const request_sample sample("GET", "/v1/responses/resp_1");
  const auto limited = ready->platform->read_error(sample.route(), {429, headers, "{}"});
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.wait, std::chrono::seconds(2));
  EXPECT_TRUE(ready->platform->read_error(sample.route(), {404, headers, "{}"}).not_here);
}

}  // namespace
}  // namespace baton::relay
