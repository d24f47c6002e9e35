#include "relay/usage.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace baton::relay {
namespace {

TEST(token_usage, adds_up_disjoint_classes) {
  token_usage sum{1, 2, 3, 4, 5, 6};
  sum += {10, 20, 30, 40, 50, 60};
  EXPECT_EQ(sum, (token_usage{11, 22, 33, 44, 55, 66}));
  EXPECT_EQ(sum.cache_write(), 99);
  EXPECT_EQ(sum.total(), 231);
}

TEST(token_usage, is_bounded_in_each_class) {
  constexpr auto huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(bounded({-1, huge, 3, huge, -huge, request_tokens_max}),
            (token_usage{0, request_tokens_max, 3, request_tokens_max, 0, request_tokens_max}));
}

}  // namespace
}  // namespace baton::relay
