#include "relay/platforms/gemini_platform.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/gemini_api.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

const std::string body =
    R"({"model":"m","project":"p","request":{"contents":[1],"session_id":"s","new":null}})";

account usable() {
  account config;
  config.id = account_id("1");
  config.platform = "gemini";
  config.name = "main";
  config.credential.session_token = "ya29.secret";
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

TEST(gemini_platform, is_the_platform_of_its_id) {
  const auto* platform = find_platform("gemini");
  ASSERT_NE(platform, nullptr);
  EXPECT_TRUE(platform->answers(code_assist));
  EXPECT_FALSE(platform->answers(gemini_generate));
}

TEST(gemini_platform, sends_the_token_to_the_address_of_code_assist) {
  const auto ready = prepare_account(usable());
  ASSERT_TRUE(ready) << ready.error().text;
  EXPECT_EQ(ready->target.host, "cloudcode-pa.googleapis.com");
  const request_sample sample("POST", "/gemini/v1internal:streamGenerateContent?alt=sse", body);
  EXPECT_EQ(sample.credential(*ready), "Authorization: Bearer ya29.secret\r\n");
  EXPECT_EQ(sample.target(*ready), "/v1internal:streamGenerateContent?alt=sse");
}

TEST(gemini_platform, takes_the_token_as_an_api_key_too) {
  account config = usable();
  config.credential = {"ya29.key", "", ""};
  const request_sample sample("POST", "/v1internal:generateContent", body);
  EXPECT_EQ(sample.credential(*prepare_account(config)), "Authorization: Bearer ya29.key\r\n");
}

TEST(gemini_platform, sends_the_body_as_it_is_but_for_a_mapped_model) {
  account config = usable();
  const request_sample sample("POST", "/v1internal:generateContent", body);
  EXPECT_EQ(sample.edited_body(*prepare_account(config)), body);
  config.models = {{"m", "another"}};
  EXPECT_EQ(sample.edited_body(*prepare_account(config)),
            R"({"model":"another","project":"p","request":{"contents":[1],"session_id":"s",)"
            R"("new":null}})");
  const request_sample count("POST", "/v1internal:countTokens",
                             R"({"request":{"model":"models/m","contents":[1]}})");
  EXPECT_EQ(count.edited_body(*prepare_account(config)),
            R"({"request":{"model":"models/another","contents":[1]}})");
}

TEST(gemini_platform, passes_on_what_a_client_asks_about_the_account) {
  const auto ready = prepare_account(usable());
  const std::string asked = R"({"metadata":{"pluginType":"GEMINI"}})";
  const request_sample sample("POST", "/v1internal:loadCodeAssist", asked);
  EXPECT_EQ(sample.target(*ready), "/v1internal:loadCodeAssist");
  EXPECT_EQ(sample.edited_body(*ready), asked);
  EXPECT_EQ(request_sample("GET", "/v1internal/operations/a%20b").target(*ready),
            "/v1internal/operations/a%20b");
}

TEST(gemini_platform, refuses_what_cannot_be_used_by_name) {
  expect_refused("apiKey or sessionToken", [](account& config) { config.credential = {}; });
  for (const std::string secret : {"secret x", "secret\r\nX-Evil: 1", "secr\xc3\xa9t"}) {
    expect_refused("sessionToken",
                   [&](account& config) { config.credential.session_token = secret; });
    expect_refused("apiKey", [&](account& config) { config.credential.api_key = secret; });
  }
  expect_refused("apiUrl", [](account& config) { config.api_url = "https://a:secret@h"; });
  expect_refused("priority", [](account& config) { config.priority = 101; });
}

TEST(gemini_platform, reads_errors_as_google_words_them) {
  const header_lines headers("");
  const request_sample sample("POST", "/v1internal:generateContent", body);
  const auto reading = find_platform("gemini")->read_error(
      sample.route(), {429, headers, R"({"error":{"details":[{"retryDelay":"47941.2s"}]}})"});
  EXPECT_EQ(reading.status, 429);
  EXPECT_EQ(reading.wait, std::chrono::seconds(47942));
}

}  // namespace
}  // namespace baton::relay
