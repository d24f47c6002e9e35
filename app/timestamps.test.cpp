#include "app/timestamps.hpp"

#include <gtest/gtest.h>

namespace baton::app {
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

}  // namespace
}  // namespace baton::app
