#include "relay/header_source.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(header_lines, are_found_by_name_in_any_case) {
  const header_lines lines("HTTP/1.1 429 Too Many\r\nRetry-After:  7 \r\nx-a: b: c\r\nempty:\r\n");
  EXPECT_EQ(lines.find("retry-after"), "7");
  EXPECT_EQ(lines.find("X-A"), "b: c");
  EXPECT_EQ(lines.find("empty"), "");
  EXPECT_EQ(lines.find("after"), "");
  EXPECT_EQ(lines.find("HTTP/1.1 429 Too Many"), "");
}

TEST(header_lines, give_the_first_of_several_and_survive_a_cut) {
  EXPECT_EQ(header_lines("a: 1\r\na: 2\r\n").find("a"), "1");
  EXPECT_EQ(header_lines("b: 1\r\na: 2").find("a"), "2");
  EXPECT_EQ(header_lines("").find("a"), "");
}

}  // namespace
}  // namespace baton::relay
