#include "relay/client_kind.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace baton::relay {
namespace {

api_key key_for(std::vector<std::string> clients) {
  api_key key;
  key.allowed_clients = std::move(clients);
  return key;
}

std::string member(const error& refused, std::size_t index) {
  return nlohmann::json::parse(refused.details->members.at(index).second).get<std::string>();
}

TEST(client_kind, is_told_by_the_beginning_of_the_user_agent) {
  EXPECT_EQ(client_kind_of("claude-cli/2.1.328 (external, cli)"), "claude_code");
  EXPECT_EQ(client_kind_of("Claude-CLI/1.0"), "claude_code");
  EXPECT_EQ(client_kind_of("GeminiCLI/0.3.1 (linux; x64)"), "gemini_cli");
  EXPECT_EQ(client_kind_of("GeminiCLI-tui/0.61.0/gemini-3-pro"), "gemini_cli");
  EXPECT_EQ(client_kind_of("codex_cli_rs/0.38.0 (Debian 12; x86_64)"), "codex_cli");
  EXPECT_EQ(client_kind_of("codex_exec/0.169.0"), "codex_cli");
  EXPECT_EQ(client_kind_of("codex_vscode/0.4.2"), "codex_cli");
  EXPECT_EQ(client_kind_of("factory-cli/0.32.1"), "droid_cli");
}

TEST(client_kind, is_none_of_other_programs) {
  for (const std::string_view agent : {"", "curl/8.5", "Anthropic/JS 1.10", "my claude-cli/1",
                                       "claude-cli", "geminicli", "Mozilla/5.0 (codex_cli_rs)"}) {
    EXPECT_EQ(client_kind_of(agent), std::nullopt) << agent;
  }
}

TEST(client_kind, of_any_kind_may_use_a_key_that_names_none) {
  EXPECT_TRUE(check_client({}, "curl/8.5"));
  EXPECT_TRUE(check_client({}, ""));
}

TEST(client_kind, must_be_among_those_a_key_names) {
  const auto key = key_for({"claude_code", "droid_cli"});
  EXPECT_TRUE(check_client(key, "claude-cli/2.0.77"));
  EXPECT_TRUE(check_client(key, "factory-cli/0.32.1"));
  const auto refused = check_client(key, "codex_exec/0.169.0");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::client_not_allowed);
  EXPECT_EQ(refused.error().details->members.at(0).second, R"(["claude_code","droid_cli"])");
  EXPECT_EQ(member(refused.error(), 1), "codex_exec/0.169.0");
  EXPECT_FALSE(check_client(key, ""));
}

TEST(client_kind, is_shown_without_what_is_foreign_in_it) {
  const auto key = key_for({"claude_code"});
  EXPECT_EQ(member(check_client(key, "a\x1b[31m\x01\x7f\"b\\").error(), 1), "a[31m\"b\\");
  EXPECT_LE(member(check_client(key, std::string(5000, 'x')).error(), 1).size(), 200u);
  const auto cut = check_client(key, std::string(199, 'x') + "\xc3\xa4");
  EXPECT_TRUE(nlohmann::json::accept(cut.error().details->members.at(1).second));
}

}  // namespace
}  // namespace baton::relay
