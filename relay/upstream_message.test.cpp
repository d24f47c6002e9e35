#include "relay/upstream_message.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(upstream_message, is_found_in_the_errors_of_every_api) {
  EXPECT_EQ(upstream_message(R"({"type":"error","error":{"type":"x","message":"no"}})"), "no");
  EXPECT_EQ(upstream_message(R"({"error":{"message":"no","code":401}})"), "no");
  EXPECT_EQ(upstream_message(R"([{"error":{"message":"no","status":"X"}}])"), "no");
  EXPECT_EQ(upstream_message(R"({"message":"no"})"), "no");
  EXPECT_EQ(upstream_message(R"({"error":"no"})"), "no");
}

TEST(upstream_message, of_anything_else_is_its_beginning_on_one_line) {
  EXPECT_EQ(upstream_message("<html>\nBad\x01 gateway</html>"), "<html> Bad  gateway</html>");
  EXPECT_EQ(upstream_message(R"({"error":{"code":1}})"), R"({"error":{"code":1}})");
  EXPECT_EQ(upstream_message(""), "");
  EXPECT_EQ(upstream_message("a\xff"), "a\xef\xbf\xbd");
}

TEST(upstream_message, is_short_and_cuts_no_character) {
  const auto told = upstream_message("x" + std::string(200, 'x') + std::string(99, 'y') + "ä");
  EXPECT_EQ(told, std::string(201, 'x') + std::string(99, 'y') + "…");
  std::string umlauts = "x";
  for (int n = 0; n < 200; ++n) umlauts += "ä";
  EXPECT_EQ(upstream_message(umlauts), umlauts.substr(0, 299) + "…");
  EXPECT_LE(upstream_message(std::string(100'000, '[')).size(), 303u);
}

TEST(upstream_message, never_repeats_a_secret) {
  account config;
  config.credential = {"key-1", "token-2", "aws-3"};
  config.proxy.password = "pass-4";
  EXPECT_EQ(without_secrets("key-1 token-2, aws-3: pass-4 key-1key-1.", config),
            "**** ****, ****: **** ********.");
  EXPECT_EQ(without_secrets("nothing", {}), "nothing");
}

}  // namespace
}  // namespace baton::relay
