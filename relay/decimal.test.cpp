#include "relay/decimal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace baton::relay {
namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

TEST(decimal, is_exact_in_every_spelling) {
  for (const char* text :
       {"3e-06", "3E-6", "0.000003", "0.3e-5", "30e-07", "3.000e-6", "3e-0006"}) {
    EXPECT_EQ(parse_decimal(text, 12, no_limit), 3'000'000) << text;
  }
  EXPECT_EQ(parse_decimal("0", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("0.0", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("0e1000", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("1.25e+2", 0, no_limit), 125);
  EXPECT_EQ(parse_decimal("128000", 0, no_limit), 128'000);
}

TEST(decimal, rounds_half_up_at_the_last_digit) {
  EXPECT_EQ(parse_decimal("1.5000000000000002e-07", 12, no_limit), 150'000);
  EXPECT_EQ(parse_decimal("5e-13", 12, no_limit), 1);
  EXPECT_EQ(parse_decimal("4.9999e-13", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("9e-14", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("9e-1000", 12, no_limit), 0);
  EXPECT_EQ(parse_decimal("0.9999999999995", 12, no_limit), 1'000'000'000'000);
}

TEST(decimal, refuses_what_is_above_the_limit) {
  EXPECT_EQ(parse_decimal("1", 12, 1'000'000'000'000), 1'000'000'000'000);
  EXPECT_FALSE(parse_decimal("1.000000000001", 12, 1'000'000'000'000));
  EXPECT_FALSE(parse_decimal("1.0000000000005", 12, 1'000'000'000'000));
  EXPECT_EQ(parse_decimal("9223372036854775807", 0, no_limit), no_limit);
  EXPECT_FALSE(parse_decimal("9223372036854775808", 0, no_limit));
  EXPECT_FALSE(parse_decimal("1e1000", 0, no_limit));
}

TEST(decimal, refuses_what_is_no_json_number) {
  for (const char* text :
       {"",     "-1", "+1", "01", ".5",   "5.",  "1e",  "1e-",          "1e--6", "1e+-6",
        "1e 6", "1 ", " 1", "1x", "0x10", "nan", "inf", "1e9999999999", "1,5",   "\"1\""}) {
    EXPECT_FALSE(parse_decimal(text, 12, no_limit)) << text;
  }
  EXPECT_FALSE(parse_decimal("0." + std::string(100, '1'), 12, no_limit));
}

}  // namespace
}  // namespace baton::relay
