#include "relay/platforms/json_parser.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/padded_text.test.hpp"

namespace baton::relay {
namespace {

// What the padding holds must not matter.
bool is_object(std::string_view text) {
  const bool found = is_json_object(padded_text(text).view());
  for (const char filler : {'}', '"', ' ', 'x'}) {
    EXPECT_EQ(is_json_object(padded_text(text, filler).view()), found) << text;
  }
  return found;
}

std::string object_of(std::size_t bytes) {
  const std::string begin = R"({"x":")";
  return begin + std::string(bytes - begin.size() - 2, 'x') + R"("})";
}

TEST(is_json_object, knows_an_object) {
  for (const std::string_view text :
       {"{}", " {} ", "\t\r\n{}\n", R"({"a":1})", R"({"a":{"b":[1,2.5e3,null,true,"\u00e9\n"]}})",
        R"({"a":"模"})", R"({"a":1,"a":2})"}) {
    EXPECT_TRUE(is_object(text)) << text;
  }
}

TEST(is_json_object, refuses_whatever_is_none) {
  for (const std::string_view text :
       {"", " ", "[]", "[{}]", "null", "1", "\"{}\"", "true", "x", "<html>", "[DONE]"}) {
    EXPECT_FALSE(is_object(text)) << text;
  }
}

TEST(is_json_object, checks_all_of_it) {
  for (const std::string_view text :
       {"{", "}", "{}}", "{}{}", "{} x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1",
        "{\"a\":\"", "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":nul}", "{\"a\":[1}",
        "{\"a\":\"\\x\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}"}) {
    EXPECT_FALSE(is_object(text)) << text;
  }
  EXPECT_FALSE(is_object(std::string_view("{\"a\":\"\0", 7)));
}

TEST(is_json_object, knows_what_the_grammar_allows_and_few_can_read) {
  for (const std::string_view text :
       {R"({"a":"\ud83d"})", R"({"a":"\uDE00 behind"})", R"({"a":"\\ud83d\ud83d"})",
        R"({"a":18446744073709551616})", R"({"a":-99999999999999999999,"b":"\udfff"})"}) {
    EXPECT_TRUE(is_object(text)) << text;
  }
  for (const std::string_view text :
       {R"({"a":"\ud8"})", R"({"a":"\ud83"})", R"({"a":"\ud83d})", R"({"a":"\uDE0x"})",
        R"({"a":"\ud83d","b":01})", R"({"a":99999999999999999999x})"}) {
    EXPECT_FALSE(is_object(text)) << text;
  }
}

TEST(is_json_object, refuses_every_part_of_one) {
  const std::string text = R"({"type":"delta","x":{"y":[1,"}",{"z":null}]}})";
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
    EXPECT_FALSE(is_object(std::string_view(text).substr(0, bytes))) << bytes;
  }
  EXPECT_TRUE(is_object(text));
}

TEST(is_json_object, looks_at_the_brackets_alone_of_a_large_one) {
  constexpr std::size_t checked_bytes_max = 64 * 1024;
  for (const std::size_t bytes : {checked_bytes_max - 1, checked_bytes_max}) {
    std::string text = object_of(bytes);
    ASSERT_EQ(text.size(), bytes);
    EXPECT_TRUE(is_object(text));
    text[bytes / 2] = '"';
    EXPECT_FALSE(is_object(text));
  }
  std::string large = object_of(checked_bytes_max + 1);
  EXPECT_TRUE(is_object(large));
  EXPECT_TRUE(is_object(' ' + large + "\n\n"));
  large[large.size() / 2] = '"';
  EXPECT_TRUE(is_object(large)) << "not checked";
  large.pop_back();
  EXPECT_FALSE(is_object(large + ' '));
  EXPECT_FALSE(is_object('[' + large + ']'));
}

TEST(is_json_object, may_be_asked_in_any_order_of_sizes) {
  for (const std::size_t bytes : {10u, 60'000u, 10u, 1'000'000u, 100u, 65'536u, 10u}) {
    EXPECT_TRUE(is_object(object_of(bytes))) << bytes;
  }
}

// The relay parses an event while it checks others; each has its own parser.
TEST(is_json_object, does_not_disturb_a_document_that_is_being_read) {
  const padded_text text(R"({"a":1,"b":2})");
  json_parser parser(text.view().size());
  simdjson::ondemand::document document;
  ASSERT_EQ(parser.parse(text.view(), document), simdjson::SUCCESS);
  std::int64_t a = 0, b = 0;
  ASSERT_EQ(document["a"].get(a), simdjson::SUCCESS);
  EXPECT_TRUE(is_object(R"({"other":[true]})"));
  ASSERT_EQ(document["b"].get(b), simdjson::SUCCESS);
  EXPECT_EQ(a + b, 3);
}

}  // namespace
}  // namespace baton::relay
