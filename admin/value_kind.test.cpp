#include "admin/value_kind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::admin {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// What reading `value` gives, shown again; or the error's text.
template <class V>
std::string outcome(const value_kind<V>& kind, const json& value) {
  const auto got = kind.read(value, "x");
  if (got) return kind.show(*got).dump();
  EXPECT_EQ(got.error().code, error_code::invalid_argument);
  EXPECT_EQ(field_of(got.error()).substr(0, 1), "x");
  return got.error().text;
}

TEST(value_kind, texts_are_counted_in_characters) {
  const auto kind = text(1, 3);
  EXPECT_EQ(outcome(kind, "äöü"), "\"äöü\"");
  EXPECT_EQ(outcome(kind, "a\nb"), R"("a\nb")");
  for (const auto& wrong : {json(""), json("abcd"), json(1), json(nullptr), json("a\x01"),
                            json(std::string("\0", 1)), json("\xff")}) {
    EXPECT_EQ(outcome(kind, wrong), "x: must be a text of 1 to 3 characters");
  }
  EXPECT_EQ(json(kind.schema), json({{"type", "string"}, {"minLength", 1}, {"maxLength", 3}}));
}

TEST(value_kind, lines_lose_their_outer_spaces_and_have_no_control_characters) {
  EXPECT_EQ(outcome(line(1, 3), " abc "), "\"abc\"");
  EXPECT_EQ(outcome(line(1, 3), "   "), "x: must be a text of 1 to 3 characters on one line");
  EXPECT_EQ(outcome(line(0, 3), "a\nb"), "x: must be a text of at most 3 characters on one line");
}

TEST(value_kind, whole_numbers_have_no_fraction_and_do_not_wrap) {
  const auto kind = whole_number<std::uint32_t>(0, 4'000'000'000);
  EXPECT_EQ(outcome(kind, 0), "0");
  EXPECT_EQ(outcome(kind, 4'000'000'000), "4000000000");
  for (const auto* wrong : {"-1", "4000000001", "18446744073709551615", "1.0", "1e3", "\"1\"",
                            "true", "null", "-9223372036854775808"}) {
    EXPECT_EQ(outcome(kind, json::parse(wrong)), "x: must be a whole number from 0 to 4000000000")
        << wrong;
  }
  EXPECT_EQ(outcome(whole_number(-5, 5), -5), "-5");
  EXPECT_THAT(outcome(whole_number(-5, 5), json::parse("18446744073709551615")),
              HasSubstr("from -5 to 5"));
}

TEST(value_kind, dollars_are_exact) {
  const auto kind = usd(1'000'000);
  const auto nanousd = [&](const char* number) { return kind.read(json::parse(number), "x"); };
  EXPECT_EQ(nanousd("0.1").value(), 100'000'000u);
  EXPECT_EQ(nanousd("1e-9").value(), 1u);
  EXPECT_EQ(nanousd("123456.123456789").value(), 123'456'123'456'789u);
  EXPECT_EQ(nanousd("1000000").value(), 1'000'000'000'000'000u);
  EXPECT_EQ(nanousd("2.5e1").value(), 25'000'000'000u);
  EXPECT_EQ(outcome(kind, json::parse("123456.123456789")), "123456.123456789");
  for (const auto* wrong : {"-0.5", "1e-10", "1000000.000001", "1e308", "\"1\"", "null"}) {
    EXPECT_EQ(outcome(kind, json::parse(wrong)),
              "x: must be a number from 0 to 1000000 with up to 9 decimals")
        << wrong;
  }
}

TEST(value_kind, choices_and_booleans_take_nothing_else) {
  EXPECT_EQ(outcome(one_of({"a", "b"}), "b"), "\"b\"");
  EXPECT_EQ(outcome(one_of({"a", "b"}), "c"), "x: must be one of: a, b");
  EXPECT_EQ(outcome(one_of({"a"}), 1), "x: must be one of: a");
  EXPECT_EQ(outcome(boolean(), true), "true");
  EXPECT_EQ(outcome(boolean(), "true"), "x: must be true or false");
  EXPECT_EQ(outcome(boolean(), 1), "x: must be true or false");
}

TEST(value_kind, times_are_read_with_offset_and_shown_in_utc) {
  const auto kind = or_null(point_in_time());
  EXPECT_EQ(outcome(kind, "2026-01-31T08:00:00+08:00"), "\"2026-01-31T00:00:00.000Z\"");
  EXPECT_EQ(outcome(kind, nullptr), "null");
  for (const auto& wrong : {json("2026-02-30"), json("soon"), json(1), json("")}) {
    EXPECT_THAT(outcome(kind, wrong), HasSubstr("x: must be a time"));
  }
  EXPECT_EQ(kind.schema.at("type"), json({"string", "null"}));
}

TEST(value_kind, a_list_tells_which_entry_is_wrong) {
  const auto kind = list_of(line(1, 2), 2);
  EXPECT_EQ(outcome(kind, {"a", "b"}), R"(["a","b"])");
  EXPECT_EQ(outcome(kind, json::array()), "[]");
  EXPECT_THAT(outcome(kind, {"a", 1}), HasSubstr("x[1]: must be a text"));
  EXPECT_EQ(outcome(kind, {"a", "b", "c"}), "x: must be a list of at most 2 entries");
  EXPECT_EQ(outcome(kind, "a"), "x: must be a list of at most 2 entries");
}

TEST(value_kind, a_map_tells_which_member_is_wrong) {
  const auto kind = map_of(one_of({"a", "b"}), whole_number(0, 9), 2);
  EXPECT_EQ(outcome(kind, {{"a", 1}, {"b", 2}}), R"({"a":1,"b":2})");
  EXPECT_EQ(outcome(kind, {{"c", 1}}), "x.c: must be one of: a, b");
  EXPECT_THAT(outcome(kind, {{"a", 10}}), HasSubstr("x.a: must be a whole number"));
  EXPECT_THAT(outcome(kind, json::array()), HasSubstr("x: must be an object"));
}

}  // namespace
}  // namespace baton::admin
