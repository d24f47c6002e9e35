#include "admin/json_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::admin {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

std::string refusal_of(std::string_view body) {
  const auto parsed = parse_object(body);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code, error_code::malformed_request);
  return parsed.error().text;
}

TEST(json_body, is_an_object) {
  const auto parsed = parse_object(R"({"name": "laptop", "tags": ["a"], "x": {"name": null}})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at("name"), "laptop");
  EXPECT_EQ(parsed->size(), 3u);
  ASSERT_TRUE(parse_object("{}"));
}

TEST(json_body, that_is_no_object_or_no_json_is_refused) {
  for (const auto body : {"", " ", "[]", "1", "null", "{", "{\"a\":1,}", "{\"a\":1} x", "{'a':1}",
                          "{\"a\":NaN}", "{\"a\":1e999}", "{\"a\":/**/1}"}) {
    EXPECT_EQ(refusal_of(body), "the body must be a JSON object") << body;
  }
}

TEST(json_body, with_a_member_twice_is_refused_by_its_name) {
  EXPECT_EQ(refusal_of(R"({"a": 1, "b": 2, "a": 1})"), "the body has 'a' twice");
  EXPECT_EQ(refusal_of(R"({"x": [{"a": 1, "\u0061": 2}]})"), "the body has 'a' twice");
  EXPECT_EQ(refusal_of(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]})"), "accepted");
}

TEST(json_body, that_is_not_utf8_is_refused) {
  EXPECT_EQ(refusal_of("{\"a\": \"\xff\"}"), "the body must be a JSON object");
  EXPECT_EQ(refusal_of("{\"a\": \"\\ud800\"}"), "the body must be a JSON object");
}

TEST(json_body, with_a_strange_name_is_refused_without_repeating_it) {
  for (const auto* name : {R"(a\u0000)", R"(a\n)", R"(a\u007f)"}) {
    EXPECT_THAT(refusal_of("{\""s + name + "\": 1}"), HasSubstr("control characters")) << name;
  }
  EXPECT_EQ(refusal_of(R"({"": 1})"), "a name in the body is empty");
  const std::string longest(256, 'n');
  EXPECT_EQ(refusal_of("{\"" + longest + "\": 1}"), "accepted");
  const auto refusal = refusal_of("{\"" + longest + "n\": 1}");
  EXPECT_THAT(refusal, HasSubstr("256 bytes"));
  EXPECT_THAT(refusal, Not(HasSubstr("nnn")));
}

TEST(json_body, takes_time_in_proportion_to_its_size) {
  std::string body = "{\"x\": [";
  while (body.size() < 1'000'000) body += "{\"a\":1},";
  body += "{}]}";
  EXPECT_EQ(refusal_of(body), "accepted");
}

TEST(json_body, is_bounded_in_depth_and_size) {
  const auto deep = [](std::size_t levels) {
    return "{\"a\": " + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(refusal_of(deep(16)), "accepted");
  EXPECT_THAT(refusal_of(deep(17)), HasSubstr("16 levels"));
  EXPECT_THAT(refusal_of("{\"a\": " + std::string(1'000'000, '[')), HasSubstr("16 levels"));
  EXPECT_THAT(refusal_of("{\"a\": \"" + std::string(1024 * 1024, 'x') + "\"}"), HasSubstr("1 MiB"));
}

}  // namespace
}  // namespace baton::admin
