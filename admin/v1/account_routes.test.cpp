#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

class v1_accounts : public api_test {
 protected:
  void SetUp() override {
    api_test::SetUp();
    found_.accounts = std::vector<relay::account_report>();
  }
  static json body() {
    return {{"name", "a"}, {"apiUrl", "https://upstream.test"}, {"apiKey", "sk-very-secret"}};
  }
  static json with(const char* name, json value) {
    auto fields = body();
    fields[name] = std::move(value);
    return fields;
  }
  reply make(const json& fields) { return call("POST", "/admin/claude-console-accounts", fields); }
  std::string make_one() {
    const auto made = make(body());
    EXPECT_EQ(made.status, 200) << made.text;
    return "/admin/claude-console-accounts/" + made.body.at("data").at("id").get<std::string>();
  }
};

TEST_F(v1_accounts, an_account_is_made_by_v1s_names) {
  auto fields = body();
  fields.update({{"priority", 10},
                 {"maxConcurrentTasks", 4},
                 {"dailyQuota", 12.5},
                 {"supportedModels", {"claude-sonnet-4-5"}},
                 {"accountType", "shared"},
                 {"rateLimitDuration", 5},
                 {"userAgent", ""},
                 {"quotaResetTime", "00:00"},
                 {"interceptWarmup", false},
                 {"proxy", nullptr},
                 {"groupId", nullptr}});
  const auto made = make(fields);
  ASSERT_EQ(made.status, 200) << made.text;
  EXPECT_TRUE(made.changed);
  const auto stored = store_->find_account("a").value();
  EXPECT_EQ(stored.platform, "claude-console");
  EXPECT_EQ(stored.concurrency_limit, 4u);
  EXPECT_EQ(stored.quota.cost_nanousd, 12'500'000'000u);
  EXPECT_EQ(stored.cooldowns.at("rate_limited"), std::chrono::minutes(5));
  const auto& shown = made.body.at("data");
  EXPECT_EQ(shown.at("maxConcurrentTasks"), 4);
  EXPECT_EQ(shown.at("dailyQuota"), 12.5);
  EXPECT_EQ(shown.at("rateLimitDuration"), 5);
  EXPECT_EQ(shown.at("status"), "active");
  const auto everything =
      made.text + get("/admin/claude-console-accounts").text + get("/api/v2/audit").text;
  EXPECT_EQ(everything.find("very-secret"), std::string::npos);
}

TEST_F(v1_accounts, what_would_silently_do_nothing_is_refused) {
  const auto refused = [&](const char* name, json value) {
    const auto told = make(with(name, std::move(value)));
    EXPECT_EQ(told.status, 400) << told.text;
    EXPECT_FALSE(told.changed);
    EXPECT_EQ(told.body.at("message").get<std::string>().find(name), 0u) << told.text;
  };
  refused("userAgent", "curl");
  refused("quotaResetTime", "08:00");
  refused("disableAutoProtection", true);
  refused("interceptWarmup", true);
  refused("rateLimitDuration", -1);
  refused("maxConcurrentTasks", "4");
  refused("priority", 101);
  refused("colour", "red");
  EXPECT_TRUE(store_->accounts()->empty());
}

TEST_F(v1_accounts, are_listed_with_how_they_do_and_what_they_have_used) {
  make_one();
  found_.accounts.reset();
  const auto asked = get("/admin/claude-console-accounts");
  ASSERT_TRUE(asked.missing);
  EXPECT_TRUE(std::holds_alternative<look_at_accounts>(*asked.missing));
  relay::account_report report;
  report.id = store_->find_account("a")->id;
  report.state = relay::account_state::over_quota;
  found_.accounts = std::vector{report};
  const auto told = get("/admin/claude-console-accounts");
  ASSERT_EQ(told.body.at("data").size(), 1u) << told.text;
  EXPECT_EQ(told.body.at("data").at(0).at("status"), "quota_exceeded");
  EXPECT_EQ(told.body.at("data").at(0).at("usage").at("total").at("requests"), 0);
}

TEST_F(v1_accounts, one_is_changed_switched_and_removed) {
  const auto path = make_one();
  EXPECT_EQ(call("PUT", path, json{{"priority", 7}, {"apiKey", ""}}).status, 200);
  EXPECT_EQ(store_->find_account("a")->priority, 7);
  EXPECT_EQ(store_->find_account("a")->credential.api_key, "sk-very-secret") << "as it was";
  EXPECT_EQ(call("PUT", path + "/toggle").body.at("isActive"), false);
  EXPECT_EQ(call("PUT", path + "/toggle-schedulable").body.at("schedulable"), false);
  const auto reset = call("POST", path + "/reset-status");
  ASSERT_TRUE(reset.missing);
  EXPECT_TRUE(std::holds_alternative<reset_account>(*reset.missing));
  found_.reset = result<void>();
  EXPECT_EQ(call("POST", path + "/reset-status").body.at("success"), true);
  EXPECT_TRUE(call("DELETE", path).changed);
  EXPECT_EQ(call("DELETE", path).status, 404);
  EXPECT_EQ(get("/api/v2/audit?objectType=account").body.at("items").size(), 6u);
}

TEST_F(v1_accounts, those_of_a_platform_to_come_are_none) {
  make_one();
  EXPECT_EQ(get("/admin/claude-accounts").body.at("data"), json::array());
  for (const std::string path : {"", "/generate-auth-url", "/exchange-code", "/x/reset-status"}) {
    const auto told = call("POST", "/admin/claude-accounts" + path, body());
    EXPECT_EQ(told.status, 501) << path;
    EXPECT_NE(told.text.find("claude-official"), std::string::npos) << told.text;
  }
  EXPECT_EQ(call("PUT", "/admin/claude-accounts/x/toggle-schedulable").status, 501);
}

}  // namespace
}  // namespace baton::admin
