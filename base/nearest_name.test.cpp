#include "base/nearest_name.hpp"

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(nearest_name, finds_slips_but_does_not_guess) {
  const std::vector<std::string_view> names = {"server.port", "server.host", "log.level"};
  EXPECT_EQ(nearest_name("server.prot", names), "server.port");
  EXPECT_EQ(nearest_name("level", names), "log.level");
  EXPECT_EQ(nearest_name("colour", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

}  // namespace
}  // namespace baton
