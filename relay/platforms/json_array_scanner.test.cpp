#include "relay/platforms/json_array_scanner.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace baton::relay {
namespace {

class recorder : public json_array_scanner::listener {
 public:
  void on_element(std::string_view padded) override { elements.emplace_back(padded); }
  void on_long_element(std::string_view end) override {
    elements.push_back("…" + std::string(end.substr(end.size() - 3)));
  }
  void on_end() override { ++ends; }

  std::vector<std::string> elements;
  int ends = 0;
};

struct outcome {
  std::vector<std::string> elements;
  int ends = 0;
  bool malformed = false;
  std::uint64_t element_end = 0;
  friend bool operator==(const outcome&, const outcome&) = default;
};

template <class... Piece>
outcome scanned(Piece... pieces) {
  recorder told;
  json_array_scanner scanner(told);
  (scanner.feed(pieces), ...);
  return {told.elements, told.ends, scanner.malformed(), scanner.element_end()};
}

outcome scanned_bytewise(std::string_view stream) {
  recorder told;
  json_array_scanner scanner(told);
  for (const char& byte : stream) scanner.feed({&byte, 1});
  return {told.elements, told.ends, scanner.malformed(), scanner.element_end()};
}

const std::string first = R"({"a":"]},{[\"\\","b":[[1],{"c":{}}]})";
const std::string second = R"({ "text" : "模\u005d" })";
const std::string stream = " [" + first + "\n,\r\n" + second + "\t]\n";

TEST(json_array_scanner, finds_the_elements_of_an_array) {
  const auto found = scanned(stream);
  EXPECT_EQ(found.elements, (std::vector{first, second}));
  EXPECT_EQ(found.ends, 1);
  EXPECT_FALSE(found.malformed);
  EXPECT_EQ(found.element_end, stream.size() - 3);
}

TEST(json_array_scanner, finds_the_same_however_an_array_is_cut) {
  const auto whole = scanned(stream);
  const std::string_view view = stream;
  for (std::size_t at = 0; at <= view.size(); ++at) {
    ASSERT_EQ(scanned(view.substr(0, at), view.substr(at)), whole) << at;
    ASSERT_EQ(scanned(view.substr(0, at)), scanned_bytewise(view.substr(0, at))) << at;
  }
}

TEST(json_array_scanner, gives_a_place_where_an_array_can_be_ended) {
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    const auto cut = scanned(std::string_view(stream).substr(0, at));
    ASSERT_FALSE(cut.malformed) << at;
    EXPECT_EQ(cut.elements.empty(), cut.element_end == 0) << at;
    EXPECT_LE(cut.element_end, at);
    if (cut.elements.empty()) continue;
    const auto ended = nlohmann::json::parse(stream.substr(0, cut.element_end) + ",{}]");
    EXPECT_EQ(ended.size(), cut.elements.size() + 1) << at;
  }
}

TEST(json_array_scanner, knows_an_array_without_elements) {
  for (const std::string_view empty : {"[]", " [ ]", "\r\n[\t]\n "}) {
    EXPECT_EQ(scanned(empty), (outcome{{}, 1, false, 0})) << empty;
  }
  EXPECT_EQ(scanned(""), outcome{});
  EXPECT_EQ(scanned("  "), outcome{});
  EXPECT_EQ(scanned("["), outcome{});
}

TEST(json_array_scanner, takes_an_object_in_the_place_of_the_array) {
  EXPECT_EQ(scanned(first), (outcome{{first}, 1, false, 0}));
  EXPECT_EQ(scanned("\n" + first + "\n"), (outcome{{first}, 1, false, 0}));
  EXPECT_EQ(scanned("{\"a\":"), outcome{});
  EXPECT_EQ(scanned("{}x"), (outcome{{"{}"}, 1, true, 0}));
  EXPECT_EQ(scanned("{},{}"), (outcome{{"{}"}, 1, true, 0}));
}

TEST(json_array_scanner, refuses_what_is_no_array_of_objects) {
  for (const std::string_view wrong : {"x",
                                       "]",
                                       "}",
                                       ",",
                                       "\"[{}]\"",
                                       "data: {}\n\n",
                                       "\xEF\xBB\xBF[",
                                       "[x",
                                       "[1",
                                       "[\"",
                                       "[[",
                                       "[,",
                                       "[null",
                                       "[}",
                                       "[{]",
                                       "[{'a':1}",
                                       "[{\"a\" 1}",
                                       "[{\"a\":1,}",
                                       "[{\"a\":\"\x01\"}",
                                       "[{\"a\":\"\xff\"}",
                                       "[{\"a\":tru}"}) {
    EXPECT_EQ(scanned(wrong), (outcome{{}, 0, true, 0})) << wrong;
    EXPECT_EQ(scanned_bytewise(wrong), (outcome{{}, 0, true, 0})) << wrong;
  }
}

TEST(json_array_scanner, tells_how_much_stood_before_a_fault) {
  for (const std::string wrong :
       {"{", "]]", ",,", ",]", "1", "\"", "x", ",x", ",[", ", \"a\"", ",{]", ",{\"a\"}"}) {
    const auto found = scanned("[{}" + wrong);
    if (wrong == "]]") {
      EXPECT_EQ(found, (outcome{{"{}"}, 1, true, 3}));
      continue;
    }
    EXPECT_EQ(found, (outcome{{"{}"}, 0, true, 3})) << wrong;
  }
}

TEST(json_array_scanner, looks_at_nothing_behind_a_fault) {
  const auto found = scanned("[{},{]", ",{\"b\":1}]", "[{}]");
  EXPECT_EQ(found, (outcome{{"{}"}, 0, true, 3}));
}

TEST(json_array_scanner, tells_the_end_of_an_element_that_is_too_long) {
  const std::string text(json_array_scanner::element_bytes_max, 'x');
  const std::string large = "{\"a\":\"]" + text + "\"}";
  const auto found = scanned("[{\"b\":1},", large.substr(0, 1000), large.substr(1000), ",{}", "]");
  EXPECT_EQ(found.elements, (std::vector<std::string>{"{\"b\":1}", "…x\"}", "{}"}));
  EXPECT_FALSE(found.malformed);
  EXPECT_EQ(found.ends, 1);
  EXPECT_EQ(found.element_end, 9 + large.size() + 3);
}

TEST(json_array_scanner, survives_deep_nesting) {
  const auto nested = [](std::size_t depth) {
    return "[{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}]";
  };
  EXPECT_EQ(scanned(nested(100)).elements.size(), 1u);
  EXPECT_TRUE(scanned(nested(20'000)).malformed);
  EXPECT_FALSE(scanned("[{\"a\":" + std::string(1'000'000, '[')).malformed);
}

}  // namespace
}  // namespace baton::relay
