#include "relay/platforms/anthropic_session.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "relay/padded_text.test.hpp"
#include "relay/platforms/anthropic_request.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

constexpr std::string_view id = "7c1b7b9e-0d53-4e3f-9a43-4d6f0c6d8a11";

session_facts session_of(std::string_view body, std::string_view named = {},
                         std::string_view scope = "key-1") {
  const padded_text padded(body, '"');
  const auto facts = inspect_anthropic_request(padded.view());
  EXPECT_TRUE(facts) << body;
  return facts ? anthropic_session(*facts, named, scope) : session_facts{};
}

// A body with these fields, and a message that makes no session.
std::string with(std::string_view fields) {
  return R"({"model":"m","messages":[{"role":"user","content":[]}],)" + std::string(fields) + "}";
}
std::string with_messages(std::string_view messages, std::string_view fields = "") {
  return R"({"model":"m","messages":)" + std::string(messages) + std::string(fields) + "}";
}
std::string with_user_id(std::string_view user_id) {
  return with(R"("metadata":{"user_id":)" + json(user_id).dump() + "}");
}

session_key key_for(std::string_view identifier) {
  const auto digest = crypto::sha256({"key-1", std::string_view("\0", 1), identifier});
  session_key key;
  std::memcpy(&key.high, digest.data(), 8);
  std::memcpy(&key.low, digest.data() + 8, 8);
  return key;
}
session_key key_for_session(std::string_view name) {
  return key_for("session:" + std::string(name));
}
session_key key_for_content(std::string_view text) {
  return key_for("content:" + std::string(text));
}

TEST(anthropic_session, is_what_the_header_says) {
  const auto session = session_of(with_user_id("user-1"), id);
  EXPECT_TRUE(session.named);
  EXPECT_EQ(session.key, key_for_session(id));
}

TEST(anthropic_session, is_read_out_of_both_forms_of_the_users_id) {
  const std::string hash(64, 'a'), name(id);
  for (const std::string& user_id :
       {"user_" + hash + "_account_" + name + "_session_" + name,
        "user_" + hash + "_account__session_" + name,
        json{{"device_id", hash}, {"account_uuid", ""}, {"session_id", name}}.dump(),
        R"({ "session_id" : "\u0037)" + name.substr(1) + "\"}"}) {
    const auto session = session_of(with_user_id(user_id));
    EXPECT_TRUE(session.named) << user_id;
    EXPECT_EQ(session.key, key_for_session(id)) << user_id;
  }
}

TEST(anthropic_session, is_none_where_the_users_id_names_a_user_only) {
  const std::string hash(64, 'a');
  const std::vector<std::string> user_ids{
      "",
      "user-1",
      "user_" + hash,
      "user_" + hash + "_account_",
      "user_" + hash + "_account__session_",
      "user_" + hash + "0_account__session_1",
      "user_" + std::string(64, 'g') + "_account__session_1",
      "user_a_account__session_1",
      "user_" + hash + "_account__session_" + std::string(257, '1'),
      "{",
      "{}",
      R"({"session_id":1})",
      R"({"session_id":""})",
      R"({"session_id":{"session_id":"1"}})",
      R"(["session_id"])",
      R"({"session_id":"\ud800"})",
      std::string(5000, '{')};
  for (const std::string& user_id : user_ids) {
    EXPECT_FALSE(session_of(with_user_id(user_id)).key) << user_id;
  }
}

TEST(anthropic_session, is_none_where_metadata_is_odd) {
  for (const std::string_view fields :
       {R"("metadata":null)", R"("metadata":[])", R"("metadata":"x")", R"("metadata":{})",
        R"("metadata":{"user_id":1})", R"("metadata":{"user_id":{"session_id":"1"}})",
        R"("prompt_cache_key":null)", R"("prompt_cache_key":"")", R"("prompt_cache_key":["a"])",
        R"("prompt_cache_key":"a","prompt_cache_key":"a")",
        R"("prompt_cache_key":"a","x":1,"prompt_cache_key":"a","prompt_cache_key":"a")",
        R"("Prompt_cache_key":"a")", R"("prompt\u005fcache_key":"a")", R"("system":{})",
        R"("system":null)", R"("system":[null,1,"a",[],{"text":1,"cache_control":1}])"}) {
    EXPECT_FALSE(session_of(with(fields)).key) << fields;
  }
  const std::string long_key = R"("prompt_cache_key":")" + std::string(257, 'a') + '"';
  EXPECT_FALSE(session_of(with(long_key)).key);
}

TEST(anthropic_session, is_what_the_prompt_cache_key_says) {
  const auto session = session_of(with(R"("prompt_cache_key" : "a\"b" , "system":"s")"));
  EXPECT_TRUE(session.named);
  EXPECT_EQ(session.key, key_for(R"(prompt_cache_key:a\"b)"));
}

TEST(anthropic_session, is_named_by_the_header_then_the_user_then_the_cache_key) {
  const std::string all = with(
      R"("prompt_cache_key":"c","metadata":{"user_id":"{\"session_id\":\"u\"}"},"system":"s")");
  EXPECT_EQ(session_of(all, "h").key, key_for_session("h"));
  EXPECT_EQ(session_of(all).key, key_for_session("u"));
  EXPECT_EQ(session_of(all, "u").key, session_of(all).key);
  EXPECT_EQ(session_of(all, std::string(257, 'h')).key, key_for_session("u"));
}

TEST(anthropic_session, is_never_shared_by_two_keys) {
  EXPECT_NE(session_of(with(R"("system":"s")"), "h", "key-1").key,
            session_of(with(R"("system":"s")"), "h", "key-2").key);
  EXPECT_NE(session_of(with(R"("system":"s")"), "", "key-1").key,
            session_of(with(R"("system":"s")"), "", "key-2").key);
}

TEST(anthropic_session, without_a_name_is_what_is_marked_for_the_cache) {
  const std::string system =
      R"(,"system":[{"type":"text","text":"no"},)"
      R"({"type":"text","text":"a\u00e9\n","cache_control":{"type":"ephemeral","ttl":"1h"}},)"
      R"({"cache_control":{"type":"other"},"text":"no"},{"cache_control":null,"text":"no"},)"
      R"({"cache_control":{"type":"ephemeral"},"text":"b","type":"text"}])";
  const std::string unmarked = R"([{"role":"user","content":"hi"}])";
  EXPECT_EQ(session_of(with_messages(unmarked, system)).key, key_for_content("a\u00e9\nb"));
  EXPECT_FALSE(session_of(with_messages(unmarked, system)).named);

  const std::string marked =
      R"([{"role":"user","content":[{"type":"image"},{"type":"tool_result","text":"no"}]},)"
      R"({"role":"user","content":[{"text":"hi ","type":"text"},{"type":"text","text":"you"}]},)"
      R"({"role":"user","content":[{"type":"image","cache_control":{"type":"ephemeral"}}]}])";
  EXPECT_EQ(session_of(with_messages(marked, system)).key, key_for_content("a\u00e9\nbhi you"));
  EXPECT_EQ(session_of(with_messages(marked)).key, key_for_content("hi you"));
}

TEST(anthropic_session, without_marks_is_the_systems_text) {
  EXPECT_EQ(session_of(with_messages(R"([{"content":"hi"}])", R"(,"system":"a\"b")")).key,
            key_for_content("a\"b"));
  EXPECT_EQ(session_of(with_messages(R"([{"content":"hi"}])",
                                     R"(,"system":[{"text":"a"},{"text":"b","type":"text"}])"))
                .key,
            key_for_content("ab"));
}

TEST(anthropic_session, without_a_system_is_the_first_messages_text) {
  EXPECT_EQ(session_of(with_messages(R"([{"role":"user","content":"hi"},{"content":"x"}])")).key,
            key_for_content("hi"));
  EXPECT_EQ(
      session_of(with_messages(R"([{"content":[{"type":"text","text":"hi"}]}])", R"(,"system":"")"))
          .key,
      key_for_content("hi"));
  EXPECT_FALSE(session_of(with_messages(R"([{"content":[]},{"content":"second"}])")).key);
}

TEST(anthropic_session, without_text_is_none) {
  for (const std::string_view messages :
       {"[1]", "[null]", "[[]]", "[{}]", R"([{"content":null}])", R"([{"content":{"text":"x"}}])",
        R"([{"content":[1,null,"x",[{"type":"text","text":"x"}],{"type":1,"text":"x"}]}])",
        R"([{"role":"user","content":[{"type":"text","text":["x"]}]}])",
        R"([{"content":"\ud800"}])", R"([{"content":"x"},{"content":[x]}])"}) {
    EXPECT_FALSE(session_of(with_messages(messages)).key) << messages;
  }
  EXPECT_FALSE(anthropic_session({}, "", "key-1").key);
}

TEST(anthropic_session, survives_deep_nesting) {
  const std::string deep(100'000, '['), ends(100'000, ']');
  for (const std::string& value : {deep + ends, "{\"content\":" + deep + ends + "}",
                                   "{\"content\":[{\"text\":" + deep + ends + "}]}"}) {
    EXPECT_FALSE(session_of(with_messages("[" + value + "]", ",\"system\":" + deep + ends)).key);
  }
}

TEST(anthropic_session, tells_a_side_conversation_from_its_parent) {
  const std::string reminder = R"({"type":"text","text":")" + std::string(20'000, 'r') + "\"}";
  const auto branch_of = [&](std::string_view prompt) {
    return session_of(
               with_messages(R"([{"role":"user","content":[)" + reminder +
                             R"(,{"type":"text","text":")" + std::string(prompt) + R"("}]}])"),
               id)
        .branch;
  };
  EXPECT_NE(branch_of("do this"), 0u);
  EXPECT_EQ(branch_of("do this"), branch_of("do this"));
  EXPECT_NE(branch_of("do this"), branch_of("do that"));
}

TEST(anthropic_session, keeps_its_branch_when_marks_move_and_messages_are_added) {
  const auto first =
      session_of(with_messages(R"([{"role":"user","content":[{"type":"text","text":"say \"hi\"",)"
                               R"("cache_control":{"type":"ephemeral"}}]}])"));
  const auto later = session_of(with_messages(
      R"([ {"role":"system","content":"x"}, {"content" : "say \"hi\"" , "role" : "user"},)"
      R"({"role":"assistant","content":"hi"},{"role":"user","content":"more"}])"));
  EXPECT_NE(first.branch, 0u);
  EXPECT_EQ(first.branch, later.branch);
}

TEST(anthropic_session, has_no_known_branch_without_the_users_words) {
  for (const std::string_view messages :
       {"[1]", "[{}]", R"([{"role":"assistant","content":"x"}])", R"([{"role":"user"}])",
        R"([{"role":"user","content":[]}])", R"([[{"role":"user","content":"x"}]])",
        R"([{"role":["user"],"content":"x"}])",
        R"([{"content":[{"content":"x"}],"role":"user"}])"}) {
    EXPECT_EQ(session_of(with_messages(messages)).branch, 0u) << messages;
  }
}

TEST(anthropic_session, finds_the_branch_in_the_first_64_kb_only) {
  const std::string image = R"({"type":"image","source":{"data":")" + std::string(70'000, 'A');
  const std::string end = R"("}},{"type":"text","text":"y"}]}])";
  const auto branch_of = [&](const std::string& begin) {
    return session_of(with_messages(begin + image + end)).branch;
  };
  EXPECT_EQ(branch_of(R"([{"role":"user","content":[)"), 0u);
  EXPECT_NE(branch_of(R"([{"role":"user","content":[{"type":"text","text":"x"},)"), 0u);
  EXPECT_EQ(branch_of(R"([{"content":[{"type":"text","text":"x"},)"), 0u);
}

}  // namespace
}  // namespace baton::relay
