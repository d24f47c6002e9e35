#include "relay/day_text.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(day_text, a_day_is_read_as_it_is_written) {
  for (const auto* text : {"2026-01-31", "2028-02-29", "1970-01-01", "9999-12-31"}) {
    const auto day = parse_day(text);
    ASSERT_TRUE(day) << text;
    EXPECT_EQ(spell_day(*day), text);
  }
  EXPECT_EQ(parse_day("1970-01-02")->time_since_epoch().count(), 1);
}

TEST(day_text, what_is_no_day_is_none) {
  for (const auto* text : {"", "2026-1-31", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
                           "2026/01/31", "2026-01-31T00:00", "+026-01-31", "2026--1-31", "today"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

}  // namespace
}  // namespace baton::relay
