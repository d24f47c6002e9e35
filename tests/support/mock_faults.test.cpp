// The faults of the mock upstream, as a client meets them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/mock_gzip.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/raw_client.hpp"

namespace baton::mock {

namespace {

using nlohmann::json;
using test::peer_end;
using test::raw_answer;
using test::raw_client;

constexpr std::string_view json_body = R"({"model":"claude-x"})";
constexpr std::string_view stream_body = R"({"model":"claude-x","stream":true})";

class mock_faults : public testing::Test {
 protected:
  raw_client ask(std::string_view key, std::string_view body) {
    raw_client client(upstream.port());
    client.send(
        test::request_text("POST", "/v1/messages", {{"x-api-key", std::string(key)}}, body));
    return client;
  }

  mock_upstream upstream;
};

std::size_t event_count(const raw_answer& answer) {
  return test::parse_events(answer.body).size();
}

}  // namespace

TEST_F(mock_faults, cuts_a_stream_after_events) {
  raw_client client = ask("mock-cut-after-events=4", stream_body);
  const raw_answer answer = client.read_answer();
  EXPECT_FALSE(answer.complete);
  EXPECT_EQ(client.end(), peer_end::fin);
  EXPECT_EQ(event_count(answer), 4u);
  EXPECT_EQ(upstream.stats().answers_cut, 1u);
}

TEST_F(mock_faults, cuts_with_a_reset) {
  raw_client client = ask("mock-stall-after-events=1", stream_body);
  client.read_until("message_start");
  upstream.close_connections(ending::rst);
  EXPECT_EQ(client.read_to_end(), peer_end::rst);
}

TEST_F(mock_faults, may_only_end_its_own_side) {
  raw_client client = ask("mock-cut-after-events=4;cut-with=half", stream_body);
  EXPECT_EQ(event_count(client.read_answer()), 4u);
  EXPECT_EQ(client.end(), peer_end::fin);
  EXPECT_EQ(upstream.stats().answers_cut, 1u);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.send(std::string(100'000, 'x')));
  EXPECT_EQ(upstream.stats().connections_open, 1u) << "it reads on";
  client.close();
  EXPECT_TRUE(upstream.wait_until([](const statistics& s) { return s.connections_open == 0; }));
}

TEST_F(mock_faults, cuts_inside_the_head_and_inside_the_body) {
  raw_client head = ask("mock-cut-after-bytes=20", json_body);
  EXPECT_EQ(head.read_answer().status, 0);
  raw_client body = ask("mock-cut-after-bytes=700", stream_body);
  std::string received = body.read_some();
  for (std::string more = body.read_some(); !more.empty(); more = body.read_some()) {
    received += more;
  }
  EXPECT_EQ(received.size(), 700u);
}

TEST_F(mock_faults, stalls_before_the_head_or_after_events) {
  raw_client before = ask("mock-stall-before-head=1", json_body);
  EXPECT_TRUE(before.silent_for(std::chrono::milliseconds(20)));
  raw_client after = ask("mock-stall-after-events=2", stream_body);
  after.read_until("content_block_start\",");
  after.read_some();
  EXPECT_TRUE(after.silent_for(std::chrono::milliseconds(20)));
  EXPECT_EQ(upstream.stats().credentials.at("mock-stall-before-head=1").in_flight, 1u);
}

TEST_F(mock_faults, notices_clients_that_leave) {
  const auto aborts = [](std::uint64_t number) {
    return [number](const statistics& counts) { return counts.client_aborts == number; };
  };
  raw_client waiting = ask("mock-stall-before-head=1", json_body);
  ASSERT_TRUE(upstream.wait_until([](const statistics& s) { return s.requests == 1; }));
  waiting.close();
  EXPECT_TRUE(upstream.wait_until(aborts(1)));
  raw_client streaming = ask("mock-events=1000;interval-ms=10", stream_body);
  streaming.read_until("content_block_delta");
  streaming.reset();
  EXPECT_TRUE(upstream.wait_until(aborts(2)));
  // Left while the mock waits for a reader that does not read.
  raw_client slow = ask("mock-events=1000;event-bytes=100000", stream_body);
  slow.read_head();
  slow.close();
  EXPECT_TRUE(upstream.wait_until(aborts(3)));
  EXPECT_TRUE(upstream.wait_until([](const statistics& s) { return s.connections_open == 0; }));
}

TEST_F(mock_faults, waits_for_a_slow_reader_and_loses_nothing) {
  raw_client client = ask("mock-events=300;event-bytes=100000", stream_body);
  client.silent_for(std::chrono::milliseconds(1));
  const raw_answer answer = client.read_answer();
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(event_count(answer), 306u);
}

TEST_F(mock_faults, sends_an_error_event_inside_a_stream) {
  raw_client first = ask("mock-error-after-events=0", stream_body);
  const raw_answer at_once = first.read_answer();
  EXPECT_TRUE(at_once.complete);
  ASSERT_EQ(event_count(at_once), 1u);
  const test::sse_event event = test::parse_events(at_once.body)[0];
  EXPECT_EQ(event.name, "error");
  EXPECT_EQ(json::parse(event.data)["error"]["type"], "overloaded_error");
  raw_client later = ask("mock-error-after-events=5;error-type=api_error", stream_body);
  EXPECT_EQ(event_count(later.read_answer()), 6u);
}

TEST_F(mock_faults, sends_an_event_that_is_not_json_and_goes_on) {
  raw_client client = ask("mock-events=2;malformed-after-events=4", stream_body);
  const raw_answer answer = client.read_answer();
  const auto events = test::parse_events(answer.body);
  ASSERT_EQ(events.size(), 9u);
  EXPECT_FALSE(json::accept(events[4].data));
  EXPECT_EQ(events.back().name, "message_stop");
}

TEST_F(mock_faults, sends_an_event_that_is_no_json_at_all) {
  raw_client client = ask("mock-malformed-after-events=4;malformed-with=garbage", stream_body);
  const auto events = test::parse_events(client.read_answer().body);
  ASSERT_GT(events.size(), 4u);
  EXPECT_EQ(events[4].data, "<html>this is not JSON</html>");
}

TEST_F(mock_faults, ends_a_stream_without_saying_so_or_without_anything_in_it) {
  raw_client endless = ask("mock-events=2;omit-end=1", stream_body);
  const raw_answer without_end = endless.read_answer();
  EXPECT_TRUE(without_end.complete) << without_end.problem;
  ASSERT_EQ(event_count(without_end), 7u);
  EXPECT_EQ(test::parse_events(without_end.body).back().name, "message_delta");
  raw_client client = ask("mock-empty-stream=1", stream_body);
  const raw_answer empty = client.read_answer();
  EXPECT_TRUE(empty.complete) << empty.problem;
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(empty.body, "");
}

TEST_F(mock_faults, puts_an_error_into_an_answer_with_status_200) {
  const raw_answer answer = ask("mock-error-in-200=1", json_body).read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body)["error"]["type"], "overloaded_error");
  const raw_answer typed = ask("mock-error-in-200=1;error-type=x", json_body).read_answer();
  EXPECT_EQ(json::parse(typed.body)["error"]["type"], "x");
  EXPECT_EQ(event_count(ask("mock-error-in-200=1", stream_body).read_answer()), 18u);
}

TEST_F(mock_faults, gives_the_reason_it_stopped_for) {
  const raw_answer message = ask("mock-stop-reason=refusal", json_body).read_answer();
  EXPECT_EQ(json::parse(message.body)["stop_reason"], "refusal");
  const raw_answer stream = ask("mock-stop-reason=refusal", stream_body).read_answer();
  const auto events = test::parse_events(stream.body);
  EXPECT_EQ(json::parse(events[events.size() - 2].data)["delta"]["stop_reason"], "refusal");
}

TEST_F(mock_faults, leaves_usage_out_or_sends_what_it_is_told) {
  const raw_answer without = ask("mock-no-usage=1", json_body).read_answer();
  EXPECT_FALSE(json::parse(without.body).contains("usage"));
  for (const auto& event :
       test::parse_events(ask("mock-no-usage=1", stream_body).read_answer().body)) {
    EXPECT_EQ(event.data.find("usage"), std::string::npos) << event.data;
  }
  const std::string key = R"(mock-raw-usage={"input_tokens":-1})";
  const json absurd = json::parse(ask(key, json_body).read_answer().body);
  EXPECT_EQ(absurd["usage"], json({{"input_tokens", -1}}));
  const auto events = test::parse_events(ask(key, stream_body).read_answer().body);
  EXPECT_EQ(json::parse(events.front().data)["message"]["usage"]["input_tokens"], -1);
  EXPECT_EQ(json::parse(events[events.size() - 2].data)["usage"]["input_tokens"], -1);
  EXPECT_NE(ask("mock-raw-usage=oops", json_body).read_answer().body.find(R"("usage":oops)"),
            std::string::npos);
}

TEST_F(mock_faults, calls_the_first_tool_of_a_request) {
  constexpr std::string_view tools = R"("tools":[{"type":"x"},{"name":"f"},{"name":"g"}])";
  const std::string once = R"({"model":"m",)" + std::string(tools) + '}';
  const json message = json::parse(ask("mock-tool-call=1", once).read_answer().body);
  EXPECT_EQ(message["content"][0]["type"], "tool_use");
  EXPECT_EQ(message["content"][0]["name"], "f");
  EXPECT_EQ(message["stop_reason"], "tool_use");
  const std::string streamed = R"({"model":"m","stream":true,)" + std::string(tools) + '}';
  const auto events = test::parse_events(ask("mock-tool-call=1", streamed).read_answer().body);
  std::string input;
  for (const auto& event : events) {
    const json data = json::parse(event.data);
    if (event.name == "content_block_delta") input += data["delta"]["partial_json"];
  }
  EXPECT_EQ(input, R"({"city":"Paris"})");
  const json plain = json::parse(ask("mock-tool-call=1", json_body).read_answer().body);
  EXPECT_EQ(plain["content"][0]["type"], "text") << "no tool in the request";
}

TEST_F(mock_faults, says_what_it_is_told_in_an_error) {
  const raw_answer refused = ask("mock-status=400;error-message=Too odd", json_body).read_answer();
  EXPECT_EQ(json::parse(refused.body)["error"]["message"], "Too odd");
  const raw_answer stream =
      ask("mock-error-after-events=0;error-message=Too odd", stream_body).read_answer();
  EXPECT_EQ(json::parse(test::parse_events(stream.body).at(0).data)["error"]["message"], "Too odd");
}

TEST_F(mock_faults, fails_and_recovers_in_turn) {
  std::vector<int> statuses;
  for (int i = 0; i < 8; ++i) {
    statuses.push_back(ask("mock-status=503;flap=2,1", json_body).read_answer().status);
  }
  EXPECT_EQ(statuses, (std::vector{200, 200, 503, 200, 200, 503, 200, 200}));
  upstream.behave("k", {.status = 500, .flap = {.good = 1, .bad = 1}, .times = 2});
  EXPECT_EQ(ask("k", json_body).read_answer().status, 200);
  EXPECT_EQ(ask("k", json_body).read_answer().status, 500);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("k", json_body).read_answer().status, 200);
}

TEST_F(mock_faults, reads_a_body_slowly) {
  constexpr std::size_t body_bytes = 14'000;
  const auto body = R"({"model":"claude-x","x":")" + std::string(body_bytes, 'y') + "\"}";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask("mock-read-bytes-per-s=100000", body).read_answer().status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
  EXPECT_EQ(upstream.stats().last_body, body);
}

TEST_F(mock_faults, breaks_http_itself) {
  raw_client chunk = ask("mock-broken-chunk-after-events=3", stream_body);
  EXPECT_EQ(chunk.read_answer().problem, "chunk size: zz");
  raw_client garbage = ask("mock-garbage=1", json_body);
  EXPECT_EQ(garbage.read_answer().status, 0);
  raw_client too_short = ask("mock-content-length-off=10", json_body);
  EXPECT_FALSE(too_short.read_answer().complete);
  raw_client too_long = ask("mock-content-length-off=-10", json_body);
  EXPECT_TRUE(too_long.read_answer().complete);
  EXPECT_EQ(too_long.read_some().size(), 10u);
}

TEST_F(mock_faults, writes_byte_by_byte) {
  raw_client client = ask("mock-byte-by-byte=1;events=3", stream_body);
  const raw_answer answer = client.read_answer();
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(event_count(answer), 9u);
}

TEST_F(mock_faults, closes_after_an_answer_with_and_without_saying_so) {
  raw_client announced = ask("mock-close=announced", json_body);
  EXPECT_EQ(announced.read_answer().header("connection"), "close");
  EXPECT_EQ(announced.read_to_end(), peer_end::fin);
  raw_client silent = ask("mock-close=silent", json_body);
  EXPECT_EQ(silent.read_answer().header("connection"), "keep-alive");
  EXPECT_EQ(silent.read_to_end(), peer_end::fin);
  raw_client idle = ask("mock-idle-close-ms=10", json_body);
  EXPECT_TRUE(idle.read_answer().complete);
  EXPECT_EQ(idle.read_to_end(), peer_end::fin);
}

TEST_F(mock_faults, answers_before_the_body_is_complete) {
  raw_client client(upstream.port());
  client.send(
      "POST /v1/messages HTTP/1.1\r\nx-api-key: mock-early=1;status=413\r\n"
      "Content-Length: 1000000\r\n\r\n{\"mod");
  const raw_answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST_F(mock_faults, delays_the_head_and_the_first_event) {
  const auto start = std::chrono::steady_clock::now();
  raw_client client = ask("mock-delay-ms=30;first-event-delay-ms=30", stream_body);
  client.read_head();
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
  client.read_until("message_start");
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(60));
}

TEST_F(mock_faults, compresses_answers_and_every_event_of_a_stream) {
  raw_client plain = ask("mock-gzip=1", json_body);
  const raw_answer message = plain.read_answer();
  EXPECT_EQ(message.header("content-encoding"), "gzip");
  EXPECT_EQ(json::parse(gunzip(message.body))["model"], "claude-x");
  raw_client streaming = ask("mock-gzip=1;events=2", stream_body);
  const raw_answer stream = streaming.read_answer();
  EXPECT_EQ(test::parse_events(gunzip(stream.body)).size(), 8u);
  EXPECT_EQ(test::parse_events(gunzip(stream.body.substr(0, stream.chunk_bytes[0]))).size(), 1u)
      << "the first event can be decoded when it arrives";
}

}  // namespace baton::mock
