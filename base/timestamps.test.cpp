#include "base/timestamps.hpp"

#include <gtest/gtest.h>

namespace baton {
namespace {

std::string normal(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? spell_timestamp(*time) : "refused";
}

TEST(timestamps, reads_what_iso_8601_allows_people_to_write) {
  EXPECT_EQ(normal("2026-01-31"), "2026-01-31T00:00:00.000Z");
  EXPECT_EQ(normal(" 2026-01-31T23:59 "), "2026-01-31T23:59:00.000Z");
  EXPECT_EQ(normal("2026-01-31 23:59:58"), "2026-01-31T23:59:58.000Z");
  EXPECT_EQ(normal("2026-01-31T23:59:58.5Z"), "2026-01-31T23:59:58.500Z");
  EXPECT_EQ(normal("2026-01-31T23:59:58.123456z"), "2026-01-31T23:59:58.123Z");
  EXPECT_EQ(normal("2026-01-01T02:00:00+08:00"), "2025-12-31T18:00:00.000Z");
  EXPECT_EQ(normal("2026-01-01T22:00-0300"), "2026-01-02T01:00:00.000Z");
  EXPECT_EQ(normal("2028-02-29"), "2028-02-29T00:00:00.000Z");
}

TEST(timestamps, refuses_everything_else) {
  for (const auto* text : {"", "tomorrow", "2026", "2026-1-1", "2026-02-30", "2026-13-01",
                           "2026-01-31T", "2026-01-31T24:00", "2026-01-31T23", "2026-01-31T23:60",
                           "2026-01-31T23:59:58.", "2026-01-31T23:59X", "2026-01-31T23:59+8",
                           "2026-01-31T23:59:58Zx", "-026-01-01", "2026-01-31T+1:00"}) {
    EXPECT_EQ(normal(text), "refused") << text;
  }
}

TEST(moments, are_told_from_now) {
  const auto now = parse_timestamp("2026-03-31T17:45:10").value();
  const auto moment = [&](std::string_view text) {
    const auto found = parse_moment(text, now);
    return found ? spell_timestamp(*found) : "none";
  };
  EXPECT_EQ(moment("now"), "2026-03-31T17:45:10.000Z");
  EXPECT_EQ(moment(" Today "), "2026-03-31T00:00:00.000Z");
  EXPECT_EQ(moment("yesterday"), "2026-03-30T00:00:00.000Z");
  EXPECT_EQ(moment("this-month"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(moment("last-month"), "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(moment("7d"), "2026-03-24T00:00:00.000Z");
  EXPECT_EQ(moment("12h"), "2026-03-31T05:00:00.000Z");
  EXPECT_EQ(moment("2026-03-01T18:00"), "2026-03-01T18:00:00.000Z");
}

TEST(moments, that_are_none_are_refused) {
  const auto now = parse_timestamp("2026-03-31").value();
  for (const auto* text : {"", "d", "-1d", "+1d", "1.5d", "7", "7w", "999999999d", "1000000d",
                           "99999999999999999999h", "tomorrow", "2026-02-30", "7 d", "0x7d"}) {
    EXPECT_FALSE(parse_moment(text, now)) << text;
  }
}

}  // namespace
}  // namespace baton
