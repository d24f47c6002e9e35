#include "relay/usage.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(token_usage, adds_up_disjoint_classes) {
  token_usage sum{1, 2, 3, 4, 5, 6};
  sum += {10, 20, 30, 40, 50, 60};
  EXPECT_EQ(sum, (token_usage{11, 22, 33, 44, 55, 66}));
  EXPECT_EQ(sum.cache_write(), 99);
  EXPECT_EQ(sum.total(), 231);
}

}  // namespace
}  // namespace baton::relay
