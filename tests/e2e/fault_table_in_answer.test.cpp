// The fault table: failures after part of an answer has reached the client. There is no other
// account for those: the client must see that the answer is not whole, and keeps what came before.
#include <gmock/gmock.h>

#include "tests/e2e/fault_table.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using mock::ending;
using mock::malformation;
using testing::HasSubstr;
using testing::Not;

// Of the events of a stream, so many come before its fault; the fourth is the first with content.
constexpr std::size_t events_before = 6;
// What a stream has announced by then.
constexpr relay::token_usage usage_announced{.input = 25, .output = 1};

class fault_cut : public fault_table, public testing::WithParamInterface<named_fault> {};

INSTANTIATE_TEST_SUITE_P(by, fault_cut,
                         testing::Values(named_fault{"fin", {.cut_with = ending::fin}},
                                         named_fault{"rst", {.cut_with = ending::rst}},
                                         named_fault{"half_close", {.cut_with = ending::half}}),
                         fault_name);

TEST_P(fault_cut, within_a_json_answer_breaks_the_connection) {
  start_with_failing(
      {.answer_bytes = 50'000, .cut_after_bytes = 20'000, .cut_with = GetParam().script.cut_with});
  expect_broken_json(send_message(false));
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_EQ(seen_by("second").requests, 0u);
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.connections_open == 0; }));
}

TEST_P(fault_cut, within_a_stream_ends_it_with_an_error_event) {
  start_with_failing({.interval = milliseconds(5),
                      .cut_after_events = events_before,
                      .cut_with = GetParam().script.cut_with});
  expect_broken_stream(send_message(true), events_before);
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_TRUE(estimated_usage_becomes(1, usage_announced));
  EXPECT_EQ(seen_by("second").requests, 0u);
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.connections_open == 0; }));
}

class fault_in_answer : public fault_table {
 protected:
  // A stream that breaks off after events_before.
  void expect_broken_by(const mock::behaviour& script) {
    start_with_failing(script);
    expect_broken_stream(send_message(true), events_before);
    EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
    EXPECT_TRUE(estimated_usage_becomes(1, usage_announced));
    EXPECT_EQ(seen_by("second").requests, 0u);
  }
};

TEST_F(fault_in_answer, a_json_answer_that_falls_silent_is_broken_off) {
  settings.timeouts.between_events = short_limit;
  scripted_peer silent([](conversation& talk) {
    talk.read_request();
    talk.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n");
    talk.write(R"({"type":"message","role":"assist)");
    talk.read_to_end();
  });
  start_with_failing({}, [&](relay::account& account) { account.api_url = silent.url(); });
  const auto began = steady_now();
  expect_broken_json(send_message(false));
  EXPECT_GE(steady_now() - began, settings.timeouts.between_events);
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_F(fault_in_answer, a_stream_that_falls_silent_is_broken_off) {
  settings.timeouts.between_events = short_limit;
  expect_broken_by({.stall_after_events = events_before});
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.connections_open == 0; }));
}

TEST_F(fault_in_answer, an_event_of_garbage_ends_a_stream) {
  expect_broken_by(
      {.malformed_after_events = events_before, .malformed_with = malformation::garbage});
}

TEST_F(fault_in_answer, an_event_of_cut_json_ends_a_stream) {
  expect_broken_by({.malformed_after_events = events_before});
}

TEST_F(fault_in_answer, a_broken_chunk_ends_a_stream) {
  expect_broken_by({.broken_chunk_after_events = events_before});
}

TEST_F(fault_in_answer, nothing_of_a_malformed_event_reaches_the_client_however_it_arrives) {
  start_with_failing({.malformed_after_events = events_before,
                      .malformed_with = malformation::garbage,
                      .byte_by_byte = true});
  const auto answer = send_message(true);
  expect_broken_stream(answer, events_before);
  EXPECT_THAT(answer.body, Not(HasSubstr("<html>")));
}

TEST_F(fault_in_answer, an_error_event_passes_and_is_a_failure) {
  start_with_failing({.error_after_events = events_before});
  const auto events = test::parse_events(send_message(true).body);
  ASSERT_EQ(events.size(), events_before + 1);
  EXPECT_EQ(events.back().name, "error");
  EXPECT_THAT(events.back().data, HasSubstr("overloaded_error"));
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_TRUE(estimated_usage_becomes(1, usage_announced));
}

TEST_F(fault_in_answer, a_stream_without_its_end_is_broken) {
  start_with_failing({.omit_end = true});
  constexpr std::size_t all_but_message_stop = 17;
  expect_broken_stream(send_message(true), all_but_message_stop);
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42})) << "all of it was announced";
}

TEST_F(fault_in_answer, a_length_that_is_too_long_breaks_the_connection) {
  start_with_failing({.content_length_off = 10});
  const auto answer = send_message(false);
  EXPECT_FALSE(answer.complete) << answer.body;
  EXPECT_TRUE(outcome_becomes("upstream_failed", 1));
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_F(fault_in_answer, a_length_that_is_too_short_ends_the_answer_and_its_connection) {
  settings.server.workers = 1;  // and so one pool of connections
  scripted_peer talkative([](conversation& talk) {
    while (!talk.read_request().empty()) {
      talk.write(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n"
          R"({"type":"message"})"
          "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    }
  });
  start_with_failing({}, [&](relay::account& account) { account.api_url = talkative.url(); });
  for (std::size_t n = 1; n <= 3; ++n) {
    const auto answer = send_message(false);
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(answer.body, R"({"type":"message"})");
    EXPECT_EQ(talkative.connections(), n) << "what follows the answer is nobody's answer";
  }
  EXPECT_EQ(seen_by("second").requests, 0u);
}

}  // namespace
}  // namespace baton::e2e
