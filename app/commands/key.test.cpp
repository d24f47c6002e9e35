#include "app/commands/command_fixture.test.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

class key_command : public command_fixture {
 protected:
  nlohmann::json create(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> args = {"key", "create", "--name", name};
    args.insert(args.end(), more.begin(), more.end());
    return run_json(args);
  }
};

TEST_F(key_command, a_created_key_is_shown_once_and_never_again) {
  const auto created = create("laptop");
  const auto text = created.at("key").get<std::string>();
  EXPECT_EQ(text.size(), 3 + 64u);
  EXPECT_TRUE(text.starts_with("cr_"));

  std::string later;
  for (const auto& args :
       std::vector<std::vector<std::string>>{{"key", "list"},
                                             {"key", "list", "--all", "--json"},
                                             {"key", "show", "laptop"},
                                             {"key", "show", "laptop", "--json"},
                                             {"key", "set", "laptop", "--tags", "x"}}) {
    const auto got = run(args);
    EXPECT_EQ(got.code, exit_done) << got.err;
    later += got.out + got.err;
  }
  EXPECT_NE(later.find("laptop"), std::string::npos);
  EXPECT_EQ(later.find(text.substr(3)), std::string::npos);
  EXPECT_EQ(later.find("hash"), std::string::npos);
}

TEST_F(key_command, keys_start_with_the_configured_prefix) {
  environment_["API_KEY_PREFIX"] = "team-";
  EXPECT_TRUE(create("laptop").at("key").get<std::string>().starts_with("team-"));
}

TEST_F(key_command, keeps_every_option) {
  const auto account = run_json({"account", "add", "claude-console", "--name", "main", "--api-url",
                                 "https://upstream.test", "--api-key-stdin"},
                                "key\n");
  const auto created = create("team", {"--concurrency",
                                       "5",
                                       "--permissions",
                                       "claude,OpenAI",
                                       "--account",
                                       "main",
                                       "--allowed-models",
                                       "a,b",
                                       "--restricted-models",
                                       "c",
                                       "--rate-window-minutes",
                                       "60",
                                       "--rate-requests",
                                       "100",
                                       "--rate-tokens",
                                       "5000",
                                       "--expires-at",
                                       "2099-12-31T18:00:00+08:00",
                                       "--tags",
                                       "x",
                                       "--description",
                                       "all of us"});
  EXPECT_EQ(created.at("concurrencyLimit"), 5);
  EXPECT_EQ(created.at("permissions"), nlohmann::json({"claude", "openai"}));
  EXPECT_EQ(created.at("accountId"), account.at("id"));
  EXPECT_EQ(created.at("allowedModels"), nlohmann::json({"a", "b"}));
  EXPECT_EQ(created.at("restrictedModels"), nlohmann::json({"c"}));
  EXPECT_EQ(created.at("rateLimitWindow"), 60);
  EXPECT_EQ(created.at("rateLimitRequests"), 100);
  EXPECT_EQ(created.at("tokenLimit"), 5000);
  EXPECT_EQ(created.at("expiresAt"), "2099-12-31T10:00:00.000Z");
  EXPECT_EQ(created.at("tags"), nlohmann::json({"x"}));
  EXPECT_EQ(created.at("description"), "all of us");
}

TEST_F(key_command, keeps_how_it_waits_and_what_it_is_bound_to) {
  const auto group = run_json({"group", "add", "--name", "team"});
  const auto created =
      create("laptop", {"--group", "team", "--binding-fallback", "true", "--concurrency", "2",
                        "--queue", "5", "--queue-priority", "9"});
  EXPECT_EQ(created.at("groupId"), group.at("id"));
  EXPECT_TRUE(created.at("accountId").is_null());
  EXPECT_EQ(created.at("bindingFallback"), true);
  EXPECT_EQ(created.at("concurrentRequestQueue"), 5);
  EXPECT_EQ(created.at("queuePriority"), 9);
  EXPECT_NE(run({"key", "show", "laptop"}).out.find("group team, else any that is shared"),
            std::string::npos);

  const auto plain = create("plain");
  EXPECT_TRUE(plain.at("groupId").is_null());
  EXPECT_EQ(plain.at("bindingFallback"), false);
  EXPECT_EQ(plain.at("concurrentRequestQueue"), 0);
  EXPECT_EQ(plain.at("queuePriority"), 50);
}

TEST_F(key_command, a_new_binding_takes_the_place_of_the_old_one) {
  run_json({"group", "add", "--name", "team"});
  const auto account = run_json({"account", "add", "claude-console", "--name", "main", "--api-url",
                                 "https://upstream.test", "--api-key-stdin"},
                                "key\n");
  create("laptop", {"--group", "team"});
  const auto to_account = run_json({"key", "set", "laptop", "--account", "main"});
  EXPECT_EQ(to_account.at("accountId"), account.at("id"));
  EXPECT_TRUE(to_account.at("groupId").is_null());
  const auto to_group = run_json({"key", "set", "laptop", "--group", "team"});
  EXPECT_TRUE(to_group.at("accountId").is_null());
  EXPECT_FALSE(to_group.at("groupId").is_null());
  for (const auto* option : {"--group", "--account"}) {
    run_json({"key", "set", "laptop", "--group", "team"});
    EXPECT_TRUE(run_json({"key", "set", "laptop", option, "any"}).at("groupId").is_null());
  }
}

TEST_F(key_command, expires_in_counts_from_now) {
  const auto before = wall_now();
  const auto created = create("laptop", {"--expires-in", "30d"});
  const auto after = wall_now();
  const auto expiry = parse_timestamp(created.at("expiresAt").get<std::string>());
  ASSERT_TRUE(expiry);
  EXPECT_GE(*expiry, before + std::chrono::days(30));
  EXPECT_LE(*expiry, after + std::chrono::days(30));
}

TEST_F(key_command, set_changes_only_what_is_given) {
  create("laptop", {"--concurrency", "5", "--expires-in", "1h", "--permissions", "claude"});
  const auto changed = run_json(
      {"key", "set", "laptop", "--expires-at", "never", "--inactive", "--permissions", "all"});
  EXPECT_EQ(changed.at("concurrencyLimit"), 5);
  EXPECT_TRUE(changed.at("expiresAt").is_null());
  EXPECT_EQ(changed.at("isActive"), false);
  EXPECT_EQ(changed.at("permissions").size(), 0u);
  EXPECT_EQ(run_json({"key", "set", "laptop", "--active"}).at("isActive"), true);
}

TEST_F(key_command, a_revoked_key_leaves_the_list_and_can_be_restored_by_name) {
  create("laptop");
  EXPECT_EQ(run_json({"key", "revoke", "laptop"}).at("isDeleted"), true);
  EXPECT_EQ(run_json({"key", "list", "--all"}).size(), 1u);
  EXPECT_EQ(run_json({"key", "list", "--all"}).at(0).at("isDeleted"), true);
  expect_failure(run({"key", "show", "laptop"}), exit_failed, "no key");
  expect_failure(run({"key", "restore", "other"}), exit_failed, "no revoked key");

  EXPECT_EQ(run_json({"key", "restore", "laptop"}).at("isDeleted"), false);
  EXPECT_EQ(run_json({"key", "list"}).size(), 1u);
}

TEST_F(key_command, two_revoked_keys_of_one_name_are_not_confused) {
  for (int i = 0; i < 2; ++i) {
    create("laptop");
    run_json({"key", "revoke", "laptop"});
  }
  expect_failure(run({"key", "restore", "laptop"}), exit_failed, "more than one");
  const auto id = run_json({"key", "list", "--all"}).at(1).at("id").get<std::string>();
  EXPECT_EQ(run_json({"key", "restore", id}).at("id"), id);
}

TEST_F(key_command, keeps_what_it_may_cost) {
  const auto created =
      create("guest", {"--rate-window-minutes", "60", "--rate-cost", "0.5", "--daily-cost", "12.50",
                       "--total-cost", "100", "--weekly-claude-cost", "0.000000001",
                       "--weekly-reset", "Friday@18", "--service-rates", "claude=1.5, codex=0",
                       "--allowed-clients", "claude_code,Codex_CLI"});
  EXPECT_EQ(created.at("rateLimitCost"), 0.5);
  EXPECT_EQ(created.at("dailyCostLimit"), 12.5);
  EXPECT_EQ(created.at("totalCostLimit"), 100);
  EXPECT_EQ(created.at("weeklyOpusCostLimit"), 0.000000001);
  EXPECT_EQ(created.at("weeklyResetDay"), 5);
  EXPECT_EQ(created.at("weeklyResetHour"), 18);
  EXPECT_EQ(created.at("serviceRates"), nlohmann::json({{"claude", 1.5}, {"codex", 0.0}}));
  EXPECT_EQ(created.at("enableClientRestriction"), true);
  EXPECT_EQ(created.at("allowedClients"), nlohmann::json({"claude_code", "codex_cli"}));
  EXPECT_EQ(run_json({"key", "show", "guest"}).at("dailyCostLimit"), 12.5);
  const auto shown = run({"key", "show", "guest"}).out;
  for (const std::string_view text :
       {"0.5 USD per 60 min", "12.5 USD per day", "100 USD in all", "per week of Claude",
        "friday@18", "claude=1.5, codex=0", "claude_code, codex_cli"}) {
    EXPECT_NE(shown.find(text), std::string::npos) << text << " in " << shown;
  }
  EXPECT_NE(run({"key", "list"}).out.find("12.5 USD per day"), std::string::npos);

  const auto changed = run_json({"key", "set", "guest", "--daily-cost", "0", "--service-rates",
                                 "none", "--allowed-clients", "all", "--weekly-reset", "sunday"});
  EXPECT_EQ(changed.at("dailyCostLimit"), 0);
  EXPECT_EQ(changed.at("totalCostLimit"), 100);
  EXPECT_EQ(changed.at("serviceRates"), nlohmann::json::object());
  EXPECT_EQ(changed.at("allowedClients"), nlohmann::json::array());
  EXPECT_EQ(changed.at("weeklyResetDay"), 7);
  EXPECT_EQ(changed.at("weeklyResetHour"), 0);
}

TEST_F(key_command, life_can_be_counted_from_the_first_use) {
  const auto created = create("guest", {"--expires-after-first-use", "30d"});
  EXPECT_EQ(created.at("expirationMode"), "activation");
  EXPECT_EQ(created.at("activationDays"), 30);
  EXPECT_EQ(created.at("activationUnit"), "days");
  EXPECT_EQ(created.at("isActivated"), false);
  EXPECT_TRUE(created.at("expiresAt").is_null());
  EXPECT_NE(run({"key", "show", "guest"}).out.find("30d after first use"), std::string::npos);

  const auto hours = run_json({"key", "set", "guest", "--expires-after-first-use", "36h"});
  EXPECT_EQ(hours.at("activationDays"), 36);
  EXPECT_EQ(hours.at("activationUnit"), "hours");
  const auto fixed = run_json({"key", "set", "guest", "--expires-at", "never"});
  EXPECT_EQ(fixed.at("expirationMode"), "fixed");
  EXPECT_EQ(fixed.at("isActivated"), true);
  EXPECT_TRUE(fixed.at("expiresAt").is_null());
}

TEST_F(key_command, an_empty_list_is_told_to_people_and_is_json_for_programs) {
  create("laptop");
  run_json({"key", "revoke", "laptop"});
  EXPECT_EQ(run_json({"key", "list"}), nlohmann::json::array());
  const auto got = run({"key", "list"});
  EXPECT_EQ(got.code, exit_done);
  EXPECT_EQ(got.out, "");
  EXPECT_NE(got.err.find("no keys yet"), std::string::npos);
}

TEST_F(key_command, refuses_what_cannot_work_in_one_line) {
  const auto failing = [&](std::vector<std::string> more, std::string_view text) {
    std::vector<std::string> args = {"key", "create", "--name", "x"};
    args.insert(args.end(), more.begin(), more.end());
    expect_failure(run(args), exit_unusable, text);
  };
  failing({"--permissions", "cluade"}, "claude, openai, gemini, droid");
  failing({"--expires-at", "tomorrow"}, "--expires-at");
  failing({"--expires-at", "2026-02-30"}, "--expires-at");
  failing({"--expires-in", "30"}, "30d");
  failing({"--expires-in", "0d"}, "30d");
  failing({"--expires-in", "1d", "--expires-at", "2099-01-01"}, "--expires-at");
  failing({"--concurrency", "-1"}, "--concurrency");
  failing({"--concurrency", "4294967296"}, "--concurrency");
  failing({"--rate-requests", "5"}, "--rate-window-minutes");
  failing({"--rate-requests", "-1", "--rate-window-minutes", "1"}, "--rate-requests");
  failing({"--rate-tokens", "-1", "--rate-window-minutes", "1"}, "--rate-tokens");
  failing({"--rate-cost", "5"}, "--rate-window-minutes");
  failing({"--daily-cost", "-1"}, "--daily-cost");
  failing({"--daily-cost", "5 USD"}, "--daily-cost");
  failing({"--total-cost", "1000000.01"}, "--total-cost");
  failing({"--weekly-claude-cost", "1e3"}, "--weekly-claude-cost");
  for (const auto* reset : {"8", "mon", "monday@24", "monday@", "monday@x", "@3", ""}) {
    failing({"--weekly-reset", reset}, "--weekly-reset");
  }
  for (const auto* rates : {"claude", "claude=", "claude=-1", "claude=1001", "claude=0.0000001",
                            "cluade=1", "claude=1,=2"}) {
    failing({"--service-rates", rates}, "--service-rates");
  }
  failing({"--allowed-clients", "claude-code"}, "--allowed-clients");
  for (const auto* life : {"30", "0d", "90m", "40000d", "soon"}) {
    failing({"--expires-after-first-use", life}, "--expires-after-first-use");
  }
  failing({"--expires-after-first-use", "1d", "--expires-in", "1d"}, "--expires");
  failing({"--queue", "5"}, "--concurrency");
  failing({"--queue", "10001", "--concurrency", "1"}, "--queue");
  failing({"--queue-priority", "0"}, "--queue-priority");
  failing({"--queue-priority", "101"}, "--queue-priority");
  failing({"--binding-fallback", "perhaps"}, "--binding-fallback");
  failing({"--group", "a", "--account", "b"}, "--group");
  failing({"--name", ""}, "--name");
  expect_failure(run({"key", "create", "--name", "x", "--account", "nobody"}), exit_failed,
                 "--account: no account");
  expect_failure(run({"key", "create", "--name", "x", "--group", "nobody"}), exit_failed,
                 "--group: no group");
  expect_failure(run({"key", "create"}), exit_unusable, "--name is required");
}

}  // namespace
}  // namespace baton::app
