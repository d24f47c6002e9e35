#include "relay/platforms/openai_error_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

using std::chrono::seconds;

constexpr route generate{"POST", "/x", operation::generate, nullptr, "/v1/responses", "responses"};
constexpr route kept{"GET", "/x/{}", operation::stored_answer, nullptr, "/v1/x/{}", "x"};

named_error_reading reading(int status, std::string_view body, std::string_view header_text = "",
                            const route& to = generate) {
  const header_lines headers(header_text);
  return read_openai_error(to, {status, headers, body});
}
std::optional<seconds> wait_for(std::string_view header_text, int status = 429) {
  return reading(status, "{}", header_text).reading.wait;
}

constexpr std::string_view no_money =
    R"({"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}})";

TEST(openai_error_answer, keeps_the_status) {
  for (const int status : {400, 401, 403, 404, 413, 429, 500, 503}) {
    const auto read = reading(status, R"({"error":{"code":"invalid_api_key"}})").reading;
    EXPECT_EQ(read.status, status);
    EXPECT_FALSE(read.not_here || read.wait || read.foreign_text) << status;
  }
}

TEST(openai_error_answer, waits_long_where_the_quota_is_used_up) {
  EXPECT_EQ(reading(429, no_money).reading.wait, seconds(1800));
  EXPECT_EQ(reading(429, no_money, "retry-after: 5\r\n").reading.wait, std::nullopt)
      << "what is read of retry-after is read elsewhere";
  EXPECT_EQ(reading(400, no_money).reading.wait, std::nullopt);
}

TEST(openai_error_answer, rounds_retry_after_ms_up) {
  EXPECT_EQ(wait_for("retry-after-ms: 1\r\n"), seconds(1));
  EXPECT_EQ(wait_for("Retry-After-Ms: 1500\r\nretry-after: 60\r\n"), seconds(2));
  EXPECT_EQ(wait_for("retry-after-ms: 1500.5\r\n", 503), seconds(2));
  EXPECT_EQ(wait_for("retry-after-ms: 99999999999999\r\n"), cooldown_max);
  for (const std::string odd : {"", "-5", "1e3", "soon", "1s", "0x10", " ", "inf", "nan"}) {
    EXPECT_EQ(wait_for("retry-after-ms: " + odd + "\r\n"), std::nullopt) << odd;
  }
  EXPECT_EQ(wait_for("retry-after-ms: 1\r\n", 500), std::nullopt);
}

TEST(openai_error_answer, waits_for_the_limit_that_is_used_up) {
  const std::string resets =
      "x-ratelimit-reset-requests: 20ms\r\nx-ratelimit-reset-tokens: 6m0s\r\n";
  EXPECT_EQ(wait_for(resets), std::nullopt);
  EXPECT_EQ(wait_for(resets + "x-ratelimit-remaining-requests: 0\r\n"), seconds(1));
  EXPECT_EQ(wait_for(resets + "x-ratelimit-remaining-tokens: 0\r\n"), seconds(360));
  EXPECT_EQ(wait_for(resets + "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-remaining-requests: "
                              "0\r\n"),
            seconds(360));
  EXPECT_EQ(wait_for(resets + "x-ratelimit-remaining-tokens: 0\r\nretry-after: 1\r\n"),
            std::nullopt);
  EXPECT_EQ(wait_for("x-ratelimit-remaining-tokens: 0\r\n"), std::nullopt);
}

TEST(openai_error_answer, reads_lengths_of_limits) {
  EXPECT_EQ(parse_reset("1s"), seconds(1));
  EXPECT_EQ(parse_reset("6m0s"), seconds(360));
  EXPECT_EQ(parse_reset("20ms"), seconds(1));
  EXPECT_EQ(parse_reset("7.66s"), seconds(8));
  EXPECT_EQ(parse_reset("1m30.5s"), seconds(91));
  EXPECT_EQ(parse_reset(" 12 "), seconds(12));
  EXPECT_EQ(parse_reset("0s"), seconds(0));
  EXPECT_EQ(parse_reset("23h59m"), cooldown_max);
  for (const std::string_view odd :
       {"", "s", "-1s", "1x", "1s2", "1 s", "1e3s", "1s-", "infs", "\xC2\xB5s", "m1"}) {
    EXPECT_EQ(parse_reset(odd), std::nullopt) << odd;
  }
  EXPECT_EQ(parse_reset(std::string(5000, '9') + "s"), std::nullopt);
}

TEST(openai_error_answer, knows_that_an_answer_is_kept_elsewhere) {
  constexpr std::string_view not_found =
      R"({"error":{"type":"invalid_request_error","code":"previous_response_not_found"}})";
  EXPECT_TRUE(reading(400, not_found).reading.not_here);
  EXPECT_TRUE(reading(404, "", "", kept).reading.not_here);
  EXPECT_FALSE(reading(404, "").reading.not_here);
  EXPECT_FALSE(reading(400, "{}", "", kept).reading.not_here);
  EXPECT_FALSE(reading(500, not_found).reading.not_here);
}

TEST(openai_error_answer, takes_any_body) {
  for (const std::string_view body :
       {"", "x", "<html>", "{", "[]", R"({"error":"x"})", R"({"error":{"code":401}})", "\xff",
        R"({"error":{"code":"a"},"error":null)"}) {
    EXPECT_EQ(reading(429, body).reading.wait, std::nullopt) << body;
  }
  EXPECT_EQ(reading(429, R"({"error":{"code":"new_code"}})").error_name, "new_code");
}

}  // namespace
}  // namespace baton::relay
