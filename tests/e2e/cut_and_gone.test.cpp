// One side ends before the answer does.
#include <gmock/gmock.h>

#include <thread>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr milliseconds noticed_within{sanitized ? 500 : 50};

class cut_and_gone : public relay_fixture {
 protected:
  void start_with(const mock::behaviour& script) {
    add_account("a", script);
    start();
  }
  // How long it takes the upstream to see that the client has gone.
  milliseconds time_to_abort() const {
    const auto left = steady_now();
    EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
    return std::chrono::duration_cast<milliseconds>(steady_now() - left);
  }
  void expect_broken_stream(std::size_t whole_events, std::string_view error_type) {
    const auto answer = send_message(true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete) << "a cut stream must not look complete";
    const auto events = test::parse_events(answer.body);
    ASSERT_EQ(events.size(), whole_events + 1) << answer.body;
    EXPECT_EQ(events.back().name, "error");
    EXPECT_THAT(events.back().data, HasSubstr(error_type));
    EXPECT_THAT(answer.body, EndsWith("\n\n"));
  }
};

TEST_F(cut_and_gone, a_client_that_leaves_a_stream_ends_it_upstream_at_once) {
  start_with({.interval = milliseconds(20), .events = 10'000});
  for (const bool rude : {false, true}) {
    upstream->clear_stats();
    raw_client client(port());
    client.send(message_request(true));
    client.read_until("event: content_block_delta");
    rude ? client.reset() : client.close();
    EXPECT_LE(time_to_abort(), noticed_within);
  }
  // What was announced before, and an estimate of what was delivered since.
  EXPECT_TRUE(estimated_usage_becomes(2, {.input = 50, .output = 2}));
  EXPECT_TRUE(metric_becomes("baton_client_aborts_total", 2));
  EXPECT_TRUE(metric_becomes("baton_live_streams", 0));
}

TEST_F(cut_and_gone, a_client_that_leaves_a_silent_stream_is_noticed_too) {
  start_with({.stall_after_events = 4});
  raw_client client(port());
  client.send(message_request(true));
  client.read_until("event: content_block_delta");
  client.close();
  EXPECT_LE(time_to_abort(), noticed_within);
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}));
}

TEST_F(cut_and_gone, a_client_that_leaves_before_the_head_ends_the_request) {
  start_with({.stall_before_head = true});
  for (const bool stream : {false, true}) {
    upstream->clear_stats();
    raw_client client(port());
    client.send(message_request(stream));
    ASSERT_TRUE(upstream->wait_until([](const auto& seen) { return seen.requests == 1; }));
    client.close();
    EXPECT_LE(time_to_abort(), noticed_within);
    EXPECT_EQ(upstream->stats().requests, 1u) << "nobody else is asked for a client that has gone";
  }
}

TEST_F(cut_and_gone, a_client_that_leaves_while_it_reads_slowly_is_noticed) {
  start_with({.events = 100, .event_bytes = 100'000});
  raw_client client(port(), raw_client::default_limit, 4096);
  client.send(message_request(true));
  client.read_until("event: content_block_delta");
  client.reset();
  EXPECT_LE(time_to_abort(), noticed_within);
}

TEST_F(cut_and_gone, a_client_that_leaves_within_its_body_reaches_nobody) {
  start_with({});
  raw_client client(port());
  const auto request = message_request(false, message_body_of(50'000));
  client.send(request.substr(0, 30'000));
  client.close();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(upstream->stats().requests, 1u);
}

TEST_F(cut_and_gone, a_stream_cut_between_events_is_seen_as_cut) {
  for (const auto how : {mock::ending::fin, mock::ending::rst}) {
    add_account(how == mock::ending::fin ? "fin" : "rst",
                {.interval = milliseconds(5), .cut_after_events = 6, .cut_with = how});
  }
  start();
  expect_broken_stream(6, "api_error");
  expect_broken_stream(6, "api_error");
  EXPECT_EQ(seen_by("fin").answers_cut + seen_by("rst").answers_cut, 2u);
  EXPECT_TRUE(estimated_usage_becomes(2, {.input = 50, .output = 2}));
}

TEST_F(cut_and_gone, a_stream_cut_within_an_event_ends_with_an_error_of_its_own) {
  start_with({.cut_after_bytes = 1500});
  const auto answer = send_message(true);
  EXPECT_FALSE(answer.complete);
  const auto events = test::parse_events(answer.body);
  ASSERT_GE(events.size(), 2u);
  EXPECT_EQ(events.back().name, "error");
}

TEST_F(cut_and_gone, a_stream_cut_by_nonsense_keeps_what_came_before) {
  start_with({.broken_chunk_after_events = 6});
  expect_broken_stream(6, "api_error");
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}));
}

TEST_F(cut_and_gone, a_json_answer_cut_short_is_seen_as_cut) {
  for (const auto how : {mock::ending::fin, mock::ending::rst}) {
    upstream = std::make_unique<mock::mock_upstream>();
    add_account(how == mock::ending::fin ? "fin" : "rst",
                {.answer_bytes = 50'000, .cut_after_bytes = 20'000, .cut_with = how});
  }
  start();
  for (int i = 0; i < 2; ++i) {
    const auto answer = send_message();
    EXPECT_FALSE(answer.complete) << answer.body.size();
    EXPECT_LT(answer.body.size(), 50'000u);
  }
  EXPECT_TRUE(
      metric_becomes("baton_requests_total{platform=\"claude-console\",route=\"messages\","
                     "outcome=\"upstream_failed\"}",
                     2));
}

TEST_F(cut_and_gone, a_json_answer_shorter_than_promised_is_seen_as_cut) {
  start_with({.content_length_off = 10});
  EXPECT_FALSE(send_message().complete);
  upstream->behave(credential("a"), {});
  EXPECT_TRUE(send_message().complete);
}

TEST_F(cut_and_gone, a_stream_that_falls_silent_is_ended) {
  settings.timeouts.between_events = milliseconds(300);
  start_with({.stall_after_events = 5});
  const auto began = steady_now();
  expect_broken_stream(5, "timeout");
  EXPECT_LT(steady_now() - began, milliseconds(sanitized ? 3000 : 1000));
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.connections_open == 0; }));
}

TEST_F(cut_and_gone, a_slow_stream_is_not_ended_while_events_come) {
  settings.timeouts.between_events = milliseconds(400);
  settings.timeouts.stream_head = milliseconds(400);
  start_with({.interval = milliseconds(100), .events = 10});
  EXPECT_TRUE(send_message(true).complete);
}

TEST_F(cut_and_gone, an_answer_whose_head_does_not_come_is_given_up) {
  settings.timeouts.stream_head = milliseconds(300);
  settings.timeouts.json_head = milliseconds(300);
  start_with({.stall_before_head = true});
  EXPECT_EQ(send_message().status, 504);
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
}

TEST_F(cut_and_gone, an_error_event_within_a_stream_passes) {
  start_with({.error_after_events = 6});
  const auto answer = send_message(true);
  EXPECT_TRUE(answer.complete) << answer.problem;
  const auto events = test::parse_events(answer.body);
  ASSERT_EQ(events.size(), 7u);
  EXPECT_EQ(events.back().name, "error");
  EXPECT_THAT(events.back().data, HasSubstr("overloaded_error"));
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}));
}

TEST_F(cut_and_gone, a_client_that_does_not_read_is_given_up_in_the_end) {
  settings.timeouts.client_write = milliseconds(300);
  start_with({.events = 200, .event_bytes = 100'000});
  raw_client client(port(), raw_client::default_limit, 4096);
  client.send(message_request(true));
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}));
}

}  // namespace
}  // namespace baton::e2e
