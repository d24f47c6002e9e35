#include "relay/platforms/openai_session.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

session_facts of_responses(std::string_view fields, const std::string& headers = "",
                           std::string_view scope = "key-1") {
  const std::string body = R"({"model":"m")" + std::string(fields) + "}";
  return request_sample("POST", "/v1/responses", body, headers, '"').session(scope);
}
session_facts of_chat(std::string_view messages, std::string_view fields = "") {
  const std::string body =
      R"({"model":"m","messages":)" + std::string(messages) + std::string(fields) + "}";
  return request_sample("POST", "/v1/chat/completions", body, "", '"').session();
}

TEST(openai_session, of_a_kept_answer_is_its_account_s) {
  for (const auto& [method, target] : {std::pair("GET", "/v1/responses/resp_1?include=x"),
                                       std::pair("DELETE", "/openai/responses/resp_1"),
                                       std::pair("POST", "/openai/v1/responses/resp_1/cancel"),
                                       std::pair("GET", "/azure/openai/responses/resp%5F1")}) {
    const auto session = request_sample(method, target).session();
    EXPECT_EQ(session.key, stored_answer_key("key-1", "resp_1")) << target;
    EXPECT_TRUE(session.bound && session.named) << target;
  }
}

TEST(openai_session, goes_on_from_the_previous_answer_before_all_else) {
  const auto session =
      of_responses(R"(,"previous_response_id":"resp_1","prompt_cache_key":"k","input":"hi")",
                   "session-id: s\r\n");
  EXPECT_EQ(session.key, stored_answer_key("key-1", "resp_1"));
  EXPECT_TRUE(session.bound && session.named);
  for (const std::string_view odd :
       {"null", "\"\"", "7", "[\"resp_1\"]", "{}", "\"resp_1\",\"previous_response_id\":\"x\""}) {
    EXPECT_FALSE(of_responses(",\"previous_response_id\":" + std::string(odd)).bound) << odd;
  }
  EXPECT_FALSE(of_responses(",\"previous_response_id\":\"" + std::string(257, 'x') + "\"").bound);
}

TEST(openai_session, is_what_a_header_says) {
  for (const std::string name : {"session-id", "Session_ID", "x-session-id", "conversation_id"}) {
    const auto session = of_responses(R"(,"prompt_cache_key":"k")", name + ": s\r\n");
    EXPECT_EQ(session.key, make_session_key("key-1", "session:", "s")) << name;
    EXPECT_TRUE(session.named && !session.bound) << name;
  }
  EXPECT_EQ(of_responses(R"(,"prompt_cache_key":"k")",
                         "session-id: " + std::string(257, 's') + "\r\nx-session-id: t\r\n")
                .key,
            make_session_key("key-1", "session:", "t"));
}

TEST(openai_session, is_what_the_prompt_cache_key_says) {
  const auto session = of_responses(R"(,"prompt_cache_key" : "k" ,"input":"hi")");
  EXPECT_EQ(session.key, make_session_key("key-1", "prompt_cache_key:", "k"));
  EXPECT_TRUE(session.named);
  EXPECT_EQ(of_chat("[1]", R"(,"prompt_cache_key":"k")").key, session.key);
  EXPECT_FALSE(of_chat("[1]", R"(,"prompt_cache_key":null)").named);
}

TEST(openai_session, without_a_name_is_how_the_conversation_begins) {
  const std::string user = R"({"role":"user","content":"hi"})";
  const std::string system = R"({"content":"be brief","role":"system"})";
  const std::string more = R"(,{"role":"assistant","content":"a"},{"role":"user","content":"b"})";
  const auto first = of_chat("[" + user + "]");
  EXPECT_TRUE(first.key);
  EXPECT_FALSE(first.named);
  EXPECT_EQ(of_chat("[" + user + more + "]").key, first.key);
  EXPECT_NE(of_chat(R"([{"role":"user","content":"ho"}])").key, first.key);

  const auto with_system = of_chat("[" + system + "," + user + "]");
  EXPECT_EQ(of_chat("[" + system + "," + user + more + "]").key, with_system.key);
  EXPECT_NE(of_chat("[" + system + R"(,{"role":"user","content":"ho"}])").key, with_system.key);
  EXPECT_EQ(of_responses(",\"input\":[" + system + "," + user + more + "]").key, with_system.key);
}

TEST(openai_session, of_responses_begins_with_the_instructions) {
  const auto session = of_responses(R"(,"instructions":"i","input":"hi")");
  EXPECT_TRUE(session.key);
  EXPECT_EQ(of_responses(R"(,"input":"hi","instructions" : "i")").key, session.key);
  EXPECT_NE(of_responses(R"(,"instructions":"j","input":"hi")").key, session.key);
  EXPECT_NE(of_responses(R"(,"instructions":"i","input":"ho")").key, session.key);
  EXPECT_NE(of_responses(R"(,"input":"hi")").key, session.key);
  EXPECT_NE(of_responses(R"(,"instructions":"i","input":"hi")", "", "key-2").key, session.key);
}

TEST(openai_session, is_none_without_a_beginning) {
  for (const std::string_view fields :
       {"", R"(,"input":[])", R"(,"input":{})", R"(,"input":null)", R"(,"instructions":null)",
        R"(,"instructions":["a"])", R"(,"input":"a","input":"b")"}) {
    EXPECT_FALSE(of_responses(fields).key) << fields;
  }
  EXPECT_FALSE(
      request_sample("POST", "/v1/embeddings", R"({"model":"m","input":"hi"})").session().key);
}

TEST(openai_session, looks_at_the_beginning_of_long_texts_only) {
  const std::string image(100'000, 'A'), deep(100'000, '[');
  const auto message = [&](std::string_view end) {
    return R"([{"role":"user","content":")" + image + std::string(end) + "\"}]";
  };
  EXPECT_EQ(of_chat(message("a")).key, of_chat(message("b")).key);
  EXPECT_TRUE(of_chat("[" + deep + std::string(100'000, ']') + "]").key);
  const std::string long_instructions = ",\"instructions\":\"" + image + "\",\"input\":";
  EXPECT_NE(of_responses(long_instructions + "\"a\"").key,
            of_responses(long_instructions + "\"b\"").key);
}

}  // namespace
}  // namespace baton::relay
