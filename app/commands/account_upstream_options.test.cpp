#include "app/commands/account_upstream_options.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <vector>

namespace baton::app {
namespace {

class account_upstream : public ::testing::Test {
 protected:
  account_upstream() { add_account_upstream_options(command_, options_); }

  void parse(std::vector<std::string> args) {
    options_ = {};
    std::reverse(args.begin(), args.end());  // as CLI11 takes them
    command_.parse(std::move(args));
  }

  // The credential an account with one of its own has afterwards.
  result<relay::account_credential> read(const std::string& input, bool required = true) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const environment none;
    command_context context{in, out, err, none};
    context.interactive = interactive_;
    relay::account_credential credential{"old-key", "old-token", "old-secret"};
    const auto done = read_credential(options_, context, required, credential);
    asked_ = err.str();
    if (!done) return done.error();
    return credential;
  }
  void expect_read(const std::string& input, const relay::account_credential& expected,
                   bool required = true) {
    const auto got = read(input, required);
    ASSERT_TRUE(got) << got.error().text;
    EXPECT_EQ(got->api_key, expected.api_key);
    EXPECT_EQ(got->session_token, expected.session_token);
    EXPECT_EQ(got->secret_access_key, expected.secret_access_key);
  }

  CLI::App command_;
  account_upstream_options options_;
  bool interactive_ = false;
  std::string asked_;
};

TEST_F(account_upstream, each_option_changes_its_field_only) {
  relay::account account;
  account.api_url = "https://before.test";
  account.region = "before";
  parse({"--access-key-id", "AKIA", "--deployment", "our-gpt", "--api-version", "2025-04-01"});
  apply(options_, account);
  EXPECT_EQ(account.api_url, "https://before.test");
  EXPECT_EQ(account.region, "before");
  EXPECT_EQ(account.access_key_id, "AKIA");
  EXPECT_EQ(account.deployment_name, "our-gpt");
  EXPECT_EQ(account.api_version, "2025-04-01");
  parse({"--api-url", "https://now.test", "--region", "eu-central-1"});
  apply(options_, account);
  EXPECT_EQ(account.api_url, "https://now.test");
  EXPECT_EQ(account.region, "eu-central-1");
}

TEST_F(account_upstream, an_empty_value_removes_what_was_there) {
  relay::account account;
  account.region = "eu-central-1";
  account.access_key_id = "AKIA";
  parse({"--region", "", "--access-key-id", ""});
  apply(options_, account);
  EXPECT_EQ(account.region, "");
  EXPECT_EQ(account.access_key_id, "");
}

TEST_F(account_upstream, a_credential_replaces_the_whole_one_before) {
  parse({"--api-key-stdin"});
  expect_read("key\n", {"key", "", ""});
  parse({"--session-token-stdin"});
  expect_read("token\n", {"", "token", ""});
  parse({"--secret-access-key-stdin"});
  expect_read("secret\n", {"", "", "secret"});
}

TEST_F(account_upstream, a_temporary_aws_key_has_its_secret_first_and_then_its_token) {
  parse({"--session-token-stdin", "--secret-access-key-stdin"});
  expect_read("secret\r\n token \n", {"", "token", "secret"});
  const auto cut = read("secret\n");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().text, "session token: nothing was given on standard input");
}

TEST_F(account_upstream, an_api_key_excludes_every_other_credential) {
  for (const auto* other : {"--session-token-stdin", "--secret-access-key-stdin"}) {
    EXPECT_THROW(parse({"--api-key-stdin", other}), CLI::ExcludesError) << other;
    EXPECT_THROW(parse({other, "--api-key-stdin"}), CLI::ExcludesError) << other;
  }
}

TEST_F(account_upstream, nothing_announced_keeps_the_credential_or_is_refused) {
  parse({"--access-key-id", "AKIA"});
  expect_read("never read\n", {"old-key", "old-token", "old-secret"}, false);
  const auto refused = read("never read\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
  for (const auto* option :
       {"--api-key-stdin", "--session-token-stdin", "--secret-access-key-stdin"}) {
    EXPECT_NE(refused.error().text.find(option), std::string::npos) << refused.error().text;
  }
}

TEST_F(account_upstream, asks_for_what_was_announced_where_there_is_somebody_to_ask) {
  interactive_ = true;
  parse({"--session-token-stdin", "--secret-access-key-stdin"});
  expect_read("secret\ntoken\n", {"", "token", "secret"});
  EXPECT_EQ(asked_, "AWS secret access key (not shown): session token (not shown): ");
}

TEST_F(account_upstream, asks_for_an_api_key_if_nothing_was_announced) {
  interactive_ = true;
  parse({"--access-key-id", ""});
  expect_read("key\n", {"key", "", ""});
  EXPECT_EQ(asked_, "API key (not shown): ");
}

TEST_F(account_upstream, asks_for_the_secret_of_an_aws_key_that_was_named) {
  interactive_ = true;
  parse({"--access-key-id", "AKIA"});
  expect_read("secret\n", {"", "", "secret"});
  EXPECT_EQ(asked_, "AWS secret access key (not shown): ");
}

}  // namespace
}  // namespace baton::app
