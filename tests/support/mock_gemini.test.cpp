// The mock upstream as Gemini and Code Assist, as a client meets it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/mock_gzip.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/raw_client.hpp"

namespace baton::mock {

namespace {

using nlohmann::json;
using test::raw_answer;

constexpr std::string_view usage_script =
    "mock-input-tokens=10;cache-read-tokens=5;output-tokens=20;reasoning-tokens=7;events=2";
constexpr std::string_view model_path = "/p/v1beta/models/gemini-x";
constexpr std::string_view stream = ":streamGenerateContent?alt=sse";
constexpr std::string_view array_stream = ":streamGenerateContent";

class mock_gemini : public testing::Test {
 protected:
  raw_answer ask(std::string_view action, std::string_view key,
                 std::string_view body = R"({"contents":[]})") {
    return test::post_json(upstream.port(), std::string(model_path) + std::string(action),
                           {{"x-goog-api-key", std::string(key)}}, body);
  }
  raw_answer assist(std::string_view action, std::string_view key,
                    std::string_view body = R"({"model":"gemini-y","request":{}})") {
    return test::post_json(upstream.port(), "/v1internal" + std::string(action),
                           {{"authorization", "Bearer " + std::string(key)}}, body);
  }
  raw_answer list(std::string_view path, test::header_list headers) {
    return test::get(upstream.port(), path, headers);
  }

  mock_upstream upstream;
};

std::vector<json> events_of(const raw_answer& answer) {
  std::vector<json> all;
  for (const auto& event : test::parse_events(answer.body)) all.push_back(json::parse(event.data));
  return all;
}

}  // namespace

TEST_F(mock_gemini, answers_with_usage_that_includes_what_is_cached_but_not_thoughts) {
  const raw_answer answer = ask(":generateContent", usage_script);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json whole = json::parse(answer.body);
  EXPECT_EQ(whole["modelVersion"], "gemini-x");
  EXPECT_EQ(whole["responseId"].get<std::string>().size(), 24u);
  EXPECT_EQ(whole["candidates"][0]["finishReason"], "STOP");
  EXPECT_FALSE(whole["candidates"][0]["content"]["parts"][0]["text"].get<std::string>().empty());
  const json usage = whole["usageMetadata"];
  EXPECT_EQ(usage["promptTokenCount"], 15);
  EXPECT_EQ(usage["cachedContentTokenCount"], 5);
  EXPECT_EQ(usage["candidatesTokenCount"], 20);
  EXPECT_EQ(usage["thoughtsTokenCount"], 7);
  EXPECT_EQ(usage["totalTokenCount"], 42);
}

TEST_F(mock_gemini, streams_events_with_lines_that_end_with_crlf) {
  const raw_answer answer = ask(stream, usage_script);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_TRUE(answer.body.ends_with("}\r\n\r\n"));
  const auto events = events_of(answer);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["candidates"][0]["content"]["parts"][0]["text"], "Hello ");
  EXPECT_FALSE(events[0]["candidates"][0].contains("finishReason"));
  EXPECT_EQ(events[0]["usageMetadata"]["promptTokenCount"], 15);
  EXPECT_EQ(events[0]["responseId"], events[2]["responseId"]);
  EXPECT_EQ(events[2]["candidates"][0]["finishReason"], "STOP");
  EXPECT_EQ(events[2]["usageMetadata"]["totalTokenCount"], 42);
}

TEST_F(mock_gemini, streams_an_array_element_by_element_where_no_events_are_asked_for) {
  const raw_answer answer = ask(array_stream, usage_script);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_TRUE(answer.body.starts_with("[{"));
  EXPECT_NE(answer.body.find("}\n,\r\n{"), std::string::npos);
  EXPECT_EQ(answer.chunk_bytes.size(), 4u) << "three elements and the end";
  const json all = json::parse(answer.body);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2]["candidates"][0]["finishReason"], "STOP");
  EXPECT_EQ(json::parse(ask(array_stream, "mock-empty-stream=1").body), json::array());
  EXPECT_EQ(json::parse(gunzip(ask(array_stream, "mock-gzip=1;events=5").body)).size(), 6u);
  const json failed = json::parse(ask(array_stream, "mock-error-after-events=2").body);
  EXPECT_EQ(failed[2]["error"]["status"], "UNAVAILABLE");
  EXPECT_EQ(json::parse(ask(array_stream, "mock-status=429").body)[0]["error"]["code"], 429);
}

TEST_F(mock_gemini, counts_embeds_and_lists_models) {
  EXPECT_EQ(ask(":countTokens", "k").body, R"({"totalTokens":25})");
  EXPECT_EQ(json::parse(ask(":embedContent", "k").body)["embedding"]["values"].size(), 3u);
  EXPECT_EQ(json::parse(ask(":batchEmbedContents", "k").body)["embeddings"].size(), 1u);
  const test::header_list key{{"x-goog-api-key", "k"}};
  const json models = json::parse(list("/v1/models", key).body);
  EXPECT_EQ(models["models"][0]["name"], "models/gemini-2.5-pro");
  EXPECT_EQ(json::parse(list("/v1beta/models", {{"authorization", "Bearer k"}}).body), models);
  EXPECT_EQ(json::parse(list("/v1beta/models/gemini-x", key).body)["name"], "models/gemini-x");
}

TEST_F(mock_gemini, calls_the_tool_of_the_request) {
  constexpr std::string_view body =
      R"({"tools":[{"googleSearch":{}},{"functionDeclarations":[{"name":"f"},{"name":"g"}]}]})";
  const json whole = json::parse(ask(":generateContent", "mock-tool-call=1", body).body);
  const json& part = whole["candidates"][0]["content"]["parts"][0];
  EXPECT_EQ(part["functionCall"], json::parse(R"({"name":"f","args":{"city":"Paris"}})"));
  const auto events = events_of(ask(stream, "mock-tool-call=1", body));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["candidates"][0]["content"]["parts"][0]["functionCall"]["name"], "f");
}

TEST_F(mock_gemini, refuses_in_its_own_shape) {
  const raw_answer limited = ask(stream, "mock-status=429");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(json::parse(limited.body)["error"]["code"], 429);
  EXPECT_EQ(json::parse(limited.body)["error"]["status"], "RESOURCE_EXHAUSTED");
  const json typed =
      json::parse(ask(stream, "mock-status=400;error-type=FAILED_PRECONDITION").body);
  EXPECT_EQ(typed["error"]["status"], "FAILED_PRECONDITION");
  const raw_answer anonymous =
      test::post_json(upstream.port(), std::string(model_path) + ":generateContent", {}, "{}");
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(json::parse(anonymous.body)["error"]["status"], "UNAUTHENTICATED");
  EXPECT_EQ(json::parse(ask(":generateContent", "mock-x=1").body)["error"]["code"], 400);
  EXPECT_EQ(json::parse(ask(":generateContent", "k", "{").body)["error"]["code"], 400);
  EXPECT_EQ(json::parse(ask(":predict", "k").body)["error"]["status"], "NOT_FOUND");
  EXPECT_EQ(list("/v1beta/models/gemini-x:generateContent", {{"x-goog-api-key", "k"}}).status, 405);
}

TEST_F(mock_gemini, has_the_faults_of_a_stream) {
  const raw_answer cut = ask(stream, "mock-cut-after-events=3");
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(events_of(cut).size(), 3u);
  const auto failed = events_of(ask(stream, "mock-error-after-events=0;error-message=Oh"));
  EXPECT_EQ(failed.at(0)["error"],
            json({{"code", 503}, {"message", "Oh"}, {"status", "UNAVAILABLE"}}));
  const auto broken = test::parse_events(ask(stream, "mock-malformed-after-events=1").body);
  EXPECT_FALSE(json::accept(broken[1].data));
  EXPECT_EQ(events_of(ask(stream, "mock-omit-end=1;events=4")).size(), 4u);
  EXPECT_EQ(events_of(ask(stream, "mock-events=0")).size(), 1u);
  EXPECT_EQ(ask(stream, "mock-empty-stream=1").body, "");
  EXPECT_GT(events_of(ask(stream, "mock-timestamps=1"))[0]["sent_ns"], 0);
  EXPECT_FALSE(events_of(ask(stream, "mock-no-usage=1"))[0].contains("usageMetadata"));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(events_of(ask(stream, "mock-interval-ms=10;events=3")).size(), 4u);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TEST_F(mock_gemini, wraps_the_answers_of_code_assist) {
  const json whole = json::parse(assist(":generateContent", usage_script).body);
  EXPECT_EQ(whole["response"]["modelVersion"], "gemini-y");
  EXPECT_TRUE(whole.contains("traceId"));
  const auto events = events_of(assist(stream, usage_script));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[2]["response"]["usageMetadata"]["totalTokenCount"], 42);
  EXPECT_EQ(events_of(assist(stream, "mock-error-after-events=1"))[1]["error"]["code"], 503);
  constexpr std::string_view with_tool =
      R"({"model":"m","request":{"contents":[],"tools":[{"functionDeclarations":[{"name":"f"}]}]}})";
  const json call = json::parse(assist(":generateContent", "mock-tool-call=1", with_tool).body);
  EXPECT_EQ(call["response"]["candidates"][0]["content"]["parts"][0]["functionCall"]["name"], "f");
  EXPECT_EQ(assist(":generateContent", "k", "{}").status, 400) << "no model";
}

TEST_F(mock_gemini, knows_the_setup_of_code_assist_and_nothing_else_of_it) {
  const json loaded = json::parse(assist(":loadCodeAssist", "k", "{}").body);
  EXPECT_EQ(loaded["currentTier"]["id"], "standard-tier");
  EXPECT_EQ(loaded["cloudaicompanionProject"], "mock-project");
  EXPECT_EQ(json::parse(assist(":onboardUser", "k", "{}").body)["done"], true);
  EXPECT_EQ(assist(":countTokens", "k", R"({"request":{}})").body, R"({"totalTokens":25})");
  const raw_answer other = assist(":retrieveUserQuota", "k", "{}");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(json::parse(other.body)["error"]["status"], "NOT_FOUND");
}

}  // namespace baton::mock
