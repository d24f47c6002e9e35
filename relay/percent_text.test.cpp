#include "relay/percent_text.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(percent_text, escapes_what_a_path_gives_a_meaning_to) {
  EXPECT_EQ(percent_encode("gpt-4.1_mini~"), "gpt-4.1_mini~");
  EXPECT_EQ(percent_encode("us.anthropic.x-v1:0"), "us.anthropic.x-v1%3A0");
  EXPECT_EQ(percent_encode("a/b?c#d %"), "a%2Fb%3Fc%23d%20%25");
  EXPECT_EQ(percent_encode("\xe6\xa8\xa1"), "%E6%A8%A1");
}

TEST(percent_text, comes_back_as_it_was) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("a%3ab+c"), "a:b+c");
}

TEST(percent_text, is_refused_with_a_broken_escape) {
  for (const auto* text : {"%", "%4", "a%", "%zz", "%4g", "%-1", "%%41"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

TEST(percent_text, with_a_broken_escape_can_be_read_nevertheless) {
  EXPECT_EQ(percent_decode_leniently("%6bey"), "key");
  EXPECT_EQ(percent_decode_leniently("%%41%"), "%A%");
  EXPECT_EQ(percent_decode_leniently("%4"), "%4");
  EXPECT_EQ(percent_decode_leniently("%4g%zz%-1"), "%4g%zz%-1");
  EXPECT_EQ(percent_decode_leniently("%00+"), std::string("\0+", 2));
}

}  // namespace
}  // namespace baton::relay
