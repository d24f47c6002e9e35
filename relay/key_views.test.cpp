#include "relay/key_views.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace baton::relay {
namespace {

TEST(key_views, usage_counts_reasoning_as_output_and_apart) {
  own_usage report;
  report.total = {{"one", {1, {1, 2, 3, 4, 5, 6}, 5, 300'000'000, 0}},
                  {"two", {2, {10, 20, 30, 40, 50, 60}, 5, 500, 0}}};
  const auto usage = nlohmann::json::parse(usage_body({}, report));
  const auto& total = usage.at("usage").at("total");
  EXPECT_EQ(total, nlohmann::json({{"requests", 3},
                                   {"inputTokens", 11},
                                   {"outputTokens", 88},
                                   {"reasoningTokens", 66},
                                   {"cacheCreateTokens", 99},
                                   {"cacheReadTokens", 33},
                                   {"ephemeral5mTokens", 44},
                                   {"ephemeral1hTokens", 55},
                                   {"allTokens", 231},
                                   {"cost", 0.3000005},
                                   {"formattedCost", "$0.300001"}}));
  EXPECT_EQ(usage.at("models").at(1).at("outputTokens"), 80);
  EXPECT_EQ(usage.at("usage").at("daily").at("allTokens"), 0);
}

TEST(key_views, tells_a_key_s_limits_by_v1_s_names) {
  api_key key;
  key.allowed_clients = {"claude_code"};
  key.limits.window_cost_nanousd = 500'000'000;
  key.limits.daily_cost_nanousd = 12'500'000'000;
  key.limits.total_cost_nanousd = 1;
  key.limits.weekly_claude_cost_nanousd = 7'000'000'000;
  key.limits.week = {5, 18};
  const auto info = nlohmann::json::parse(key_info_body(key, {}, {}, {}));
  const auto& limits = info.at("limits");
  EXPECT_EQ(limits.at("rateLimitCost"), 0.5);
  EXPECT_EQ(limits.at("dailyCostLimit"), 12.5);
  EXPECT_EQ(limits.at("totalCostLimit"), 0.000000001);
  EXPECT_EQ(limits.at("weeklyOpusCostLimit"), 7);
  EXPECT_EQ(limits.at("weeklyResetDay"), 5);
  EXPECT_EQ(limits.at("weeklyResetHour"), 18);
  EXPECT_EQ(info.at("allowedClients"), nlohmann::json({"claude_code"}));
  EXPECT_TRUE(info.at("activatedAt").is_null());
}

TEST(key_views, tells_the_last_requests_and_nothing_of_accounts) {
  recent_request recent{.finished = wall_time(std::chrono::hours(24)),
                        .request_id = "req_1",
                        .route = "messages",
                        .model = "opus",
                        .status = 200,
                        .stream = true,
                        .duration = std::chrono::milliseconds(1500),
                        .counts = {.requests = 1,
                                   .tokens = {.input = 3, .output = 4},
                                   .cost_nanousd = 1,
                                   .rated_nanousd = 2'000'000'000}};
  const auto info = nlohmann::json::parse(key_info_body({}, {}, {}, {recent}));
  const auto& record = info.at("usage").at("recentRecords").at(0);
  EXPECT_EQ(record.at("timestamp"), "1970-01-02T00:00:00.000Z");
  EXPECT_EQ(record.at("requestId"), "req_1");
  EXPECT_EQ(record.at("endpoint"), "messages");
  EXPECT_EQ(record.at("model"), "opus");
  EXPECT_EQ(record.at("statusCode"), 200);
  EXPECT_EQ(record.at("stream"), true);
  EXPECT_EQ(record.at("durationMs"), 1500);
  EXPECT_EQ(record.at("inputTokens"), 3);
  EXPECT_EQ(record.at("cost"), 2) << "what the key is charged";
}

}  // namespace
}  // namespace baton::relay
