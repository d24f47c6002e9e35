#include "base/log_format.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace baton::log {
namespace {

const wall_time moment{std::chrono::milliseconds(1'770'000'000'007)};

std::string line_of(format style, std::string_view message, fields details = {}) {
  std::string line;
  append_line(line, style, moment, level::info, message, details);
  return line;
}

std::string escaped(std::string_view text, bool in_quotes = false) {
  std::string line;
  append_text_escaped(line, text, in_quotes);
  return line;
}

TEST(log_format, writes_a_text_line_with_its_fields) {
  EXPECT_EQ(
      line_of(format::text, "listening",
              {{"host", "127.0.0.1"}, {"port", 3000}, {"tls", false}, {"load", 0.5}}),
      "2026-02-02T02:40:00.007Z info  listening host=127.0.0.1 port=3000 tls=false load=0.5\n");
}

TEST(log_format, writes_a_json_line_with_its_fields) {
  EXPECT_EQ(line_of(format::json, "listening", {{"host", "::1"}, {"port", 3000}, {"tls", true}}),
            "{\"ts\":\"2026-02-02T02:40:00.007Z\",\"level\":\"info\",\"msg\":\"listening\","
            "\"host\":\"::1\",\"port\":3000,\"tls\":true}\n");
}

TEST(log_format, quotes_text_values_that_would_be_ambiguous) {
  EXPECT_EQ(line_of(format::text, "m", {{"a", "x y"}, {"b", ""}, {"c", "k=v"}, {"d", "\"\\"}}),
            "2026-02-02T02:40:00.007Z info  m a=\"x y\" b=\"\" c=\"k=v\" d=\"\\\"\\\\\"\n");
}

TEST(log_format, a_line_break_cannot_forge_a_second_line) {
  const auto text = line_of(format::text, "a\nb", {{"x", "1\r\n2"}});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(text.find("a\\nb x=1\\r\\n2"), std::string::npos) << text;
  const auto json = line_of(format::json, "a\nb", {{"x\n", "1\r\n2"}});
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
  EXPECT_EQ(nlohmann::json::parse(json).at("x\n"), "1\r\n2");
}

TEST(log_format, terminal_escapes_are_made_visible) {
  EXPECT_EQ(escaped("\x1b[2J\x7f\xc2\x9b"), "\\x1b[2J\\x7f\\x9b");
  EXPECT_EQ(escaped("tab\there"), "tab\\there");
  EXPECT_EQ(escaped("say \"hi\" \\"), "say \"hi\" \\");
  EXPECT_EQ(escaped("say \"hi\" \\", true), "say \\\"hi\\\" \\\\");
}

TEST(log_format, broken_utf8_becomes_a_replacement_and_good_utf8_stays) {
  std::string json;
  append_json_escaped(json, "h\xc3\xa9 \xf0\x9f\x98\x80 \xff \xc3 \xed\xa0\x80");
  EXPECT_EQ(
      json,
      "h\xc3\xa9 \xf0\x9f\x98\x80 \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(escaped("\xc3"), "\\xc3");
}

TEST(log_format, numbers_that_json_does_not_know_become_null) {
  const auto json = line_of(format::json, "m", {{"x", 1.0 / 0.0}, {"y", std::int64_t{-5}}});
  EXPECT_TRUE(nlohmann::json::parse(json).at("x").is_null());
  EXPECT_EQ(nlohmann::json::parse(json).at("y"), -5);
}

TEST(log_format, random_bytes_always_give_one_line_of_valid_json) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto json = line_of(format::json, bytes, {{"field", bytes}});
    ASSERT_TRUE(nlohmann::json::accept(json)) << json;
    const auto text = line_of(format::text, bytes, {{"field", bytes}});
    ASSERT_EQ(text.find('\n'), text.size() - 1);
  }
}

}  // namespace
}  // namespace baton::log
