#include "relay/usd_text.hpp"

#include <gtest/gtest.h>

#include <limits>

#include <random>

namespace baton::relay {
namespace {

TEST(usd_text, reads_decimals_exactly) {
  EXPECT_EQ(parse_usd("0"), 0u);
  EXPECT_EQ(parse_usd("5"), 5'000'000'000u);
  EXPECT_EQ(parse_usd("0.1"), 100'000'000u);
  EXPECT_EQ(parse_usd("12.345678901"), 12'345'678'901u);
  EXPECT_EQ(parse_usd("0.000000001"), 1u);
  EXPECT_EQ(parse_usd("007.50"), 7'500'000'000u);
  EXPECT_EQ(parse_usd("18446744073.709551615"), 18'446'744'073'709'551'615u);
}

TEST(usd_text, refuses_everything_else) {
  for (const char* text :
       {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1.2.3", " 1", "1 ", "$1", "0.0000000001",
        "18446744073.709551616", "18446744074", "99999999999999999999999", "nan"}) {
    EXPECT_FALSE(parse_usd(text)) << text;
  }
}

TEST(usd_text, spells_what_it_reads) {
  EXPECT_EQ(spell_usd(0), "0");
  EXPECT_EQ(spell_usd(2'500'000'000), "2.5");
  EXPECT_EQ(spell_usd(1), "0.000000001");
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t amount = random() >> (random() % 64);
    ASSERT_EQ(parse_usd(spell_usd(amount)), amount);
  }
}

TEST(usd_text, is_rounded_to_decimals) {
  EXPECT_EQ(spell_usd_rounded(0, 6), "0.000000");
  EXPECT_EQ(spell_usd_rounded(123'456'499, 6), "0.123456");
  EXPECT_EQ(spell_usd_rounded(123'456'500, 6), "0.123457");
  EXPECT_EQ(spell_usd_rounded(1'999'999'999, 2), "2.00");
  EXPECT_EQ(spell_usd_rounded(1'499'999'999, 0), "1");
  EXPECT_EQ(spell_usd_rounded(1'500'000'000, 0), "2");
  EXPECT_EQ(spell_usd_rounded(1, 9), "0.000000001");
  EXPECT_EQ(spell_usd_rounded(std::numeric_limits<std::uint64_t>::max(), 4), "18446744073.7096");
}

}  // namespace
}  // namespace baton::relay
