// What key owners are told by v1's statistics routes, where the key in the body is the secret.
#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;

class api_stats : public relay_fixture {
 protected:
  raw_answer ask(const std::string& route, std::string_view body) {
    return test::post_json(port(), "/apiStats/api/" + route, {}, body);
  }
  json told(const std::string& route, const json& body) {
    const auto answer = ask(route, body.dump());
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto parsed = json::parse(answer.body);
    EXPECT_EQ(parsed.at("success"), true);
    return parsed.at("data");
  }
};

TEST_F(api_stats, are_told_to_whoever_has_the_key) {
  add_account("a", {.tokens = {.input = 100, .output = 50}});
  const auto other = add_key("other");
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send_message(i % 2 == 0).status, 200);
  EXPECT_EQ(send_message(false, other).status, 200);

  const auto id = told("get-key-id", {{"apiKey", key()}}).at("id");
  EXPECT_EQ(id, store().find_key("k")->id.value());
  const auto mine = told("user-stats", {{"apiKey", key()}});
  EXPECT_EQ(mine.at("id"), id);
  EXPECT_EQ(mine.at("usage").at("total").at("requests"), 3);
  EXPECT_EQ(mine.at("usage").at("total").at("inputTokens"), 300);
  EXPECT_EQ(mine.at("usage").at("daily"), mine.at("usage").at("monthly"));
  EXPECT_GT(mine.at("usage").at("total").at("cost").get<double>(), 0);
  for (const auto* period : {"daily", "monthly", "alltime"}) {
    const auto models = told("user-model-stats", {{"apiKey", other}, {"period", period}});
    ASSERT_EQ(models.size(), 1u);
    EXPECT_EQ(models.at(0).at("model"), "claude-sonnet-4-5");
    EXPECT_EQ(models.at(0).at("requests"), 1);
  }
  const auto all =
      told("batch-stats", {{"apiKeys", json::array({key(), other, "cr_nobody_has_this"})}});
  EXPECT_EQ(all.at("aggregated").at("usage").at("requests"), 4);
  EXPECT_EQ(all.at("aggregated").at("invalidKeys"), 1);
  EXPECT_EQ(all.at("individual").size(), 2u);
}

TEST_F(api_stats, tell_what_is_used_of_the_limits) {
  add_account("a", {.tokens = {.input = 100, .output = 50}});
  const auto limited = add_key("limited", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_requests = 10;
  });
  start();
  EXPECT_TRUE(told("user-stats", {{"apiKey", limited}}).at("limits").at("windowEndTime").is_null());
  EXPECT_EQ(send_message(false, limited).status, 200);
  EXPECT_EQ(send_message(false, limited).status, 200);
  ASSERT_TRUE(eventually([&] {
    const auto use = told("user-stats", {{"apiKey", limited}}).at("limits");
    return use.at("currentWindowTokens") == 300;
  }));
  const auto limits = told("user-stats", {{"apiKey", limited}}).at("limits");
  EXPECT_EQ(limits.at("currentWindowRequests"), 2);
  EXPECT_EQ(limits.at("windowEndTime").get<long long>(),
            limits.at("windowStartTime").get<long long>() + 3'600'000);
  EXPECT_LE(limits.at("windowRemainingSeconds"), 3600);
  EXPECT_GT(limits.at("currentWindowCost"), 0.0);
  EXPECT_EQ(limits.at("currentWindowCost"), limits.at("currentDailyCost"));
  EXPECT_EQ(limits.at("weeklyOpusCost"), limits.at("currentTotalCost"));
  const auto info = json::parse(test::get(port(), "/v1/key-info", headers(limited)).body);
  EXPECT_EQ(info.at("limits").at("currentWindowRequests"), 2);
}

TEST_F(api_stats, are_told_to_nobody_else) {
  add_account("a");
  const auto revoked = add_key("revoked", [](relay::api_key& key) { key.is_active = false; });
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto id = store().find_key("k")->id.value();
  for (const std::string route : {"get-key-id", "user-stats", "user-model-stats"}) {
    EXPECT_EQ(ask(route, json{{"apiId", id}}.dump()).status, 403) << route;
    EXPECT_EQ(ask(route, json{{"apiKey", "cr_unknown"}}.dump()).status, 401) << route;
    EXPECT_EQ(ask(route, json{{"apiKey", id}}.dump()).status, 401) << route;
    EXPECT_EQ(ask(route, json{{"apiKey", revoked}}.dump()).status, 401) << route;
    EXPECT_EQ(ask(route, "").status, 400) << route;
    EXPECT_EQ(ask(route, R"({"apiKey":[]})").status, 400) << route;
    EXPECT_EQ(ask(route, std::string(40'000, '[')).status, 413) << route;
  }
  EXPECT_EQ(ask("batch-stats", json{{"apiIds", {id}}}.dump()).status, 403);
  const auto nobody = told("batch-stats", {{"apiKeys", json::array({"cr_unknown"})}});
  EXPECT_EQ(nobody.at("aggregated").at("usage").at("requests"), 0) << "not everybody's usage";
  const auto refused = json::parse(ask("user-stats", json{{"apiId", id}}.dump()).body);
  EXPECT_EQ(refused.at("success"), false);
  EXPECT_NE(refused.at("message").get<std::string>().find("apiKey"), std::string::npos);
  EXPECT_EQ(test::get(port(), "/apiStats/api/user-stats").status, 405);
}

}  // namespace
}  // namespace baton::e2e
