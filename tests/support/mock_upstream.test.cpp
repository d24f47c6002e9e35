#include "tests/support/mock_upstream.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/raw_client.hpp"

namespace baton::mock {

namespace {

using nlohmann::json;
using test::parse_events;
using test::peer_end;
using test::raw_answer;
using test::raw_client;

constexpr std::string_view json_body = R"({"model":"claude-x","max_tokens":9,"messages":[]})";
constexpr std::string_view stream_body = R"({"stream":true,"model":"claude-x","messages":[]})";

std::string messages_request(std::string_view key, std::string_view body = json_body) {
  return test::request_text("POST", "/v1/messages", {{"x-api-key", std::string(key)}}, body);
}

raw_answer post(const mock_upstream& upstream, std::string_view key,
                std::string_view body = json_body) {
  return test::post_json(upstream.port(), "/v1/messages", {{"x-api-key", std::string(key)}}, body);
}

std::vector<std::string> event_names(const raw_answer& answer) {
  std::vector<std::string> names;
  for (const test::sse_event& event : parse_events(answer.body)) names.push_back(event.name);
  return names;
}

}  // namespace

TEST(mock_upstream, answers_a_message_with_the_requested_model_and_usage) {
  mock_upstream upstream;
  upstream.behave(
      "k",
      {.tokens = {
           .input = 1, .output = 2, .cache_read = 3, .cache_write_5m = 4, .cache_write_1h = 5}});
  const raw_answer answer = post(upstream, "k");
  ASSERT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_TRUE(answer.header("request-id").has_value());
  EXPECT_TRUE(answer.header("anthropic-ratelimit-requests-remaining").has_value());
  const json message = json::parse(answer.body);
  EXPECT_EQ(message["model"], "claude-x");
  EXPECT_EQ(message["usage"]["input_tokens"], 1);
  EXPECT_EQ(message["usage"]["output_tokens"], 2);
  EXPECT_EQ(message["usage"]["cache_read_input_tokens"], 3);
  EXPECT_EQ(message["usage"]["cache_creation_input_tokens"], 9);
  EXPECT_EQ(message["usage"]["cache_creation"]["ephemeral_1h_input_tokens"], 5);
}

TEST(mock_upstream, streams_events_in_the_order_of_the_api) {
  mock_upstream upstream;
  const raw_answer answer =
      post(upstream, "mock-events=2;ping-every=2;output-tokens=7", stream_body);
  ASSERT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("content-type"), "text/event-stream; charset=utf-8");
  const std::vector<std::string> expected{
      "message_start",       "content_block_start", "ping",
      "content_block_delta", "content_block_delta", "ping",
      "content_block_stop",  "message_delta",       "message_stop"};
  EXPECT_EQ(event_names(answer), expected);
  EXPECT_EQ(answer.chunk_bytes.size(), expected.size()) << "one chunk for each event";
  const auto events = parse_events(answer.body);
  for (const test::sse_event& event : events)
    EXPECT_EQ(json::parse(event.data)["type"], event.name);
  EXPECT_EQ(json::parse(events[0].data)["message"]["model"], "claude-x");
  EXPECT_EQ(json::parse(events[7].data)["usage"]["output_tokens"], 7);
}

TEST(mock_upstream, paces_events_and_stamps_them_with_their_send_time) {
  mock_upstream upstream;
  const std::int64_t start_ns = std::chrono::steady_clock::now().time_since_epoch().count();
  const raw_answer answer =
      post(upstream, "mock-events=3;interval-ms=20;timestamps=1", stream_body);
  std::vector<std::int64_t> sent_ns;
  for (const test::sse_event& event : parse_events(answer.body)) {
    const json data = json::parse(event.data);
    if (data.contains("sent_ns")) sent_ns.push_back(data["sent_ns"]);
  }
  ASSERT_EQ(sent_ns.size(), 3u);
  for (std::int64_t n = 0; n < 3; ++n) EXPECT_GE(sent_ns[n] - start_ns, (n + 1) * 20'000'000);
}

TEST(mock_upstream, answers_counts_models_and_unknown_routes) {
  mock_upstream upstream;
  const std::uint16_t port = upstream.port();
  const test::header_list key{{"Authorization", "Bearer mock-input-tokens=77"},
                              {"anthropic-version", "2023-06-01"}};
  const raw_answer count = test::post_json(port, "/p/v1/messages/count_tokens", key, json_body);
  EXPECT_EQ(count.body, R"({"input_tokens":77})");
  const json models = json::parse(test::get(port, "/p/v1/models?limit=1", key).body);
  EXPECT_EQ(models["data"][0]["type"], "model");
  EXPECT_EQ(models["first_id"], models["data"][0]["id"]);
  EXPECT_EQ(models["has_more"], false);
  EXPECT_EQ(test::get(port, "/v2/models", key).status, 404);
  EXPECT_EQ(test::get(port, "/v1/messages", key).status, 405);
}

TEST(mock_upstream, refuses_a_request_without_credential_and_bodies_that_are_not_json) {
  mock_upstream upstream;
  const raw_answer anonymous = test::post_json(upstream.port(), "/v1/messages", {}, json_body);
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(json::parse(anonymous.body)["error"]["type"], "authentication_error");
  for (const char* body :
       {"", "{", "[]", R"({"model":5})", R"({"stream":true})", "{\"model\":\"m\"",
        R"({"model":"m"} x)", R"({"model":"m","stream":"yes"})"}) {
    const raw_answer answer = post(upstream, "k", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(json::parse(answer.body)["error"]["type"], "invalid_request_error");
  }
}

TEST(mock_upstream, answers_with_the_scripted_status_so_many_times) {
  mock_upstream upstream;
  const std::string key = "mock-status=429;retry-after=7;times=2";
  for (int n = 0; n < 2; ++n) {
    const raw_answer answer = post(upstream, key, stream_body);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.header("retry-after"), "7");
    EXPECT_EQ(json::parse(answer.body)["error"]["type"], "rate_limit_error");
  }
  EXPECT_EQ(post(upstream, key).status, 200);
  EXPECT_EQ(post(upstream, "mock-status=529").status, 529);
}

TEST(mock_upstream, says_what_is_wrong_with_a_script) {
  mock_upstream upstream;
  const raw_answer answer = post(upstream, "mock-evnts=3");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("'evnts' does not exist"), std::string::npos);
}

TEST(mock_upstream, reads_chunked_and_pipelined_requests_one_byte_at_a_time) {
  mock_upstream upstream;
  raw_client client(upstream.port());
  const std::string chunked =
      "POST /v1/messages HTTP/1.1\r\nx-api-key: k\r\ntransfer-encoding: chunked\r\n\r\n"
      "9\r\n{\"model\":\r\n8\r\n\"a-\\u62\"\r\n1\r\n}\r\n0\r\n\r\n";
  const std::string valid =
      "POST /v1/messages HTTP/1.1\r\nx-api-key: k\r\ntransfer-encoding: chunked\r\n\r\n"
      "9\r\n{\"model\":\r\n5\r\n\"abc\"\r\n1\r\n}\r\n0\r\n\r\n";
  client.send_byte_by_byte(valid + messages_request("k"));
  EXPECT_EQ(json::parse(client.read_answer().body)["model"], "abc");
  EXPECT_EQ(json::parse(client.read_answer().body)["model"], "claude-x");
  client.send(valid + chunked + valid);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 400) << "half an escape in the model's name";
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(mock_upstream, answers_a_pipelined_request_after_a_paced_stream) {
  mock_upstream upstream;
  raw_client client(upstream.port());
  client.send(messages_request("mock-events=3;interval-ms=1", stream_body) + messages_request("k"));
  EXPECT_EQ(event_names(client.read_answer()).back(), "message_stop");
  EXPECT_EQ(json::parse(client.read_answer().body)["type"], "message");
}

TEST(mock_upstream, sends_100_continue) {
  mock_upstream upstream;
  raw_client client(upstream.port());
  client.send(
      "POST /v1/messages HTTP/1.1\r\nx-api-key: k\r\nExpect: 100-continue\r\n"
      "Content-Length: 15\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(R"({"model":"abc"})");
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(mock_upstream, takes_large_bodies_and_sends_large_answers) {
  mock_upstream upstream;
  const std::string body =
      R"({"model":"m","stream":true,"x":")" + std::string(5'000'000, 'y') + "\"}";
  const raw_answer answer = post(upstream, "mock-events=3;event-bytes=1000000", body);
  ASSERT_TRUE(answer.complete) << answer.problem;
  EXPECT_GT(answer.body.size(), 3'000'000u);
  EXPECT_EQ(upstream.stats().last_body, body);
  const raw_answer message = post(upstream, "mock-answer-bytes=1000000;head-bytes=20000");
  EXPECT_GT(message.body.size(), 1'000'000u);
  EXPECT_EQ(message.head.size(), 20'000u);
}

TEST(mock_upstream, counts_requests_and_keeps_the_last_one) {
  mock_upstream upstream;
  post(upstream, "one");
  post(upstream, "two");
  post(upstream, "two");
  const statistics counts = upstream.stats();
  EXPECT_EQ(counts.requests, 3u);
  EXPECT_EQ(counts.answers_completed, 3u);
  EXPECT_EQ(counts.connections_accepted, 3u);
  EXPECT_EQ(counts.credentials.at("two").requests, 2u);
  EXPECT_EQ(counts.credentials.at("two").in_flight, 0u);
  EXPECT_TRUE(counts.last_head.starts_with("POST /v1/messages HTTP/1.1\r\n"));
  EXPECT_EQ(counts.last_body, json_body);

  const json over_http = json::parse(test::get(upstream.port(), "/mock/stats").body);
  EXPECT_EQ(over_http["requests"], 3);
  EXPECT_EQ(over_http["credentials"]["one"]["requests"], 1);
  EXPECT_EQ(test::exchange(upstream.port(), "POST", "/mock/reset", {}).status, 200);
  EXPECT_EQ(upstream.stats().requests, 0u);
}

TEST(mock_upstream, shares_its_port_between_threads) {
  mock_upstream upstream({.threads = 2});
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(post(upstream, "k").complete);
  EXPECT_EQ(upstream.stats().connections_accepted, 20u);
}

TEST(mock_upstream, can_be_started_again_on_the_same_port) {
  std::uint16_t port = 0;
  {
    mock_upstream upstream;
    port = upstream.port();
    raw_client idle(port);
    raw_client streaming(port);
    streaming.send(messages_request("mock-stall-after-events=1", stream_body));
    streaming.read_until("message_start");
  }
  mock_upstream upstream({.port = port});
  EXPECT_EQ(upstream.port(), port);
  EXPECT_TRUE(post(upstream, "k").complete);
}

}  // namespace baton::mock
