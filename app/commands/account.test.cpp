#include "app/commands/command_fixture.test.hpp"

namespace baton::app {
namespace {

const std::string secret = "sk-ant-very-secret-4711";

class account_command : public command_fixture {
 protected:
  nlohmann::json add(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> args = {
        "account", "add",       "claude-console",        "--name",
        name,      "--api-url", "https://upstream.test", "--api-key-stdin"};
    args.insert(args.end(), more.begin(), more.end());
    return run_json(args, secret + "\n");
  }
};

TEST_F(account_command, an_added_account_is_listed_and_shown) {
  const auto added = add("main");
  EXPECT_EQ(added.at("name"), "main");
  EXPECT_EQ(added.at("platform"), "claude-console");
  EXPECT_EQ(added.at("priority"), 50);
  EXPECT_EQ(added.at("apiKeySet"), true);
  EXPECT_EQ(added.at("sessionTokenSet"), false);

  const auto all = run_json({"account", "list"});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(0).at("id"), added.at("id"));
  const auto id = added.at("id").get<std::string>();
  for (const auto& which : {id, id.substr(0, 8), std::string("main")}) {
    EXPECT_EQ(run_json({"account", "show", which}).at("id"), id);
  }
}

TEST_F(account_command, keeps_every_option) {
  const auto added =
      add("main", {"--priority", "7", "--concurrency", "3", "--model-map", "a=x, b=y",
                   "--description", "for tests", "--tags", "one,two", "--inactive", "--schedulable",
                   "false", "--proxy", "socks5://user:pass%40word@[::1]:1080"});
  EXPECT_EQ(added.at("priority"), 7);
  EXPECT_EQ(added.at("concurrencyLimit"), 3);
  EXPECT_EQ(added.at("supportedModels"), nlohmann::json({{"a", "x"}, {"b", "y"}}));
  EXPECT_EQ(added.at("description"), "for tests");
  EXPECT_EQ(added.at("tags"), nlohmann::json({"one", "two"}));
  EXPECT_EQ(added.at("isActive"), false);
  EXPECT_EQ(added.at("schedulable"), false);
  EXPECT_EQ(added.at("proxy").at("type"), "socks5");
  EXPECT_EQ(added.at("proxy").at("host"), "::1");
  EXPECT_EQ(added.at("proxy").at("port"), 1080);
  EXPECT_EQ(added.at("proxy").at("passwordSet"), true);
}

TEST_F(account_command, is_shared_and_without_rules_unless_told_otherwise) {
  const auto added = add("main");
  EXPECT_EQ(added.at("accountType"), "shared");
  EXPECT_EQ(added.at("groupIds"), nlohmann::json::array());
  EXPECT_EQ(added.at("dailyQuota"), nlohmann::json({{"tokens", 0}, {"usd", 0.0}}));
  EXPECT_EQ(added.at("disconnectPolicy"), "cancel");
  EXPECT_EQ(added.at("timeouts"), nlohmann::json::object());
  EXPECT_EQ(added.at("cooldowns"), nlohmann::json::object());
}

TEST_F(account_command, keeps_every_rule) {
  const auto team = run_json({"group", "add", "--name", "team"}).at("id").get<std::string>();
  const auto crew = run_json({"group", "add", "--name", "crew"}).at("id").get<std::string>();
  const auto added =
      add("main", {"--type", "group", "--groups", "team, " + crew + ",team", "--quota-tokens",
                   "1000000", "--quota-usd", "12.345678901", "--on-disconnect", "drain:30s",
                   "--timeouts", "connect=2s, first_event=1m,tls_handshake=500ms", "--cooldowns",
                   "rate_limited=30s,server_error=0s"});
  EXPECT_EQ(added.at("accountType"), "group");
  EXPECT_EQ(added.at("groupIds"), nlohmann::json({team, crew}));
  EXPECT_EQ(added.at("dailyQuota").at("tokens"), 1'000'000);
  EXPECT_EQ(added.at("dailyQuota").at("usd").dump(), "12.345678901");
  EXPECT_EQ(added.at("disconnectPolicy"), "drain:30");
  EXPECT_EQ(
      added.at("timeouts"),
      nlohmann::json({{"connectMs", 2000}, {"firstEventMs", 60'000}, {"tlsHandshakeMs", 500}}));
  EXPECT_EQ(added.at("cooldowns"), nlohmann::json({{"rate_limited", 30}, {"server_error", 0}}));
  EXPECT_EQ(run_json({"account", "show", "main"}), added);
  const auto shown = run({"account", "show", "main"}).out;
  for (const auto* text :
       {"team, crew", "1000000 tokens, 12.345678901 USD", "drain:30",
        "connect=2s, tls_handshake=0.5s, first_event=60s", "rate_limited=30s, server_error=0s"}) {
    EXPECT_NE(shown.find(text), std::string::npos) << text << " in\n" << shown;
  }
}

TEST_F(account_command, keeps_what_addresses_and_signatures_are_made_of) {
  const auto plain = add("plain");
  for (const auto* field : {"region", "accessKeyId", "deploymentName", "apiVersion"}) {
    EXPECT_EQ(plain.at(field), "") << field;
  }
  EXPECT_EQ(plain.at("secretAccessKeySet"), false);
  EXPECT_EQ(run({"account", "show", "plain"}).out.find("region"), std::string::npos);

  const auto added = add("main", {"--region", "eu-central-1", "--access-key-id", "AKIAEXAMPLE",
                                  "--deployment", "our-gpt", "--api-version", "2025-04-01"});
  EXPECT_EQ(added.at("region"), "eu-central-1");
  EXPECT_EQ(added.at("accessKeyId"), "AKIAEXAMPLE");
  EXPECT_EQ(added.at("deploymentName"), "our-gpt");
  EXPECT_EQ(added.at("apiVersion"), "2025-04-01");
  EXPECT_EQ(run_json({"account", "show", "main"}), added);
  const auto shown = run({"account", "show", "main"}).out;
  for (const auto* text : {"eu-central-1", "AKIAEXAMPLE", "our-gpt", "2025-04-01"}) {
    EXPECT_NE(shown.find(text), std::string::npos) << text << " in\n" << shown;
  }
  const auto changed = run_json({"account", "set", "main", "--region", "", "--deployment", "b"});
  EXPECT_EQ(changed.at("region"), "");
  EXPECT_EQ(changed.at("deploymentName"), "b");
  EXPECT_EQ(changed.at("apiVersion"), "2025-04-01");
  EXPECT_EQ(changed.at("apiKeySet"), true);
}

TEST_F(account_command, tells_of_a_temporary_aws_key_without_its_secrets) {
  add("main");
  const auto changed = run_json({"account", "set", "main", "--session-token-stdin",
                                 "--secret-access-key-stdin", "--proxy", "-"},
                                "aws-secret-4711\ntoken-4711\nhttp://proxy.test:3128\n");
  EXPECT_EQ(changed.at("apiKeySet"), false);
  EXPECT_EQ(changed.at("sessionTokenSet"), true);
  EXPECT_EQ(changed.at("secretAccessKeySet"), true);
  EXPECT_EQ(changed.at("proxy").at("host"), "proxy.test");
  for (const auto& args :
       std::vector<std::vector<std::string>>{{"account", "show", "main"},
                                             {"account", "list"},
                                             {"account", "show", "main", "--json"}}) {
    const auto out = run(args).out;
    EXPECT_EQ(out.find("4711"), std::string::npos) << out;
  }
  EXPECT_NE(run({"account", "show", "main"}).out.find("AWS access key set"), std::string::npos);
}

TEST_F(account_command, help_has_an_example_for_each_way_to_authenticate) {
  const auto help = run_plain({"account", "add", "--help"}).out;
  for (const auto* text :
       {"add claude-console", "add openai-responses", "add gemini-api", "add azure-openai",
        "--deployment our-gpt", "--access-key-id AKIA… --secret-access-key-stdin",
        "--region us-east-1 --api-key-stdin"}) {
    EXPECT_NE(help.find(text), std::string::npos) << text << " in\n" << help;
  }
}

TEST_F(account_command, set_replaces_lists_as_a_whole_and_none_empties_them) {
  run_json({"group", "add", "--name", "team"});
  add("main", {"--groups", "team", "--quota-usd", "5", "--timeouts", "connect=2s", "--cooldowns",
               "timeout=1s"});
  const auto changed = run_json({"account", "set", "main", "--timeouts", "total=10m", "--cooldowns",
                                 "broken=5s", "--quota-tokens", "7"});
  EXPECT_EQ(changed.at("timeouts"), nlohmann::json({{"totalMs", 600'000}}));
  EXPECT_EQ(changed.at("cooldowns"), nlohmann::json({{"broken", 5}}));
  EXPECT_EQ(changed.at("dailyQuota"), nlohmann::json({{"tokens", 7}, {"usd", 5.0}}));
  EXPECT_EQ(changed.at("groupIds").size(), 1u);
  const auto emptied =
      run_json({"account", "set", "main", "--groups", "none", "--timeouts", "none", "--cooldowns",
                "none", "--quota-usd", "0", "--on-disconnect", "drain"});
  EXPECT_EQ(emptied.at("groupIds"), nlohmann::json::array());
  EXPECT_EQ(emptied.at("timeouts"), nlohmann::json::object());
  EXPECT_EQ(emptied.at("cooldowns"), nlohmann::json::object());
  EXPECT_EQ(emptied.at("dailyQuota"), nlohmann::json({{"tokens", 7}, {"usd", 0.0}}));
  EXPECT_EQ(emptied.at("disconnectPolicy"), "drain");
}

TEST_F(account_command, set_changes_only_what_is_given) {
  add("main", {"--priority", "7", "--models", "a,b"});
  const auto changed = run_json({"account", "set", "main", "--concurrency", "9", "--inactive"});
  EXPECT_EQ(changed.at("priority"), 7);
  EXPECT_EQ(changed.at("concurrencyLimit"), 9);
  EXPECT_EQ(changed.at("isActive"), false);
  EXPECT_EQ(changed.at("supportedModels").size(), 2u);
  EXPECT_EQ(changed.at("apiKeySet"), true);

  const auto again =
      run_json({"account", "set", "main", "--models", "all", "--active", "--session-token-stdin"},
               "token\n");
  EXPECT_EQ(again.at("isActive"), true);
  EXPECT_EQ(again.at("supportedModels").size(), 0u);
  EXPECT_EQ(again.at("sessionTokenSet"), true);
  EXPECT_EQ(again.at("apiKeySet"), false);
}

TEST_F(account_command, a_removed_account_is_gone) {
  add("main");
  expect_failure(run({"account", "remove", "main"}), exit_unusable, "--yes");
  EXPECT_EQ(run({"account", "remove", "main", "--yes"}).code, exit_done);
  expect_failure(run({"account", "show", "main"}), exit_failed, "no account");
}

TEST_F(account_command, asks_before_it_removes_where_there_is_somebody_to_ask) {
  add("main");
  interactive_ = true;
  EXPECT_EQ(run({"account", "remove", "main"}, "n\n").code, exit_failed);
  EXPECT_EQ(run({"account", "show", "main"}).code, exit_done);
  EXPECT_EQ(run({"account", "remove", "main"}, "y\n").code, exit_done);
}

TEST_F(account_command, asks_for_the_key_where_there_is_somebody_to_ask) {
  interactive_ = true;
  const auto got = run(
      {"account", "add", "claude-console", "--name", "main", "--api-url", "https://upstream.test"},
      secret + "\n");
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_NE(got.err.find("API key (not shown)"), std::string::npos);
  EXPECT_EQ(got.out.find(secret), std::string::npos);
}

TEST_F(account_command, secrets_are_never_printed) {
  add("main", {"--proxy", "http://user:proxy-password@proxy.test:3128"});
  std::string all;
  for (const auto& args :
       std::vector<std::vector<std::string>>{{"account", "list"},
                                             {"account", "show", "main"},
                                             {"account", "set", "main", "--tags", "x"}}) {
    for (const bool json : {false, true}) {
      auto with_json = args;
      if (json) with_json.emplace_back("--json");
      const auto got = run(with_json);
      EXPECT_EQ(got.code, exit_done) << got.err;
      all += got.out + got.err;
    }
  }
  EXPECT_EQ(all.find(secret), std::string::npos);
  EXPECT_EQ(all.find("proxy-password"), std::string::npos);
  EXPECT_NE(all.find("http://user@proxy.test:3128"), std::string::npos);
}

TEST_F(account_command, refuses_what_cannot_work_in_one_line) {
  const auto failing = [&](std::vector<std::string> args, std::string_view text) {
    expect_failure(run(std::move(args), secret + "\n"), exit_unusable, text);
  };
  const std::vector<std::string> good = {
      "account",         "add",       "claude-console",       "--name", "main",
      "--api-key-stdin", "--api-url", "https://upstream.test"};
  const auto with = [&](std::vector<std::string> more) {
    auto args = good;
    args.insert(args.end(), more.begin(), more.end());
    return args;
  };
  failing({"account", "add", "claude", "--name", "x", "--api-key-stdin"},
          "allowed: claude-console");
  expect_failure(run({"account", "add", "codex", "--name", "x", "--api-key-stdin"}, secret + "\n"),
                 exit_failed, "codex is not built yet");
  failing({"account", "add", "claude-console", "--name", "x", "--api-key-stdin"}, "apiUrl");
  failing({"account", "add", "claude-console", "--name", "x", "--api-url", "https://h"},
          "--api-key-stdin, --session-token-stdin or --secret-access-key-stdin");
  failing(with({"--priority", "0"}), "--priority");
  failing(with({"--priority", "high"}), "--priority");
  failing(with({"--models", "a=b"}), "--model-map");
  failing(with({"--model-map", "a"}), "from=to");
  failing(with({"--proxy", "ftp://user:hidden@h:1"}), "socks5://");
  failing(with({"--schedulable", "perhaps"}), "--schedulable");
  failing(with({"--api-key=hidden"}), "--api-key-stdin");
  failing(with({"--session-token-stdin"}), "--session-token-stdin");
  failing(with({"--secret-access-key-stdin"}), "--secret-access-key-stdin");
  failing(with({"--region", "EU"}), "region must");
  failing(with({"--access-key-id", "a b"}), "accessKeyId must");
  failing(with({"--deployment", "a/b"}), "deploymentName must");
  failing(with({"--api-version", "a&b"}), "apiVersion must");
  failing({"account", "add", "claude-console", "--name", "x", "--api-url", "https://h",
           "--secret-access-key-stdin"},
          "apiKey or sessionToken");
  failing(with({"--type", "private"}), "--type");
  failing(with({"--type", "group"}), "groupIds must name a group");
  failing(with({"--quota-tokens", "-1"}), "--quota-tokens");
  failing(with({"--quota-tokens", "1000000000001"}), "dailyQuota.tokens");
  failing(with({"--quota-usd", "1.2345678901"}), "--quota-usd");
  failing(with({"--quota-usd", "-1"}), "--quota-usd");
  failing(with({"--quota-usd", "1000000.01"}), "dailyQuota.usd");
  failing(with({"--on-disconnect", "drain:0"}), "--on-disconnect");
  failing(with({"--on-disconnect", "drain:2h"}), "drain:30s");
  failing(with({"--on-disconnect", "drain:3601"}), "disconnectPolicy");
  failing(with({"--timeouts", "connect"}), "--timeouts");
  failing(with({"--timeouts", ""}), "--timeouts");
  failing(with({"--timeouts", "connect=fast"}), "--timeouts");
  failing(with({"--timeouts", "connect=1s,connect=2s"}), "--timeouts");
  failing(with({"--timeouts", "dns=1s"}), "tls_handshake");
  failing(with({"--timeouts", "connect=0"}), "timeouts.connectMs");
  failing(with({"--timeouts", "total=2d"}), "timeouts.totalMs");
  failing(with({"--cooldowns", "teapot=1s"}), "rate_limited");
  failing(with({"--cooldowns", "timeout=500ms"}), "whole seconds");
  failing(with({"--cooldowns", "timeout=8d"}), "cooldowns.timeout");
  expect_failure(run(good, "\n"), exit_unusable, "nothing was given on standard input");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(account_command, a_name_is_taken_once) {
  add("main");
  expect_failure(run({"account", "add", "claude-console", "--name", "main", "--api-url",
                      "https://upstream.test", "--api-key-stdin"},
                     "key\n"),
                 exit_failed, "name");
}

TEST_F(account_command, a_mistyped_folder_is_not_taken_for_an_empty_one) {
  expect_failure(run({"account", "list"}), exit_failed, "there is no data in");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(account_command, another_encryption_key_is_refused_without_showing_it) {
  environment_["ENCRYPTION_KEY"] = "0123456789abcdef0123456789abcdef";
  add("main");
  environment_["ENCRYPTION_KEY"] = "fedcba9876543210fedcba9876543210";
  const auto got = run({"account", "list"});
  expect_failure(got, exit_failed, "encryption key");
  EXPECT_EQ(got.err.find("fedcba"), std::string::npos);
}

}  // namespace
}  // namespace baton::app
