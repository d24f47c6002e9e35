#include "admin/service.hpp"

#include <set>

#include "admin/api_fixture.test.hpp"
#include "admin/route.hpp"

namespace baton::admin {
namespace {

using service = api_test;
using auth_routes = api_test;
using system_routes = api_test;
using audit_routes = api_test;

TEST_F(service, a_call_without_a_good_token_changes_and_tells_nothing) {
  for (const std::string token : {"", "x", "cr_key", "a.b.c"}) {
    token_ = token;
    for (const auto routes : all_routes()) {
      for (const auto& each : routes) {
        if (each.open_to == access::anybody) continue;
        const auto told = call(std::string(each.method), std::string(each.path));
        EXPECT_EQ(told.status, 401) << each.path;
        EXPECT_FALSE(told.changed);
        EXPECT_FALSE(told.missing);
      }
    }
  }
}

TEST_F(service, paths_that_are_not_there_and_methods_they_do_not_take_are_told_apart) {
  EXPECT_EQ(get("/api/v2/nothing").status, 404);
  EXPECT_EQ(get("/api/v2/keys/").status, 404);
  EXPECT_EQ(get("/api/v2/keys//stats").status, 404);
  const auto told = call("PATCH", "/api/v2/keys");
  EXPECT_EQ(told.status, 405);
  EXPECT_EQ(told.header("allow"), "GET, POST");
  EXPECT_EQ(call("HEAD", "/api/v2/keys").status, 200);
}

TEST(admin_routes, are_each_there_once) {
  std::set<std::string> seen;
  for (const auto routes : all_routes()) {
    for (const auto& each : routes) {
      EXPECT_TRUE(is_admin_path(each.path)) << each.path;
      EXPECT_NE(each.serve, nullptr);
      EXPECT_FALSE(each.summary.empty()) << each.path;
      EXPECT_TRUE(seen.insert(std::string(each.method) + " " + std::string(each.path)).second)
          << each.path;
    }
  }
}

TEST_F(auth_routes, a_login_gives_a_token_that_says_whose_it_is) {
  token_.clear();
  const auto told =
      call("POST", "/api/v2/auth/admin/login", json{{"username", "admin"}, {"password", password}});
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("expiresIn"), 3600);
  token_ = told.body.at("token");
  EXPECT_EQ(get("/api/v2/auth/me").body.at("username"), "admin");
  EXPECT_EQ(call("POST", "/api/v2/auth/logout").status, 200);
  EXPECT_EQ(get("/api/v2/auth/me").status, 401);
}

TEST_F(auth_routes, a_wrong_login_tells_nothing_of_what_is_wrong) {
  const auto one =
      call("POST", "/api/v2/auth/admin/login", json{{"username", "admin"}, {"password", "wrong"}});
  const auto other =
      call("POST", "/api/v2/auth/admin/login", json{{"username", "root"}, {"password", password}});
  EXPECT_EQ(one.status, 401);
  EXPECT_EQ(one.text, other.text);
  EXPECT_EQ(call("POST", "/api/v2/auth/admin/login", json{{"username", "admin"}}).field(),
            "password");
}

TEST_F(auth_routes, guessing_is_held_up) {
  int status = 0;
  reply last;
  for (int i = 0; i < 30 && status != 429; ++i) {
    now_ += std::chrono::seconds(1);
    last = call("POST", "/api/v2/auth/admin/login",
                json{{"username", "admin"}, {"password", "guess " + std::to_string(i)}});
    status = last.status;
  }
  EXPECT_EQ(status, 429);
  EXPECT_FALSE(last.header("retry-after").empty());
  EXPECT_EQ(
      call("POST", "/api/v2/auth/admin/login", json{{"username", "admin"}, {"password", password}})
          .status,
      429)
      << "the right one too, or guesses would be told";
}

TEST_F(auth_routes, a_new_password_ends_every_token) {
  const auto other = log_in().value();
  EXPECT_EQ(call("POST", "/api/v2/auth/change-password",
                 json{{"currentPassword", "wrong"}, {"newPassword", "another good one"}})
                .field(),
            "currentPassword");
  EXPECT_EQ(call("POST", "/api/v2/auth/change-password",
                 json{{"currentPassword", password}, {"newPassword", "short"}})
                .field(),
            "newPassword");
  const auto told = call("POST", "/api/v2/auth/change-password",
                         json{{"currentPassword", password}, {"newPassword", "another good one"}});
  ASSERT_EQ(told.status, 200) << told.text;
  token_ = other;
  EXPECT_EQ(get("/api/v2/auth/me").status, 401);
  token_ = told.body.at("token");
  EXPECT_EQ(get("/api/v2/auth/me").status, 200);
}

TEST_F(system_routes, settings_are_shown_and_changed) {
  EXPECT_EQ(get("/api/v2/config").body.at("settings").at(0).at("value"), "info");
  const auto told = call("PUT", "/api/v2/config", json{{"log.level", "debug"}});
  EXPECT_EQ(told.body.at("settings").at(0).at("value"), "debug");
  EXPECT_EQ(call("PUT", "/api/v2/config", json{{"server.host", "::"}}).field(), "server.host");
  const auto log = get("/api/v2/audit?action=config.update").body.at("items");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log.at(0).at("changes").at("log.level"), json({"info", "debug"}));
  EXPECT_EQ(call("POST", "/api/v2/prices/reload").status, 202);
  EXPECT_EQ(config_.reloads, 1);
}

TEST_F(system_routes, the_api_is_described_to_programs_and_people) {
  token_.clear();
  EXPECT_EQ(get("/openapi.json").body.at("openapi"), "3.1.0");
  const auto page = get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.text.find("/api/v2/keys/{id}"), std::string::npos);
  EXPECT_EQ(page.text.find("<script"), std::string::npos);
  EXPECT_EQ(page.text.find("src="), std::string::npos) << "nothing from elsewhere";
  EXPECT_EQ(page.text.find("href=\"http"), std::string::npos);
}

TEST_F(system_routes, a_dry_run_is_the_choice_of_such_a_request) {
  make_key({{"name", "k"}, {"permissions", {"claude"}}, {"restrictedModels", {"claude-opus-4-5"}}});
  const auto dry_run = [&](const json& body) {
    return call("POST", "/api/v2/scheduler/dry-run", body);
  };
  const auto asked = dry_run({{"key", "k"}, {"model", "claude-sonnet-4-5"}, {"session", "s"}});
  ASSERT_TRUE(asked.missing) << asked.text;
  const auto& choice = std::get<explain_choice>(*asked.missing);
  EXPECT_EQ(choice.model, "claude-sonnet-4-5");
  EXPECT_EQ(choice.key->name, "k");
  EXPECT_TRUE(choice.session.named);
  EXPECT_EQ(dry_run({{"model", "m"}}).field(), "key");
  EXPECT_EQ(dry_run({{"key", "nobody"}}).field(), "key");
  EXPECT_EQ(dry_run({{"key", "k"}, {"path", "/health"}}).field(), "path");
  EXPECT_EQ(dry_run({{"key", "k"}, {"model", 7}}).field(), "model");
  for (const auto& refused :
       {json{{"key", "k"}, {"model", "claude-opus-4-5"}},
        json{{"key", "k"}, {"model", "m"}, {"path", "/v1/chat/completions"}}}) {
    const auto told = dry_run(refused);
    EXPECT_EQ(told.status, 200) << "the call is good, the client would be refused";
    EXPECT_EQ(told.body.at("refusal").at("code"), "permission_denied");
  }
  found_.choice = relay::choice_explanation{.account = account_id("a")};
  const auto told = dry_run({{"key", "k"}, {"model", "claude-sonnet-4-5"}});
  EXPECT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("account"), "a");
}

TEST_F(audit_routes, logins_are_in_the_log_and_it_is_paged_and_exported) {
  for (int i = 0; i < 5; ++i) make_key({{"name", "k" + std::to_string(i)}});
  const auto first = get("/api/v2/audit?action=key.create&limit=3");
  EXPECT_EQ(first.body.at("items").size(), 3u);
  const auto rest =
      get("/api/v2/audit?action=key.create&limit=3&before=" + first.body.at("next").dump());
  EXPECT_EQ(rest.body.at("items").size(), 2u);
  EXPECT_TRUE(rest.body.at("next").is_null());
  const auto csv = get("/api/v2/audit/export?format=csv&objectType=key");
  EXPECT_EQ(std::count(csv.text.begin(), csv.text.end(), '\n'), 6);
  const auto lines = get("/api/v2/audit/export?objectType=key");
  EXPECT_EQ(std::count(lines.text.begin(), lines.text.end(), '\n'), 5);
  EXPECT_EQ(get("/api/v2/audit?from=soon").status, 400);
  EXPECT_EQ(get("/api/v2/audit/export?format=xml").status, 400);
}

TEST_F(audit_routes, long_values_are_told_by_their_size) {
  json models = json::array();
  for (int i = 0; i < 500; ++i) models.push_back("a-model-with-a-long-name-" + std::to_string(i));
  make_key({{"name", "k"}, {"allowedModels", models}});
  const auto change = get("/api/v2/audit?action=key.create").body.at("items").at(0).at("changes");
  EXPECT_TRUE(change.at("allowedModels").at(1).get<std::string>().ends_with(" bytes)"));
}

TEST_F(audit_routes, nothing_of_the_log_can_be_changed) {
  EXPECT_EQ(call("DELETE", "/api/v2/audit").status, 405);
  EXPECT_EQ(call("POST", "/api/v2/audit").status, 405);
}

}  // namespace
}  // namespace baton::admin
