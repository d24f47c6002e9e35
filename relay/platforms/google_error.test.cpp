#include "relay/platforms/google_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

using std::chrono::seconds;

error_reading read(int status, std::string_view body) {
  const header_lines headers("");
  return read_google_error({status, headers, body});
}

std::string error_with(const std::string& message, const std::string& details = "") {
  return R"({"error":{"code":400,"message":")" + message +
         R"(","status":"INVALID_ARGUMENT","details":[)" + details + "]}}";
}

std::string retry_in(const std::string& delay) {
  return error_with("x",
                    R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{}]},)"
                    R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":)" +
                        delay + "}");
}

TEST(google_error, takes_a_bad_key_for_what_it_is) {
  const std::string reason =
      R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"})";
  EXPECT_EQ(read(400, error_with("x", reason)).status, 401);
  EXPECT_EQ(read(400, "[" + error_with("x", reason) + "]").status, 401);
  EXPECT_EQ(read(400, error_with("API key not valid. Please pass a valid API key.")).status, 401);
  EXPECT_EQ(read(400, error_with("API key expired. Please renew the API key.")).status, 401);
  EXPECT_EQ(read(403, error_with("x", R"({"reason":"API_KEY_SERVICE_BLOCKED"})")).status, 403);
}

TEST(google_error, takes_a_location_that_is_not_served_for_the_accounts_doing) {
  EXPECT_EQ(read(400, error_with("User location is not supported for the API use.")).status, 403);
}

TEST(google_error, leaves_other_errors_as_they_are) {
  for (const int status : {400, 401, 403, 404, 413, 429, 500, 503, 529}) {
    const auto reading = read(status, error_with("x", R"({"reason":"OTHER"})"));
    EXPECT_EQ(reading.status, status);
    EXPECT_EQ(reading.wait, std::nullopt);
    EXPECT_FALSE(reading.not_here);
    EXPECT_EQ(reading.foreign_text, std::nullopt);
  }
  EXPECT_EQ(read(499, "").status, 504);
  EXPECT_EQ(read(504, "<html>").status, 504);
}

TEST(google_error, blames_no_account_for_words_of_the_client) {
  EXPECT_EQ(read(400, error_with("Invalid value: API key not valid")).status, 400);
  EXPECT_EQ(read(400, error_with("x: User location is not supported")).status, 400);
  EXPECT_EQ(read(400, R"({"message":"API key not valid"})").status, 400);
  EXPECT_EQ(read(404, error_with("API key not valid")).status, 404);
}

TEST(google_error, reads_how_long_to_wait) {
  EXPECT_EQ(read(429, retry_in("\"34s\"")).wait, seconds(34));
  EXPECT_EQ(read(429, retry_in("\"34.074824224s\"")).wait, seconds(35));
  EXPECT_EQ(read(429, "[" + retry_in("\"34s\"") + "\n]").wait, seconds(34));
  EXPECT_EQ(read(503, retry_in("\"0s\"")).wait, seconds(0));
  EXPECT_EQ(read(429, retry_in("\"0.2s\"")).wait, seconds(1));
  EXPECT_EQ(read(429, retry_in("\"99999999999999999999s\"")).wait, reset_max);
}

TEST(google_error, takes_no_time_that_is_none) {
  for (const std::string delay :
       {"\"\"", "\"s\"", "\"34\"", "34", "\"-1s\"", "\"1e999s\"", "\"infs\"", "\"nans\"", "\"3 s\"",
        "\"0x5s\"", "null", "{}", R"({"seconds":34})", R"("34s","retryDelay":"x")"}) {
    EXPECT_EQ(read(429, retry_in(delay)).wait, std::nullopt) << delay;
  }
}

TEST(google_error, copes_with_any_body) {
  const std::string whole = "[" + retry_in("\"34s\"") + "]";
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    EXPECT_EQ(read(429, whole.substr(0, at)).status, 429);
  }
  for (const std::string body :
       {"", "x", "7", "null", "[]", "[[]]", "[7]", "{}", R"({"error":7})", R"({"error":"x"})",
        R"({"error":{"message":7,"details":{}}})", R"({"error":{"details":[7,[],null]}})",
        R"({"error":{"details":[{"reason":7},{"reason":null}]}})", "<html>"}) {
    EXPECT_EQ(read(400, body).status, 400) << body;
  }
  EXPECT_EQ(read(400, std::string(100'000, '[')).status, 400);
}

}  // namespace
}  // namespace baton::relay
