#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

using account_routes = api_test;

std::string path_of(const json& account) {
  return "/api/v2/accounts/" + account.at("platform").get<std::string>() + "/" +
         account.at("id").get<std::string>();
}

TEST_F(account_routes, an_account_is_made_and_its_secrets_are_never_shown) {
  const auto made = call("POST", "/api/v2/accounts/claude-console",
                         json{{"name", "main"},
                              {"apiUrl", "https://upstream.test"},
                              {"apiKey", "sk-very-secret"},
                              {"priority", 10},
                              {"supportedModels", {"claude-sonnet-4-5"}},
                              {"proxy",
                               {{"type", "http"},
                                {"host", "proxy.test"},
                                {"port", 8080},
                                {"username", "u"},
                                {"password", "proxy-secret"}}}});
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_TRUE(made.changed);
  EXPECT_EQ(made.body.at("apiKeySet"), true);
  const auto path = path_of(made.body);
  EXPECT_EQ(made.header("location"), path);
  EXPECT_EQ(call("PUT", path, json{{"apiKey", "sk-another-secret"}}).status, 200);
  const auto everything = made.text + get(path).text + get("/api/v2/accounts/claude-console").text +
                          get("/api/v2/audit").text;
  EXPECT_EQ(everything.find("secret\""), std::string::npos) << everything;
  EXPECT_EQ(store_->find_account("main")->credential.api_key, "sk-another-secret");
}

TEST_F(account_routes, what_is_wrong_is_told_with_its_field) {
  const auto wrong = [&](json body) {
    if (!body.contains("apiUrl")) body["apiUrl"] = "https://upstream.test";
    if (!body.contains("apiKey")) body["apiKey"] = "k";
    const auto told = call("POST", "/api/v2/accounts/claude-console", body);
    EXPECT_EQ(told.status, 422) << told.text;
    return told.status == 422 ? told.field() : "none";
  };
  EXPECT_EQ(wrong(json::object()), "name");
  EXPECT_EQ(wrong({{"name", "a"}, {"priority", 0}}), "priority");
  EXPECT_EQ(wrong({{"name", "a"}, {"priority", "1"}}), "priority");
  EXPECT_EQ(wrong({{"name", "a"}, {"apiUrl", "ftp://x"}}), "apiUrl");
  EXPECT_EQ(wrong({{"name", "a"}, {"region", "eu-central-1"}}), "region");
  EXPECT_EQ(wrong({{"name", "a"}, {"groupIds", {"nobody"}}}), "groupIds");
  EXPECT_EQ(wrong({{"name", "a"}, {"proxy", {{"type", "http"}, {"host", "h"}, {"port", 0}}}}),
            "proxy.port");
  EXPECT_EQ(wrong({{"name", "a"}, {"colour", "red"}}), "colour");
  EXPECT_TRUE(store_->accounts()->empty());
}

TEST_F(account_routes, platforms_that_are_to_come_are_named) {
  for (const std::string platform : {"claude-official", "codex"}) {
    const auto told = call("POST", "/api/v2/accounts/" + platform, json{{"name", "a"}});
    EXPECT_EQ(told.status, 501);
    EXPECT_EQ(told.code(), "not_implemented");
    EXPECT_NE(told.message().find(platform), std::string::npos);
    EXPECT_EQ(get("/api/v2/accounts/" + platform).status, 501);
    EXPECT_EQ(call("POST", "/api/v2/accounts/" + platform + "/oauth/authorize-url").status, 501);
  }
  const auto told = get("/api/v2/accounts/nonsense");
  EXPECT_EQ(told.status, 404);
  EXPECT_NE(told.message().find("claude-console"), std::string::npos);
}

TEST_F(account_routes, an_account_is_found_on_its_own_platform_only) {
  const std::string id = make_account("a").at("id");
  EXPECT_EQ(get("/api/v2/accounts/claude-console/" + id).status, 200);
  EXPECT_EQ(get("/api/v2/accounts/gemini-api/" + id).status, 404);
  EXPECT_EQ(get("/api/v2/accounts/claude-console/a").status, 404);
}

TEST_F(account_routes, are_listed_by_filter_and_order) {
  for (int i = 0; i < 12; ++i) {
    make_account("a" + std::to_string(i), {{"priority", 1 + i}, {"isActive", i % 3 != 0}});
  }
  EXPECT_EQ(get("/api/v2/accounts").body.at("total"), 12);
  EXPECT_EQ(get("/api/v2/accounts/gemini-api").body.at("total"), 0);
  EXPECT_EQ(get("/api/v2/accounts/claude-console?isActive=false").body.at("total"), 4);
  const auto last = get("/api/v2/accounts?sort=priority&order=desc&pageSize=1");
  EXPECT_EQ(last.body.at("items").at(0).at("name"), "a11");
}

TEST_F(account_routes, schedulable_is_toggled) {
  const auto path = path_of(make_account("a"));
  EXPECT_EQ(call("POST", path + "/toggle-schedulable").body.at("schedulable"), false);
  const auto back = call("POST", path + "/toggle-schedulable");
  EXPECT_EQ(back.body.at("schedulable"), true);
  EXPECT_TRUE(back.changed);
}

TEST_F(account_routes, a_removed_account_is_gone) {
  const auto path = path_of(make_account("a"));
  if_match_ = "\"1\"";
  EXPECT_EQ(call("DELETE", path).status, 409);
  if_match_ = get(path).header("etag");
  EXPECT_EQ(call("DELETE", path).status, 200);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(account_routes, availability_is_asked_of_the_relay) {
  const auto made = make_account("a", {{"concurrencyLimit", 2}});
  const auto asked = get(path_of(made) + "/availability");
  ASSERT_TRUE(asked.missing);
  EXPECT_TRUE(std::holds_alternative<look_at_accounts>(*asked.missing));
  relay::account_report report;
  report.id = account_id(made.at("id"));
  report.state = relay::account_state::rate_limited;
  report.back_at = now_.wall + std::chrono::minutes(1);
  report.in_flight = 1;
  found_.accounts = std::vector{report};
  const auto told = get(path_of(made) + "/availability").body;
  EXPECT_EQ(told.at("available"), false);
  EXPECT_EQ(told.at("state"), "rate_limited");
  EXPECT_FALSE(told.at("backAt").is_null());
  EXPECT_EQ(told.at("inFlight"), 1);
}

TEST_F(account_routes, a_reset_is_done_before_it_is_told) {
  const auto made = make_account("a");
  const auto path = path_of(made) + "/reset-rate-limit";
  const auto asked = call("POST", path);
  ASSERT_TRUE(asked.missing);
  EXPECT_EQ(std::get<reset_account>(*asked.missing).id.value(), made.at("id"));
  found_.reset = result<void>();
  EXPECT_TRUE(std::holds_alternative<look_at_accounts>(*call("POST", path).missing));
  relay::account_report report;
  report.id = account_id(made.at("id"));
  found_.accounts = std::vector{report};
  EXPECT_EQ(call("POST", path).body.at("available"), true);
  EXPECT_EQ(get("/api/v2/audit?action=account.reset").body.at("items").size(), 1u)
      << "it was ordered once";
}

TEST_F(account_routes, a_test_tries_the_account_with_the_model_that_is_named) {
  const auto path = path_of(make_account("a")) + "/test";
  const auto asked = call("POST", path, json{{"model", "claude-haiku-4-5"}});
  ASSERT_TRUE(asked.missing);
  EXPECT_EQ(std::get<try_account>(*asked.missing).model, "claude-haiku-4-5");
  EXPECT_EQ(call("POST", path, json{{"modle", "x"}}).field(), "modle");
  found_.trial = relay::account_trial{.works = false, .status = 401, .problem = "no"};
  const auto told = call("POST", path);
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.body.at("works"), false);
  EXPECT_EQ(told.body.at("status"), 401);
}

}  // namespace
}  // namespace baton::admin
