// What an error tells programs, in the shape of each API.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "relay/api.hpp"
#include "relay/client_kind.hpp"
#include "relay/cost_refusal.hpp"
#include "relay/route.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

constexpr std::string_view paths[] = {
    "/v1/messages",         "/v1/messages/count_tokens",        "/v1/responses",
    "/v1/chat/completions", "/v1beta/models/m:generateContent", "/bedrock/model/m/invoke"};

json body_of(std::string_view path, const error& failure) {
  const auto match = match_route("POST", path);
  EXPECT_NE(match.found, nullptr) << path;
  return json::parse(match.protocol->error_body(failure, "req_1"));
}

TEST(error_details, of_a_cost_limit_stand_in_every_body) {
  const auto spent = cost_spent(limit_kind::daily_cost, 5'012'500'000, 5'000'000'000,
                                wall_time(std::chrono::hours(24)));
  EXPECT_EQ(error_status(spent.code), 402);
  for (const auto path : paths) {
    const auto body = body_of(path, spent);
    EXPECT_EQ(body.at("currentCost"), 5.0125) << path;
    EXPECT_EQ(body.at("costLimit"), 5);
    EXPECT_EQ(body.at("resetAt"), "1970-01-02T00:00:00.000Z");
  }
  EXPECT_EQ(body_of("/v1/messages", spent).at("error").at("code"), "daily_cost_limit_exceeded");
  EXPECT_EQ(body_of("/v1/responses", spent).at("error").at("code"), "daily_cost_limit_exceeded");
  const auto bedrock =
      match_route("POST", "/bedrock/model/m/invoke").protocol->error_lines(spent.code);
  EXPECT_EQ(bedrock, "x-amzn-errortype: ServiceQuotaExceededException\r\n");
}

TEST(error_details, leave_the_shape_of_each_api_as_it_is) {
  const auto spent = cost_spent(limit_kind::total_cost, 2, 1, std::nullopt);
  EXPECT_EQ(body_of("/v1/messages", spent).at("type"), "error");
  EXPECT_EQ(body_of("/v1/messages", spent).at("request_id"), "req_1");
  EXPECT_EQ(body_of("/v1/responses", spent).at("error").at("type"), "insufficient_quota");
  const auto google = body_of("/v1beta/models/m:generateContent", spent).at("error");
  EXPECT_EQ(google.at("code"), 402);
  EXPECT_EQ(google.at("status"), "RESOURCE_EXHAUSTED");
  EXPECT_FALSE(body_of("/v1/messages", spent).contains("resetAt"));
}

TEST(error_details, of_an_error_that_has_none_add_nothing) {
  const auto plain = downstream_error(error_code::rate_limited, "slow down");
  EXPECT_EQ(body_of("/v1/messages", plain).size(), 3u);
  EXPECT_EQ(body_of("/v1/responses", plain).size(), 1u);
  EXPECT_EQ(body_of("/v1/responses", plain).at("error").at("code"), "rate_limit_exceeded");
}

TEST(error_details, of_a_client_that_is_not_allowed_are_v1_s_on_its_own_routes) {
  api_key key;
  key.allowed_clients = {"claude_code"};
  const auto refused = check_client(key, "curl/8").error();
  EXPECT_EQ(error_status(refused.code), 403);
  EXPECT_EQ(body_of("/v1/messages", refused),
            json({{"error", "Client not allowed"},
                  {"message", "Your client is not authorized to use this API key"},
                  {"allowedClients", {"claude_code"}},
                  {"userAgent", "curl/8"},
                  {"request_id", "req_1"}}));
  for (const auto path : paths) EXPECT_EQ(body_of(path, refused).at("userAgent"), "curl/8") << path;
  // Google's SDK for Python asks the error for its members, whatever it is.
  EXPECT_TRUE(body_of("/v1beta/models/m:generateContent", refused).at("error").is_object());
}

}  // namespace
}  // namespace baton::relay
