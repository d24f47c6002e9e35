#include "relay/path_parameter.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(path_parameter, is_unescaped) {
  EXPECT_EQ(read_path_parameter("gemini-2.5-pro").value(), "gemini-2.5-pro");
  EXPECT_EQ(read_path_parameter("us.anthropic.claude-v1%3A0").value(), "us.anthropic.claude-v1:0");
  EXPECT_EQ(read_path_parameter("publishers%2fx/models/y:z").value(), "publishers/x/models/y:z");
  EXPECT_EQ(read_path_parameter("%E6%A8%A1").value(), "\xe6\xa8\xa1");
  EXPECT_EQ(read_path_parameter("...").value(), "...");
  EXPECT_EQ(read_path_parameter("").value(), "");
}

TEST(path_parameter, is_refused_where_it_leads_elsewhere_or_breaks_what_it_is_put_into) {
  for (const std::string name : {"..", ".", "../x", "x/..", "x/%2e%2E/y", "%2e%2e%2fx", "a%00b",
                                 "a%0d%0ab", "a%22", "a%5c", "%ff", "%", "a%zz", "%7f"}) {
    const auto refused = read_path_parameter(name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, error_code::malformed_request);
  }
  EXPECT_TRUE(read_path_parameter(std::string(256, 'x')));
  EXPECT_FALSE(read_path_parameter(std::string(257, 'x')));
}

}  // namespace
}  // namespace baton::relay
