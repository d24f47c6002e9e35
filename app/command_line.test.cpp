#include "app/command_line.hpp"

#include "app/commands/command_fixture.test.hpp"
#include "base/version.hpp"

namespace baton::app {
namespace {

class command_line : public command_fixture {};

TEST_F(command_line, tells_its_version) {
  const auto got = run_plain({"--version"});
  EXPECT_EQ(got.code, exit_done);
  EXPECT_EQ(got.out, "baton " + std::string(version()) + "\n");
}

TEST_F(command_line, every_command_explains_itself) {
  const std::vector<std::vector<std::string>> commands = {{},
                                                          {"serve"},
                                                          {"demo"},
                                                          {"mock-upstream"},
                                                          {"config"},
                                                          {"config", "check"},
                                                          {"config", "reference"},
                                                          {"account"},
                                                          {"account", "add"},
                                                          {"account", "list"},
                                                          {"account", "show"},
                                                          {"account", "set"},
                                                          {"account", "remove"},
                                                          {"key"},
                                                          {"key", "create"},
                                                          {"key", "list"},
                                                          {"key", "show"},
                                                          {"key", "set"},
                                                          {"key", "revoke"},
                                                          {"key", "restore"},
                                                          {"completion"},
                                                          {"man"}};
  for (auto args : commands) {
    args.emplace_back("--help");
    const auto got = run_plain(args);
    EXPECT_EQ(got.code, exit_done) << got.err;
    EXPECT_NE(got.out.find("Usage: baton"), std::string::npos) << got.out;
    EXPECT_EQ(got.err, "");
  }
}

TEST_F(command_line, a_mistyped_command_or_option_gets_a_suggestion) {
  expect_failure(run_plain({"acount"}), exit_unusable, "did you mean 'baton account'?");
  expect_failure(run_plain({"key", "creat"}), exit_unusable, "did you mean 'baton key create'?");
  expect_failure(run_plain({"serve", "--prot", "1"}), exit_unusable, "did you mean '--port'?");
  expect_failure(run_plain({}), exit_unusable, "needs a command");
  expect_failure(run_plain({"account"}), exit_unusable, "needs a command");
  expect_failure(run_plain({"key", "create", "--name", "a", "b"}), exit_unusable,
                 "takes fewer arguments");
}

TEST_F(command_line, a_word_with_control_characters_stays_one_harmless_line) {
  expect_failure(run_plain({"a\nb\x1b[2J"}), exit_unusable, "a\\nb\\x1b[2J");
}

TEST_F(command_line, a_setting_that_cannot_be_used_stops_every_command) {
  environment_["PORT"] = "many";
  const auto expected = "PORT: \"many\" cannot be used; allowed: a whole number from 0 to 65535";
  expect_failure(run_plain({"serve"}), exit_unusable, expected);
  expect_failure(run({"key", "list"}), exit_unusable, expected);
  expect_failure(run_plain({"config", "check"}), exit_unusable, expected);
}

TEST_F(command_line, serve_takes_settings_as_flags) {
  expect_failure(run_plain({"serve", "--port", "x"}), exit_unusable, "--port: \"x\"");
  expect_failure(run_plain({"serve", "--set", "timeouts.conect=3"}), exit_unusable,
                 "did you mean timeouts.connect?");
  expect_failure(run_plain({"serve", "--set", "timeouts.connect"}), exit_unusable, "NAME=VALUE");
  expect_failure(run_plain({"serve", "--set", "admin.password=hidden"}), exit_unusable,
                 "BATON_ADMIN_PASSWORD");
  EXPECT_EQ(run_plain({"serve", "--set", "admin.password=hidden"}).err.find("hidden"),
            std::string::npos);
}

TEST_F(command_line, config_check_tells_each_value_and_its_source) {
  environment_["CRS_PORT"] = "8080";
  environment_["ENCRYPTION_KEY"] = "0123456789abcdef-hidden";
  const auto got = run({"config", "check", "--json"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_EQ(got.out.find("hidden"), std::string::npos);
  for (const auto& row : got.json()) {
    if (row.at("name") == "server.port") {
      EXPECT_EQ(row.at("value"), 8080);
      EXPECT_EQ(row.at("source"), "CRS_PORT");
    }
    if (row.at("name") == "storage.encryption_key") {
      EXPECT_EQ(row.at("value"), "****");
    }
    if (row.at("name") == "storage.data_dir") {
      EXPECT_EQ(row.at("source"), "--data-dir");
    }
  }
  const auto table = run({"config", "check"}).out;
  EXPECT_NE(table.find("CRS_PORT"), std::string::npos);
  EXPECT_EQ(table.find("hidden"), std::string::npos);
}

TEST_F(command_line, warnings_do_not_disturb_the_output) {
  environment_["REDIS_HOST"] = "db";
  const auto got = run({"key", "create", "--name", "x", "--json"});
  EXPECT_EQ(got.code, exit_done);
  EXPECT_TRUE(got.json().contains("key"));
  EXPECT_NE(got.err.find("baton: warning: REDIS_HOST"), std::string::npos);
}

TEST_F(command_line, output_that_cannot_be_written_is_a_failure) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  command_context context{in, out, err, {}};
  EXPECT_EQ(run_command_line(std::vector<std::string>{"config", "check"}, context), exit_failed);
  EXPECT_EQ(err.str(), "baton: the output could not be written\n");
}

}  // namespace
}  // namespace baton::app
