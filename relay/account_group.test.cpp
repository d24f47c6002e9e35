#include "relay/account_group.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

account_group named(std::string name, std::string description = {}) {
  account_group group;
  group.name = std::move(name);
  group.description = std::move(description);
  return group;
}

TEST(account_group, takes_names_that_can_stand_in_a_list) {
  for (const char* name : {"a", "team one", "Gruppe \xC3\xA4", "none-of-yours", "100% \"a\""}) {
    EXPECT_TRUE(check_group(named(name))) << name;
  }
  EXPECT_TRUE(check_group(named(std::string(100, 'n'), std::string(500, 'd'))));
}

TEST(account_group, refuses_fields_by_name) {
  for (const std::string& name :
       {std::string(), std::string("a,b"), std::string("a\nb"), std::string(" a"),
        std::string("a "), std::string("None"), std::string("ANY"), std::string(101, 'n')}) {
    const auto refused = check_group(named(name));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, error_code::invalid_argument);
    EXPECT_TRUE(refused.error().text.starts_with("name ")) << refused.error().text;
  }
  const auto refused = check_group(named("a", std::string(501, 'd')));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().text.starts_with("description "));
}

}  // namespace
}  // namespace baton::relay
