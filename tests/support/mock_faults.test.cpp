// The faults of the mock upstream, as a client meets them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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
