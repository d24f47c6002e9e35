#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace baton::text {
namespace {

using parts = std::vector<std::string>;

TEST(lower_case, changes_ascii_letters_only) {
  EXPECT_EQ(to_lower("Content-TYPE: [@`{]"), "content-type: [@`{]");
  EXPECT_EQ(to_lower("\xC3\x84Z"), "\xC3\x84z");
  EXPECT_EQ(to_lower(""), "");
}

TEST(comparison_without_case, takes_ascii_letters_as_equal) {
  EXPECT_TRUE(iequals("", ""));
  EXPECT_TRUE(iequals("X-Api-Key", "x-aPI-kEY"));
  EXPECT_FALSE(iequals("abc", "abcd"));
  EXPECT_FALSE(iequals("[", "{"));  // 32 apart like a letter and its capital
  EXPECT_FALSE(iequals("@", "`"));
}

TEST(search_without_case, finds_a_part_anywhere) {
  EXPECT_TRUE(icontains("Claude-OPUS-4", "opus"));
  EXPECT_TRUE(icontains("claude-opus-4", "OPUS"));
  EXPECT_TRUE(icontains("opus", "opus"));
  EXPECT_TRUE(icontains("ababac", "ABAC")) << "begun twice";
  EXPECT_FALSE(icontains("opu", "opus"));
  EXPECT_FALSE(icontains("o-p-u-s", "opus"));
  EXPECT_FALSE(icontains("[", "{"));
}

TEST(search_without_case, finds_nothing_everywhere) {
  EXPECT_TRUE(icontains("", ""));
  EXPECT_TRUE(icontains("abc", ""));
  EXPECT_FALSE(icontains("", "a"));
}

TEST(trim, drops_spaces_and_tabs_at_both_ends) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\r\na"), "\r\na");
}

TEST(split, gives_trimmed_parts_and_drops_empty_ones) {
  EXPECT_EQ(split("a,b", ','), (parts{"a", "b"}));
  EXPECT_EQ(split(" a , ,\t,b b ,", ','), (parts{"a", "b b"}));
  EXPECT_EQ(split("a", ','), (parts{"a"}));
  EXPECT_EQ(split("", ','), parts{});
  EXPECT_EQ(split(",,,", ','), parts{});
}

TEST(number, is_the_whole_text_or_nothing) {
  EXPECT_EQ(parse_number<int>("-42"), -42);
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65535);
  for (const std::string_view text : {"", "-", "+1", " 1", "1 ", "1x", "0x10", "1.5", "65536", "-1",
                                      "99999999999999999999999999"}) {
    EXPECT_EQ(parse_number<std::uint16_t>(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace baton::text
