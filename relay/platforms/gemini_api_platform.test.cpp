#include "relay/platforms/gemini_api_platform.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

const std::string body = R"({"contents":[1],"model":"models/m"})";

account usable() {
  account config;
  config.id = account_id("1");
  config.platform = "gemini-api";
  config.name = "main";
  config.credential.api_key = "AIza-secret";
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

std::string target_of(const std::string& api_url, const std::string& target,
                      std::string_view model = {}) {
  account config = usable();
  config.api_url = api_url;
  return request_sample("POST", target, body).target(*prepare_account(config), model);
}

TEST(gemini_api_platform, is_the_platform_of_its_id) {
  const auto* platform = find_platform("gemini-api");
  ASSERT_NE(platform, nullptr);
  EXPECT_TRUE(platform->answers(gemini_generate));
  EXPECT_FALSE(platform->answers(code_assist));
  EXPECT_FALSE(platform->answers(anthropic_api()));
  answer_format format = answer_format::json_array;
  EXPECT_EQ(platform->make_decoder(gemini_generate, format), nullptr);
}

TEST(gemini_api_platform, has_an_address_of_its_own) {
  const auto ready = prepare_account(usable());
  ASSERT_TRUE(ready) << ready.error().text;
  EXPECT_EQ(ready->target.host, "generativelanguage.googleapis.com");
  EXPECT_TRUE(ready->target.tls);
  account config = usable();
  config.api_url = "http://h:81/x";
  EXPECT_EQ(prepare_account(config)->target.authority, "h:81");
}

TEST(gemini_api_platform, sends_the_key_as_a_header) {
  const request_sample sample("POST", "/v1beta/models/m:generateContent?alt=sse", body);
  const auto ready = prepare_account(usable());
  EXPECT_EQ(sample.credential(*ready), "x-goog-api-key: AIza-secret\r\n");
  EXPECT_EQ(sample.target(*ready).find("secret"), std::string::npos);
}

TEST(gemini_api_platform, addresses_the_upstream_in_the_client_s_version) {
  EXPECT_EQ(target_of("", "/gemini/v1beta/models/m:streamGenerateContent?alt=sse&x=%20"),
            "/v1beta/models/m:streamGenerateContent?alt=sse&x=%20");
  EXPECT_EQ(target_of("", "/v1/models/m:countTokens"), "/v1/models/m:countTokens");
  EXPECT_EQ(target_of("https://h/gateway", "/v1/models/m:embedContent"),
            "/gateway/v1/models/m:embedContent");
  EXPECT_EQ(target_of("https://h/models", "/v1/models/m:embedContent"),
            "/models/v1/models/m:embedContent");
}

TEST(gemini_api_platform, keeps_the_version_of_the_account) {
  for (const std::string version : {"/v1beta", "/v1", "/v1alpha", "/g/v1beta2", "/v1beta/"}) {
    const auto base = version.ends_with('/') ? version.substr(0, version.size() - 1) : version;
    EXPECT_EQ(target_of("https://h" + version, "/v1/models/m:generateContent?a=b"),
              base + "/models/m:generateContent?a=b");
    EXPECT_EQ(target_of("https://h" + version, "/v1beta/models/m:generateContent"),
              base + "/models/m:generateContent");
  }
  EXPECT_EQ(target_of("https://h/v1beta/models", "/v1/models/m:generateContent"),
            "/v1beta/models/m:generateContent");
  EXPECT_EQ(target_of("https://h/version", "/v1/models/m:generateContent"),
            "/version/v1/models/m:generateContent");
  EXPECT_EQ(target_of("https://h/v", "/v1/models/m:generateContent"),
            "/v/v1/models/m:generateContent");
}

TEST(gemini_api_platform, leaves_the_model_in_the_path_as_it_was_escaped) {
  for (const std::string model : {"publishers%2Fx%2Fmodels%2Fy", "publishers/x", "a:b", "a%3Ab"}) {
    const auto path = "/v1beta/models/" + model + ":generateContent";
    EXPECT_EQ(target_of("", path), path);
    EXPECT_EQ(target_of("https://h/v1", path), "/v1/models/" + model + ":generateContent");
  }
}

TEST(gemini_api_platform, puts_a_mapped_model_into_the_path) {
  account config = usable();
  config.models = {{"m", "tuned/a:b c"}, {"a/b", "m"}};
  const auto ready = prepare_account(config);
  const request_sample sample("POST", "/v1beta/models/m:generateContent?alt=sse", body);
  EXPECT_EQ(sample.target(*ready), "/v1beta/models/tuned%2Fa%3Ab%20c:generateContent?alt=sse");
  EXPECT_EQ(sample.edited_body(*ready), body);
  EXPECT_EQ(request_sample("POST", "/v1/models/a%2Fb:generateContent", body).target(*ready),
            "/v1/models/m:generateContent");
}

TEST(gemini_api_platform, refuses_what_cannot_be_used_by_name) {
  for (const std::string secret : {"", "secret x", "secret\r\nX-Evil: 1", "secr\xc3\xa9t"}) {
    expect_refused("apiKey", [&](account& config) { config.credential.api_key = secret; });
  }
  expect_refused("apiKey", [](account& config) { config.credential = {"", "secret", ""}; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "upstream.test"; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "https://h/?key=secret"; });
  expect_refused("priority", [](account& config) { config.priority = 0; });
}

TEST(gemini_api_platform, reads_errors_as_google_words_them) {
  const header_lines headers("");
  const request_sample sample("POST", "/v1beta/models/m:generateContent", body);
  const auto reading =
      find_platform("gemini-api")
          ->read_error(sample.route(),
                       {400, headers, R"({"error":{"message":"API key not valid. x"}})"});
  EXPECT_EQ(reading.status, 401);
}

}  // namespace
}  // namespace baton::relay
