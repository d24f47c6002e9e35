#include <gtest/gtest.h>

#include "relay/api_stats_request.hpp"
#include "relay/api_stats_views.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

template <class T>
std::string refusal(const result<T>& read, error_code code) {
  if (read) return "none";
  EXPECT_EQ(read.error().code, code);
  return read.error().text;
}

std::string malformed(std::string_view body) {
  return refusal(read_api_key(body), error_code::malformed_request);
}

TEST(api_stats_request, is_asked_with_a_key) {
  EXPECT_EQ(read_api_key(R"({"apiKey":"cr_1","more":[1]})").value(), "cr_1");
  EXPECT_EQ(read_api_keys(R"({"apiKeys":["a","b","a"]})").value(),
            (std::vector<std::string>{"a", "b"}));
}

TEST(api_stats_request, an_id_is_not_enough) {
  EXPECT_EQ(refusal(read_api_key(R"({"apiId":"x"})"), error_code::permission_denied),
            "An id does not show who asks: send apiKey instead.");
  EXPECT_EQ(refusal(read_api_keys(R"({"apiIds":["x"]})"), error_code::permission_denied),
            "An id does not show who asks: send apiKeys instead.");
}

TEST(api_stats_request, refusals_name_the_field) {
  EXPECT_EQ(malformed(""), "The body must be a JSON object.");
  EXPECT_EQ(malformed("[]"), "The body must be a JSON object.");
  EXPECT_EQ(malformed("{\"apiKey\":\"\xff\"}"), "The body must be a JSON object.");
  EXPECT_EQ(malformed("{}"), "apiKey: is missing.");
  EXPECT_EQ(malformed(R"({"apiKey":7})"), "apiKey: must be a text, an API key.");
  EXPECT_EQ(malformed(R"({"apiKey":null})"), "apiKey: must be a text, an API key.");
  EXPECT_EQ(malformed(R"({"apiKey":""})"), "apiKey: must have 1 to 512 bytes.");
  EXPECT_EQ(malformed(std::string(30'000, '[')), "The body must be a JSON object.");
  const auto keys = [](std::string_view body) {
    return refusal(read_api_keys(body), error_code::malformed_request);
  };
  EXPECT_EQ(keys(R"({"apiKeys":"a"})"), "apiKeys: must be a list of 1 to 30 API keys.");
  EXPECT_EQ(keys(R"({"apiKeys":[]})"), "apiKeys: must be a list of 1 to 30 API keys.");
  EXPECT_EQ(keys(R"({"apiKeys":["a",{}]})"), "apiKeys[1]: must be a text, an API key.");
  EXPECT_EQ(keys(json{{"apiKeys", std::vector<std::string>(31, "a")}}.dump()),
            "apiKeys: must be a list of 1 to 30 API keys.");
}

TEST(api_stats_request, its_size_is_bounded) {
  const auto huge = "{\"apiKey\":\"" + std::string(api_stats_body_bytes_max, 'a') + "\"}";
  EXPECT_NE(refusal(read_api_key(huge), error_code::body_too_large), "none");
}

TEST(api_stats_request, names_a_period) {
  EXPECT_EQ(read_stats_period(R"({"period":"daily"})").value(), usage_period::day);
  EXPECT_EQ(read_stats_period("{}").value(), usage_period::month);
  EXPECT_EQ(read_stats_period(R"({"period":"alltime"})").value(), usage_period::all);
  EXPECT_EQ(refusal(read_stats_period(R"({"period":["daily"]})"), error_code::malformed_request),
            "period: must be daily, monthly or alltime.");
}

usage_counts counts_of(std::int64_t requests) {
  usage_counts counts;
  counts.requests = requests;
  counts.tokens = {1, 2, 3, 4, 5, 6};
  counts.cost_nanousd = 9;
  counts.rated_nanousd = 123'456'700;
  return counts;
}

TEST(api_stats_views, tell_a_key_its_usage_limits_and_restrictions) {
  api_key key;
  key.id = key_id("id-1");
  key.name = "laptop";
  key.limits.concurrency = 3;
  key.restricted_models = {"opus"};
  key.activation = std::chrono::hours(36);
  key.service_rates = {{"claude", 1'500'000}};
  key.bound_group = group_id("g-1");
  const wall_time noon(std::chrono::hours(12));
  const limits_use use{.day_nanousd = 123'456'700,
                       .total_nanousd = 2'000'000'000,
                       .week_claude_nanousd = 1'000'000'000,
                       .window = {.requests = 4,
                                  .tokens = 500,
                                  .cost_nanousd = 600'000'000,
                                  .start = noon,
                                  .end = noon + std::chrono::minutes(5)},
                       .now = noon + std::chrono::milliseconds(1'500)};
  const auto body =
      json::parse(user_stats_body({&key, counts_of(3), counts_of(2), counts_of(1)}, use));
  EXPECT_EQ(body.at("success"), true);
  const auto& data = body.at("data");
  EXPECT_EQ(data.at("id"), "id-1");
  EXPECT_EQ(data.at("usage").at("total").at("requests"), 3);
  EXPECT_EQ(data.at("usage").at("total").at("tokens"), 21);
  EXPECT_EQ(data.at("usage").at("total").at("outputTokens"), 8);
  EXPECT_EQ(data.at("usage").at("total").at("cost"), 0.1234567);
  EXPECT_EQ(data.at("usage").at("total").at("formattedCost"), "$0.123457");
  EXPECT_EQ(data.at("usage").at("daily").at("requests"), 1);
  const auto& limits = data.at("limits");
  EXPECT_EQ(limits.at("concurrencyLimit"), 3);
  EXPECT_EQ(limits.at("currentDailyCost"), 0.1234567);
  EXPECT_EQ(limits.at("currentTotalCost"), 2.0);
  EXPECT_EQ(limits.at("weeklyOpusCost"), 1.0);
  EXPECT_EQ(limits.at("currentWindowRequests"), 4);
  EXPECT_EQ(limits.at("currentWindowTokens"), 500);
  EXPECT_EQ(limits.at("currentWindowCost"), 0.6);
  EXPECT_EQ(limits.at("windowStartTime"), 43'200'000);
  EXPECT_EQ(limits.at("windowEndTime"), 43'500'000);
  EXPECT_EQ(limits.at("windowRemainingSeconds"), 298);
  EXPECT_EQ(data.at("activationDays"), 36);
  EXPECT_EQ(data.at("activationUnit"), "hours");
  EXPECT_EQ(data.at("serviceRates"), (json{{"claude", 1.5}}));
  EXPECT_EQ(data.at("accounts").at("claudeAccountId"), "group:g-1");
  EXPECT_EQ(data.at("restrictions").at("restrictedModels"), json({"opus"}));
  EXPECT_FALSE(data.contains("hash"));
}

TEST(api_stats_views, tell_of_no_window_where_none_is_open) {
  api_key key;
  const auto body = json::parse(user_stats_body({&key, {}, {}, {}}, {.now = wall_now()}));
  const auto& limits = body.at("data").at("limits");
  EXPECT_EQ(limits.at("currentWindowRequests"), 0);
  EXPECT_TRUE(limits.at("windowStartTime").is_null());
  EXPECT_TRUE(limits.at("windowEndTime").is_null());
  EXPECT_TRUE(limits.at("windowRemainingSeconds").is_null());
  EXPECT_TRUE(body.at("data").at("accounts").at("openaiAccountId").is_null());
}

TEST(api_stats_views, sum_several_keys_exactly) {
  api_key one, two;
  one.id = key_id("1");
  two.id = key_id("2");
  const auto body = json::parse(
      batch_stats_body({{&one, counts_of(3), {}, {}}, {&two, counts_of(4), counts_of(1), {}}}, 1));
  const auto& sum = body.at("data").at("aggregated");
  EXPECT_EQ(sum.at("totalKeys"), 3);
  EXPECT_EQ(sum.at("activeKeys"), 2);
  EXPECT_EQ(sum.at("usage").at("requests"), 7);
  EXPECT_EQ(sum.at("usage").at("cost"), 0.2469134);
  EXPECT_EQ(sum.at("monthlyUsage").at("requests"), 1);
  EXPECT_EQ(body.at("data").at("individual").at(1).at("id"), "2");
}

TEST(api_stats_views, tell_models_of_a_period) {
  const auto body = json::parse(user_model_stats_body({{"opus", counts_of(2)}}, "daily"));
  EXPECT_EQ(body.at("period"), "daily");
  EXPECT_EQ(body.at("data").at(0).at("model"), "opus");
  EXPECT_EQ(body.at("data").at(0).at("formatted").at("total"), "$0.123457");
}

}  // namespace
}  // namespace baton::relay
