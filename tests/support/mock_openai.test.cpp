// The mock upstream as OpenAI and Azure, as a client meets it.
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
constexpr std::string_view azure_chat_path = "/openai/deployments/gpt-4o/chat/completions";

class mock_openai : public testing::Test {
 protected:
  raw_answer post(std::string_view path, std::string_view key, const json& body) {
    return test::post_json(upstream.port(), path, {{"authorization", bearer(key)}}, body.dump());
  }
  raw_answer ask(std::string_view method, std::string_view path, std::string_view key) {
    return test::exchange(upstream.port(), method, path, {{"authorization", bearer(key)}});
  }
  raw_answer chat(std::string_view key, bool stream, const json& more = json::object()) {
    return post("/v1/chat/completions", key, request(stream, more));
  }
  raw_answer responses(std::string_view key, bool stream, const json& more = json::object()) {
    return post("/v1/responses", key, request(stream, more));
  }
  raw_answer azure(std::string_view path, test::header_list headers = {{"api-key", "k"}}) {
    return test::post_json(upstream.port(), path, std::move(headers), request(false, {}).dump());
  }

  static std::string bearer(std::string_view key) { return "Bearer " + std::string(key); }
  static json request(bool stream, const json& more) {
    json body{{"model", "gpt-x"}, {"stream", stream}};
    if (more.is_object()) body.update(more);
    return body;
  }

  mock_upstream upstream;
};

// The data of the events, "[DONE]" as a string.
std::vector<json> events_of(const raw_answer& answer) {
  std::vector<json> all;
  for (const test::sse_event& event : test::parse_events(answer.body)) {
    all.push_back(event.data == "[DONE]" ? json(event.data) : json::parse(event.data));
    if (!event.name.empty()) {
      EXPECT_EQ(all.back()["type"], event.name);
    }
  }
  return all;
}

std::vector<std::string> types_of(const std::vector<json>& events) {
  std::vector<std::string> types;
  for (const json& each : events) types.push_back(each["type"]);
  return types;
}

const json tools = json::parse(R"([{"type":"web_search"},
    {"type":"function","name":"get_weather","parameters":{"type":"object"}}])");
const json chat_tools = json::parse(R"([{"type":"function","function":
    {"parameters":{"type":"object","properties":{"name":{"type":"string"}}},"name":"get_weather"}}])");

}  // namespace

TEST_F(mock_openai, answers_a_chat_with_usage_that_includes_what_is_cached_and_thought) {
  const raw_answer answer = chat(usage_script, false);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json whole = json::parse(answer.body);
  EXPECT_EQ(whole["object"], "chat.completion");
  EXPECT_EQ(whole["model"], "gpt-x");
  EXPECT_EQ(whole["choices"][0]["finish_reason"], "stop");
  EXPECT_FALSE(whole["choices"][0]["message"]["content"].get<std::string>().empty());
  EXPECT_EQ(whole["usage"]["prompt_tokens"], 15);
  EXPECT_EQ(whole["usage"]["prompt_tokens_details"]["cached_tokens"], 5);
  EXPECT_EQ(whole["usage"]["completion_tokens"], 27);
  EXPECT_EQ(whole["usage"]["completion_tokens_details"]["reasoning_tokens"], 7);
  EXPECT_EQ(whole["usage"]["total_tokens"], 42);
  EXPECT_TRUE(answer.header("x-request-id").has_value());
  EXPECT_FALSE(answer.header("request-id").has_value());
}

TEST_F(mock_openai, streams_a_chat_and_tells_usage_only_when_asked) {
  const auto plain = events_of(chat(usage_script, true));
  ASSERT_EQ(plain.size(), 5u);
  EXPECT_EQ(plain[0]["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(plain[1]["choices"][0]["delta"]["content"], "Hello ");
  EXPECT_EQ(plain[1]["id"], plain[0]["id"]);
  EXPECT_FALSE(plain[1].contains("usage"));
  EXPECT_EQ(plain[3]["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(plain[4], "[DONE]");

  const json asked{{"stream_options", {{"include_usage", true}}}};
  const auto counted = events_of(chat(usage_script, true, asked));
  ASSERT_EQ(counted.size(), 6u);
  EXPECT_TRUE(counted[1].at("usage").is_null());
  EXPECT_EQ(counted[4]["choices"], json::array());
  EXPECT_EQ(counted[4]["usage"]["total_tokens"], 42);
}

TEST_F(mock_openai, streams_a_response_whose_events_are_numbered) {
  const raw_answer answer = responses(std::string(usage_script) + ";ping-every=1", true);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_NE(answer.body.find(": ping\n\n"), std::string::npos);
  const auto events = events_of(answer);
  const std::vector<std::string> expected{
      "response.created",           "response.in_progress",
      "response.output_item.added", "response.content_part.added",
      "response.output_text.delta", "response.output_text.delta",
      "response.output_text.done",  "response.content_part.done",
      "response.output_item.done",  "response.completed"};
  ASSERT_EQ(types_of(events), expected);
  for (std::size_t n = 0; n < events.size(); ++n) EXPECT_EQ(events[n]["sequence_number"], n);
  EXPECT_EQ(events[6]["text"], "Hello from ");
  const json& last = events.back()["response"];
  EXPECT_EQ(last["id"], events[0]["response"]["id"]);
  EXPECT_EQ(last["status"], "completed");
  EXPECT_EQ(last["output"][0]["content"][0]["text"], "Hello from ");
  EXPECT_EQ(last["usage"]["input_tokens"], 15);
  EXPECT_EQ(last["usage"]["input_tokens_details"]["cached_tokens"], 5);
  EXPECT_EQ(last["usage"]["output_tokens"], 27);
  EXPECT_EQ(last["usage"]["output_tokens_details"]["reasoning_tokens"], 7);
  EXPECT_EQ(last["usage"]["total_tokens"], 42);
}

TEST_F(mock_openai, ends_a_response_as_the_script_says) {
  const json incomplete = events_of(responses("mock-terminal=incomplete", true)).back();
  EXPECT_EQ(incomplete["type"], "response.incomplete");
  EXPECT_EQ(incomplete["response"]["incomplete_details"]["reason"], "max_output_tokens");
  const json failed = events_of(responses("mock-terminal=failed;error-type=x", true)).back();
  EXPECT_EQ(failed["type"], "response.failed");
  EXPECT_EQ(failed["response"]["error"]["code"], "x");
  EXPECT_EQ(failed["response"]["usage"]["input_tokens"], 25);
  EXPECT_EQ(json::parse(responses("mock-terminal=failed", false).body)["status"], "failed");
}

TEST_F(mock_openai, knows_a_response_only_for_the_credential_that_made_it) {
  const std::string made = json::parse(responses("one", false).body)["id"];
  const std::string streamed = events_of(responses("one", true))[0]["response"]["id"];
  const json whole = json::parse(ask("GET", "/v1/responses/" + made, "one").body);
  EXPECT_EQ(whole["id"], made);
  EXPECT_EQ(whole["model"], "gpt-x");
  EXPECT_EQ(ask("GET", "/p/responses/" + streamed, "one").status, 200);
  EXPECT_EQ(ask("POST", "/v1/responses/" + made + "/cancel", "one").status, 200);
  EXPECT_EQ(json::parse(ask("GET", "/v1/responses/" + made + "/input_items", "one").body)["object"],
            "list");

  const raw_answer stranger = ask("GET", "/v1/responses/" + made, "two");
  EXPECT_EQ(stranger.status, 404);
  EXPECT_EQ(json::parse(stranger.body)["error"]["message"],
            "Response with id '" + made + "' not found.");
  EXPECT_EQ(ask("POST", "/v1/responses/" + made, "one").status, 405);
  EXPECT_EQ(ask("GET", "/v1/responses/" + made + "/else", "one").status, 404);

  EXPECT_EQ(json::parse(ask("DELETE", "/v1/responses/" + made, "one").body)["deleted"], true);
  EXPECT_EQ(ask("GET", "/v1/responses/" + made, "one").status, 404);
}

TEST_F(mock_openai, goes_on_only_from_a_response_that_the_credential_made) {
  const json made = json::parse(responses("one", false).body)["id"];
  const json more{{"previous_response_id", made}};
  EXPECT_EQ(responses("one", true, more).status, 200);
  const raw_answer refused = responses("two", true, more);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json::parse(refused.body)["error"]["code"], "previous_response_not_found");
  EXPECT_EQ(json::parse(refused.body)["error"]["param"], "previous_response_id");
}

TEST_F(mock_openai, keeps_the_last_thousand_responses_of_a_credential) {
  const json first = json::parse(responses("k", false).body)["id"];
  const json second = json::parse(responses("k", false).body)["id"];
  test::raw_client client(upstream.port());
  for (int n = 0; n < 999; ++n) {
    client.send(test::request_text("POST", "/v1/responses", {{"authorization", "Bearer k"}},
                                   R"({"model":"gpt-x"})"));
    ASSERT_EQ(client.read_answer().status, 200);
  }
  EXPECT_EQ(ask("GET", "/v1/responses/" + first.get<std::string>(), "k").status, 404);
  EXPECT_EQ(ask("GET", "/v1/responses/" + second.get<std::string>(), "k").status, 200);
}

TEST_F(mock_openai, calls_the_tool_of_the_request) {
  const std::string key = "mock-tool-call=1";
  const json response = json::parse(responses(key, false, {{"tools", tools}}).body);
  EXPECT_EQ(response["output"][0]["type"], "function_call");
  EXPECT_EQ(response["output"][0]["name"], "get_weather");
  EXPECT_EQ(response["output"][0]["arguments"], R"({"city":"Paris"})");
  std::string arguments;
  for (const json& event : events_of(responses(key, true, {{"tools", tools}}))) {
    if (event["type"] == "response.function_call_arguments.delta") arguments += event["delta"];
  }
  EXPECT_EQ(arguments, R"({"city":"Paris"})");

  const json whole = json::parse(chat(key, false, {{"tools", chat_tools}}).body);
  const json& choice = whole["choices"][0];
  EXPECT_EQ(choice["finish_reason"], "tool_calls");
  EXPECT_EQ(choice["message"]["tool_calls"][0]["function"]["name"], "get_weather");
  const auto chunks = events_of(chat(key, true, {{"tools", chat_tools}}));
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_EQ(chunks[0]["choices"][0]["delta"]["tool_calls"][0]["function"]["name"], "get_weather");
  EXPECT_EQ(chunks[2]["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"],
            R"("Paris"})");
  EXPECT_EQ(json::parse(chat(key, false).body)["choices"][0]["finish_reason"], "stop")
      << "no tool in the request";
}

TEST_F(mock_openai, compacts_embeds_and_lists_models) {
  const json compacted = json::parse(post("/v1/responses/compact", "k", request(false, {})).body);
  EXPECT_EQ(compacted["object"], "response.compaction");
  EXPECT_EQ(compacted["usage"]["output_tokens"], 42);
  EXPECT_EQ(json::parse(post("/v1/responses/input_tokens", "k", request(false, {})).body),
            json({{"object", "response.input_tokens"}, {"input_tokens", 25}}));
  const json vectors = json::parse(post("/v1/embeddings", "k", request(false, {})).body);
  EXPECT_EQ(vectors["data"][0]["embedding"].size(), 3u);
  EXPECT_EQ(vectors["model"], "gpt-x");
  EXPECT_EQ(vectors["usage"], json({{"prompt_tokens", 25}, {"total_tokens", 25}}));
  const json models = json::parse(ask("GET", "/v1/models", "k").body);
  EXPECT_EQ(models["object"], "list");
  EXPECT_EQ(models["data"][0]["object"], "model");
}

TEST_F(mock_openai, refuses_in_its_own_shape) {
  const raw_answer limited = chat("mock-status=429;retry-after=3", true);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "3");
  const json error = json::parse(limited.body)["error"];
  EXPECT_EQ(error["code"], "rate_limit_exceeded");
  EXPECT_TRUE(error.at("param").is_null());
  const json quota =
      json::parse(responses("mock-status=429;error-type=insufficient_quota", true).body);
  EXPECT_EQ(quota["error"]["type"], "insufficient_quota");
  EXPECT_EQ(quota["error"]["code"], "insufficient_quota");
  const raw_answer anonymous =
      test::post_json(upstream.port(), "/v1/responses", {}, request(false, {}).dump());
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(json::parse(anonymous.body)["error"]["code"], "invalid_api_key");
  const raw_answer misspelt = chat("mock-evnts=1", false);
  EXPECT_EQ(misspelt.status, 400);
  EXPECT_EQ(json::parse(misspelt.body)["error"]["type"], "invalid_request_error");
  EXPECT_EQ(post("/v1/responses", "k", {{"input", "no model"}}).status, 400);
}

TEST_F(mock_openai, has_the_faults_of_a_stream) {
  EXPECT_EQ(events_of(responses("mock-cut-after-events=5", true)).size(), 5u);
  EXPECT_FALSE(chat("mock-cut-after-events=2", true).complete);
  const auto failed = events_of(responses("mock-error-after-events=4;error-message=Oh", true));
  EXPECT_EQ(failed.back(), json({{"type", "error"},
                                 {"sequence_number", 4},
                                 {"code", "server_is_overloaded"},
                                 {"message", "Oh"},
                                 {"param", nullptr}}));
  const auto chat_failed = events_of(chat("mock-error-after-events=1;error-type=x", true));
  EXPECT_EQ(chat_failed.back()["error"]["code"], "x");
  const auto broken = test::parse_events(chat("mock-malformed-after-events=1", true).body);
  EXPECT_FALSE(json::accept(broken[1].data));
  EXPECT_EQ(types_of(events_of(responses("mock-omit-end=1", true))).back(),
            "response.output_item.done");
  EXPECT_EQ(events_of(chat("mock-omit-end=1;events=2", true)).size(), 3u);
  EXPECT_EQ(chat("mock-empty-stream=1", true).body, "");
  const auto timed = events_of(chat("mock-timestamps=1;events=1", true));
  EXPECT_GT(timed[1]["sent_ns"], 0);
  const raw_answer packed = responses("mock-gzip=1;events=2", true);
  EXPECT_EQ(test::parse_events(gunzip(packed.body)).size(), 10u);
  EXPECT_EQ(events_of(chat("mock-byte-by-byte=1;events=1", true)).size(), 4u);
  EXPECT_EQ(json::parse(chat("mock-error-in-200=1", false).body)["error"]["code"],
            "server_is_overloaded");
}

TEST_F(mock_openai, leaves_usage_out_or_sends_what_it_is_told) {
  EXPECT_FALSE(json::parse(chat("mock-no-usage=1", false).body).contains("usage"));
  const json asked{{"stream_options", {{"include_usage", true}}}};
  EXPECT_EQ(events_of(chat("mock-no-usage=1;events=1", true, asked)).size(), 4u);
  const std::string absurd =
      R"(mock-raw-usage={"input_tokens":-1,"output_tokens":9223372036854775808})";
  const json last = events_of(responses(absurd, true)).back();
  EXPECT_EQ(last["response"]["usage"]["output_tokens"].get<std::uint64_t>(), 1ULL << 63);
  EXPECT_NE(chat("mock-raw-usage=oops", false).body.find(R"("usage":oops)"), std::string::npos);
}

TEST_F(mock_openai, is_azure_where_the_path_has_a_deployment) {
  const std::string versioned = std::string(azure_chat_path) + "?api-version=2024-10-21";
  const raw_answer good = azure(versioned);
  EXPECT_EQ(good.status, 200) << good.body;
  EXPECT_TRUE(good.header("apim-request-id").has_value());
  EXPECT_EQ(azure("/p/openai/responses?api-version=preview").status, 200);
  EXPECT_EQ(azure("/openai/deployments/e/embeddings?api-version=1").status, 200);

  const raw_answer unversioned = azure(azure_chat_path);
  EXPECT_EQ(unversioned.status, 400);
  EXPECT_EQ(json::parse(unversioned.body)["error"]["code"], "MissingApiVersionParameter");
  EXPECT_EQ(azure(std::string(azure_chat_path) + "?xapi-version=1&api-version=").status, 400);
  EXPECT_EQ(azure(versioned, {{"authorization", "Bearer k"}}).status, 401);
  const raw_answer limited = azure(versioned, {{"api-key", "mock-status=429"}});
  EXPECT_EQ(json::parse(limited.body)["error"]["code"], "429");
}

TEST_F(mock_openai, names_azures_deployment_where_the_body_names_no_model) {
  const raw_answer answer = test::post_json(
      upstream.port(), std::string(azure_chat_path) + "?api-version=1", {{"api-key", "k"}}, "{}");
  EXPECT_EQ(json::parse(answer.body)["model"], "gpt-4o");
}

}  // namespace baton::mock
