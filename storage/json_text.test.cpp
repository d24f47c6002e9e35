#include "storage/json_text.hpp"

#include <gtest/gtest.h>

namespace baton::storage {
namespace {

TEST(json_text, gives_lists_and_maps_back) {
  const text_list list{"", "a \"quoted\" one", "\n", "\xE2\x82\xAC"};
  EXPECT_EQ(list_from_json(to_json(list).value()).value(), list);
  EXPECT_EQ(to_json(text_list{}).value(), "[]");
  for (const auto& plain : {text_list{}, {""}, {"", ""}, {"a"}, {"a b", ",", "[]", "c"}}) {
    EXPECT_EQ(list_from_json(to_json(plain).value()).value(), plain);
  }
  EXPECT_EQ(list_from_json(" [\"a\" , \"b\"]").value(), (text_list{"a", "b"}));
  const text_map map{{"from", "to"}, {"", "\\"}};
  EXPECT_EQ(map_from_json(to_json(map).value()).value(), map);
  EXPECT_EQ(to_json(text_map{}).value(), "{}");
  const number_map numbers{{"from", -1}, {"", 9'000'000'000'000'000'000}};
  EXPECT_EQ(numbers_from_json(to_json(numbers).value()).value(), numbers);
  EXPECT_EQ(to_json(number_map{{"connect", 5000}}).value(), "{\"connect\":5000}");
}

TEST(json_text, refuses_what_is_not_utf8) {
  EXPECT_EQ(to_json(text_list{"\xff"}).error().code, error_code::invalid_argument);
  EXPECT_EQ(to_json(text_map{{"\xc3", ""}}).error().code, error_code::invalid_argument);
  EXPECT_EQ(to_json(number_map{{"\xc3", 1}}).error().code, error_code::invalid_argument);
}

TEST(json_text, a_filter_has_neither_a_nul_nor_broken_utf8) {
  EXPECT_EQ(filter_json({"a", ""}).value(), "[\"a\",\"\"]");
  EXPECT_EQ(filter_json({"\xff"}).error().code, error_code::invalid_argument);
  EXPECT_EQ(filter_json({"a", std::string("b\0", 2)}).error().code, error_code::invalid_argument);
}

TEST(json_text, tells_an_object_from_anything_else) {
  for (const char* text : {"{}", " {\"a\": [1, null]} "}) EXPECT_TRUE(is_json_object(text)) << text;
  for (const char* text : {"", "[]", "{", "{}{}", "null", "{\"a\": \"\xff\"}"}) {
    EXPECT_FALSE(is_json_object(text)) << text;
  }
}

TEST(json_text, calls_anything_else_damaged) {
  for (const char* text : {"", "x", "[", "[1]", "[\"a\", null]", "{}", "null", "\"a\"", "[\"]",
                           "[\"a\",\"]", "[\"a\"\"b\"]", "[\"a\", 1, \"b\"]", "[\"a\"],[\"b\"]",
                           "[\"\n\"]", "[\"\xff\"]", "[\"\\\"]"}) {
    EXPECT_EQ(list_from_json(text).error().code, error_code::storage_failed) << text;
  }
  for (const char* text : {"", "x", "{", "{\"a\": 1}", "{\"a\": {}}", "[]", "null"}) {
    EXPECT_EQ(map_from_json(text).error().code, error_code::storage_failed) << text;
  }
  for (const char* text : {"", "x", "{", "{\"a\": \"1\"}", "{\"a\": 1.5}", "[]", "null"}) {
    EXPECT_EQ(numbers_from_json(text).error().code, error_code::storage_failed) << text;
  }
}

}  // namespace
}  // namespace baton::storage
