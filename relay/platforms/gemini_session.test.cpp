#include "relay/platforms/gemini_session.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

const std::string first = R"({"role":"user","parts":[{"text":"a ] } , \" b"}]})";

session_facts gemini(const std::string& contents, const std::string& more = "",
                     std::string_view scope = "key-1") {
  return request_sample("POST", "/v1beta/models/m:generateContent",
                        R"({"contents":)" + contents + more + "}")
      .session(scope);
}

session_facts code_assist(const std::string& id, const std::string& contents = "[1]",
                          std::string_view scope = "key-1") {
  return request_sample(
             "POST", "/v1internal:generateContent",
             R"({"model":"m","request":{"session_id":)" + id + R"(,"contents":)" + contents + "}}")
      .session(scope);
}

TEST(gemini_session, is_named_by_code_assist) {
  const auto named = code_assist("\"s-1\"");
  EXPECT_TRUE(named.key);
  EXPECT_TRUE(named.named);
  EXPECT_FALSE(named.bound);
  EXPECT_EQ(named.key, code_assist("\"s-1\"", "[2,3]").key);
  EXPECT_NE(named.key, code_assist("\"s-2\"").key);
  EXPECT_NE(named.key, code_assist("\"s-1\"", "[1]", "key-2").key);
}

TEST(gemini_session, is_made_of_the_content_where_the_name_is_none) {
  const auto unnamed = gemini("[1]");
  for (const std::string& id : {std::string("null"), std::string("7"), std::string("\"\""),
                                std::string("[\"s\"]"), '"' + std::string(257, 'x') + '"'}) {
    const auto session = code_assist(id);
    EXPECT_FALSE(session.named) << id;
    EXPECT_EQ(session.key, unnamed.key) << id;
  }
}

TEST(gemini_session, stays_the_same_from_turn_to_turn) {
  const auto turn = gemini("[" + first + "]");
  EXPECT_TRUE(turn.key);
  EXPECT_FALSE(turn.named);
  const auto later = gemini("[ " + first + " ,\n{\"role\":\"model\"},{\"role\":\"user\"}]");
  EXPECT_EQ(later.key, turn.key);
  EXPECT_EQ(later.branch, turn.branch);
  EXPECT_EQ(gemini(first).key, turn.key) << "without the list around it";
}

TEST(gemini_session, tells_conversations_apart) {
  const auto session = gemini("[" + first + "]");
  EXPECT_NE(session.key, gemini(R"([{"role":"user"}])").key);
  EXPECT_NE(session.key, gemini("[" + first + "]", R"(,"systemInstruction":{"parts":[]})").key);
  EXPECT_NE(session.key, gemini("[" + first + "]", "", "key-2").key);
  EXPECT_NE(gemini("[" + first + "]", R"(,"systemInstruction":{"a":1})").key,
            gemini("[" + first + "]", R"(,"system_instruction":{"a":2})").key);
}

TEST(gemini_session, tells_the_conversations_of_a_named_session_apart) {
  EXPECT_NE(code_assist("\"s\"", "[1,2]").branch, 0u);
  EXPECT_EQ(code_assist("\"s\"", "[1]").branch, code_assist("\"s\"", "[1,2]").branch);
  EXPECT_NE(code_assist("\"s\"", "[1]").branch, code_assist("\"s\"", "[2]").branch);
}

TEST(gemini_session, looks_at_the_first_64_kb_only) {
  const auto content_of = [](std::size_t bytes, const std::string& end) {
    return R"([{"parts":[{"text":")" + std::string(bytes, 'x') + end + "\"}]}]";
  };
  EXPECT_EQ(gemini(content_of(70'000, "a")).key, gemini(content_of(70'000, "b")).key);
  EXPECT_NE(gemini(content_of(60'000, "a")).key, gemini(content_of(60'000, "b")).key);
  const std::string system =
      R"(,"systemInstruction":{"parts":[{"text":")" + std::string(70'000, 's') + "\"}]}";
  EXPECT_EQ(gemini("[1]", system).key, gemini("[2]", system).key);
}

TEST(gemini_session, is_none_without_contents) {
  const auto none = request_sample("POST", "/v1internal:loadCodeAssist", "{}").session();
  EXPECT_FALSE(none.key);
  EXPECT_EQ(none.branch, 0u);
  EXPECT_FALSE(gemini_session({}, "key-1").key);
  request_facts facts;
  for (const std::string_view contents : {"[]", "[", "7", "]", ""}) {
    facts.messages = contents;
    EXPECT_FALSE(gemini_session(facts, "key-1").key) << contents;
  }
}

}  // namespace
}  // namespace baton::relay
