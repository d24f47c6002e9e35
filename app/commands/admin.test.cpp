#include "app/commands/command_fixture.test.hpp"
#include "storage/admin_password.hpp"

namespace baton::app {
namespace {

class admin_command : public command_fixture {
 protected:
  void SetUp() override {
    run_json({"group", "add", "--name", "team"});  // makes the data folder
    ASSERT_TRUE(storage::set_admin(*open(), "me", "the first password"));
  }
  bool is_password(const std::string& username, const std::string& password) {
    return storage::verify_admin(*open(), username, password).value();
  }
};

TEST_F(admin_command, sets_the_password_that_is_read) {
  const auto got = run({"admin", "reset-password", "--password-stdin"}, "a new password\n");
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_EQ(got.out.find("a new password"), std::string::npos);
  EXPECT_TRUE(is_password("me", "a new password"));
  EXPECT_FALSE(is_password("me", "the first password"));
}

TEST_F(admin_command, makes_a_password_and_shows_it) {
  const auto made = run_json({"admin", "reset-password", "--generate"});
  EXPECT_EQ(made.at("username"), "me");
  EXPECT_TRUE(is_password("me", made.at("password")));

  const auto got = run({"admin", "reset-password", "--generate"});
  const auto at = got.out.find("password  ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_TRUE(is_password("me", got.out.substr(at + 10, 24)));
}

TEST_F(admin_command, sets_another_name) {
  const auto done = run_json({"admin", "reset-password", "--username", "you", "--password-stdin"},
                             "a new password");
  EXPECT_EQ(done, nlohmann::json({{"username", "you"}}));
  EXPECT_TRUE(is_password("you", "a new password"));
  EXPECT_FALSE(is_password("me", "a new password"));
}

TEST_F(admin_command, asks_twice_on_a_terminal) {
  interactive_ = true;
  EXPECT_EQ(run({"admin", "reset-password"}, "a new password\na new password\n").code, exit_done);
  EXPECT_TRUE(is_password("me", "a new password"));

  const auto differ = run({"admin", "reset-password"}, "another password\nanother passwort\n");
  EXPECT_EQ(differ.code, exit_unusable);
  EXPECT_NE(differ.err.find("two different passwords"), std::string::npos);
  EXPECT_EQ(differ.err.find("passwort"), std::string::npos);
  EXPECT_TRUE(is_password("me", "a new password"));
}

TEST_F(admin_command, ends_all_logins_and_is_in_the_audit_log) {
  const auto running = open();
  const auto before = storage::find_admin(*running).value()->generation;
  run({"admin", "reset-password", "--password-stdin"}, "a new password\n");
  EXPECT_NE(storage::find_admin(*running).value()->generation, before);

  const auto entries = running->audit({.actions = {"admin.set-password"}}).value().entries;
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].actor.rfind("cli:", 0), 0u) << entries[0].actor;
  EXPECT_GT(entries[0].actor.size(), 4u);
  EXPECT_EQ(entries[0].outcome, "done");
  EXPECT_EQ(entries[0].changes, R"({"password":["****","****"]})");
}

TEST_F(admin_command, refuses_what_cannot_be_used_and_changes_nothing) {
  const std::vector<std::string> from_stdin = {"admin", "reset-password", "--password-stdin"};
  expect_failure(run(from_stdin, "short\n"), exit_unusable, "password: must have 8 to 1024 bytes");
  expect_failure(run(from_stdin, std::string(1025, 'x')), exit_unusable, "8 to 1024 bytes");
  expect_failure(run(from_stdin), exit_unusable, "--password-stdin: nothing was given");
  expect_failure(run({"admin", "reset-password"}), exit_unusable, "--password-stdin or --generate");
  expect_failure(run({"admin", "reset-password", "--generate", "--username", ""}), exit_unusable,
                 "--username: must have 1 to 64 bytes");
  expect_failure(run({"admin", "reset-password", "--generate", "--password-stdin"}, "a password\n"),
                 exit_unusable, "--generate");
  EXPECT_TRUE(is_password("me", "the first password"));
}

TEST_F(admin_command, does_not_make_a_data_folder) {
  expect_failure(run_plain({"admin", "reset-password", "--generate", "--data-dir",
                            (folder_ / "elsewhere").string()}),
                 exit_failed, "there is no data in");
}

}  // namespace
}  // namespace baton::app
