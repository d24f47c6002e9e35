#include "net/body_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>

#include "relay/api.hpp"

namespace baton::net {
namespace {

TEST(body_buffer, keeps_what_is_appended_in_order) {
  byte_budget budget{1 << 20};
  body_buffer body(budget);
  std::string expected;
  for (int n = 0; n < 5000; ++n) {
    const auto piece = std::to_string(n) + ",";
    ASSERT_TRUE(body.append(piece));
    expected += piece;
  }
  EXPECT_EQ(body.size(), expected.size());
  EXPECT_TRUE(body.view() == expected);
}

TEST(body_buffer, takes_bytes_that_are_written_into_its_free_space) {
  byte_budget budget{1 << 20};
  body_buffer body(budget);
  ASSERT_TRUE(body.append("head "));
  ASSERT_TRUE(body.reserve_more(40'000));
  ASSERT_GE(body.free_space().size(), 40'000u);
  std::memcpy(body.free_space().data(), "tail", 4);
  body.grow(4);
  EXPECT_EQ(body.view(), "head tail");
}

TEST(body_buffer, bytes_behind_it_may_be_read) {
  byte_budget budget{1 << 20};
  body_buffer body(budget);
  ASSERT_TRUE(body.append(std::string(16 * 1024, 'x')));
  unsigned sum = 0;
  for (std::size_t n = 0; n < relay::json_padding_bytes; ++n) {
    volatile const char* behind = body.view().data() + body.size() + n;
    sum += static_cast<unsigned char>(*behind);
  }
  static_cast<void>(sum);
}

TEST(body_buffer, claims_memory_as_bytes_come_and_gives_it_back) {
  byte_budget budget{1 << 20};
  {
    body_buffer body(budget);
    EXPECT_EQ(budget.left, 1u << 20);
    ASSERT_TRUE(body.append("x"));
    EXPECT_LT(budget.left, 1u << 20);
    EXPECT_GE(budget.left, (1u << 20) - 64 * 1024);
    body.clear();
    EXPECT_EQ(budget.left, 1u << 20);
    EXPECT_EQ(body.size(), 0u);
    ASSERT_TRUE(body.append("again"));
    EXPECT_EQ(body.view(), "again");
  }
  EXPECT_EQ(budget.left, 1u << 20);
}

TEST(body_buffer, refuses_what_the_budget_does_not_hold_and_keeps_what_it_has) {
  byte_budget budget{100 * 1024};
  body_buffer body(budget);
  ASSERT_TRUE(body.append(std::string(60 * 1024, 'a')));
  EXPECT_FALSE(body.append(std::string(60 * 1024, 'b')));
  EXPECT_FALSE(body.reserve_more(1 << 30));
  EXPECT_TRUE(body.view() == std::string(60 * 1024, 'a'));
}

TEST(body_buffer, shares_the_budget_with_the_others) {
  byte_budget budget{64 * 1024};
  std::optional<body_buffer> first;
  first.emplace(budget);
  body_buffer second(budget);
  ASSERT_TRUE(first->append(std::string(50 * 1024, 'a')));
  EXPECT_FALSE(second.append(std::string(50 * 1024, 'b')));
  first.reset();
  EXPECT_TRUE(second.append(std::string(50 * 1024, 'b')));
}

TEST(body_buffer, nothing_needs_no_budget) {
  byte_budget budget{0};
  body_buffer body(budget);
  EXPECT_TRUE(body.append(""));
  EXPECT_TRUE(body.view().empty());
  EXPECT_FALSE(body.append("x"));
}

}  // namespace
}  // namespace baton::net
