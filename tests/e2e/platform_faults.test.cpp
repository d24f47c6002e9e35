// The fault table for every platform: what goes wrong before an answer has content is tried with
// the next account, what goes wrong later ends the answer so that the client can tell.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/client_shapes.hpp"

namespace baton::e2e {
namespace {

using mock::malformation;
using testing::HasSubstr;

// Of the events of any API, so many have content among them and do not end the stream.
constexpr std::uint32_t events_before = 8;
constexpr milliseconds short_limit{sanitized ? 1000 : 200};

class platform_faults : public shaped_fixture {
 protected:
  // A stream that breaks off after events_before: they reach the client whole, then the API's own
  // error, and an end that nobody takes for regular.
  void expect_broken_by(const mock::behaviour& script) {
    start_with(script);
    const auto answer = send(true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete) << "a broken stream must not look complete";
    const auto events = shape().events_of(answer.body);
    ASSERT_EQ(events.size(), events_before + 1) << answer.body;
    for (const auto& event : events) {
      EXPECT_EQ(client_shape::is_error(event), &event == &events.back()) << event;
    }
    EXPECT_TRUE(outcome_becomes(true, "upstream_failed", 1));
    EXPECT_EQ(seen_by("second").requests, 0u);
  }
};

INSTANTIATE_TEST_SUITE_P(each, platform_faults, testing::ValuesIn(client_shapes()),
                         client_shape_name);

TEST_P(platform_faults, refusals_of_an_account_are_the_next_ones_turn) {
  start_with({});
  for (const int status : {401, 403, 429, 500, 503}) {
    upstream->behave(credential("first"), {.status = status});
    for (const bool stream : {false, true}) {
      auto own = store().find_account("first").value();
      // Not kept away for longer than this answer.
      own.cooldowns = {{"rate_limited", std::chrono::seconds(0)},
                       {"unauthorized", std::chrono::seconds(0)},
                       {"forbidden", std::chrono::seconds(0)},
                       {"overloaded", std::chrono::seconds(0)}};
      ASSERT_TRUE(store().update_account(own));
      ASSERT_TRUE(eventually([&] {
        const auto answer = send(stream);
        return answer.status == 200 && answer.header("x-baton-attempts") == "2" &&
               answer.header("x-answered-by") == "second";
      })) << status;
    }
  }
}

TEST_P(platform_faults, an_account_out_of_reach_is_the_next_ones_turn) {
  add_shaped_account("first", {}, [](relay::account& account) {
    account.priority = 10;
    account.api_url = "http://127.0.0.1:" + std::to_string(refusing_port());
  });
  add_shaped_account("second");
  start();
  for (const bool stream : {false, true}) {
    const auto answer = send(stream);
    expect_whole(stream, answer);
    EXPECT_EQ(answer.header("x-answered-by"), "second");
  }
}

TEST_P(platform_faults, the_clients_own_mistakes_are_passed_on_and_blame_nobody) {
  start_with({.status = 400});
  for (const bool stream : {false, true}) {
    const auto answer = send(stream);
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_TRUE(client_shape::is_error(answer.body) || answer.header("x-amzn-errortype"))
        << answer.body;
    EXPECT_EQ(answer.header("x-answered-by").value_or("first"), "first");
  }
  EXPECT_EQ(seen_by("first").requests, 2u);
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_P(platform_faults, a_redirect_is_followed_by_nobody) {
  start_with({.status = 307, .header_lines = "location: http://127.0.0.1:1/elsewhere\r\n"});
  for (const bool stream : {false, true}) {
    const auto answer = send(stream);
    expect_whole(stream, answer);
    EXPECT_EQ(answer.header("x-answered-by"), "second");
  }
}

TEST_P(platform_faults, a_request_that_every_account_refuses_puts_none_of_them_away) {
  add_shaped_account("first", {.status = 401, .times = 1});
  add_shaped_account("second", {.status = 401, .times = 1});
  start();
  const auto refused = send(false);
  EXPECT_EQ(refused.status, 503) << "the accounts' credentials are none of the client's business";
  EXPECT_EQ(refused.header("x-baton-attempts"), "2");
  EXPECT_EQ(send(false).status, 200) << "and may be good";
}

TEST_P(platform_faults, an_error_before_any_content_is_the_next_ones_turn) {
  start_with({.error_after_events = 0});
  expect_second(true);
}

TEST_P(platform_faults, garbage_before_any_content_is_the_next_ones_turn) {
  start_with({.malformed_after_events = 0, .malformed_with = malformation::garbage});
  expect_second(true);
}

TEST_P(platform_faults, a_wrong_checksum_before_any_content_is_the_next_ones_turn) {
  start_with({.malformed_after_events = 0, .malformed_with = malformation::crc});
  expect_second(true);
}

TEST_P(platform_faults, an_end_before_any_content_is_the_next_ones_turn) {
  start_with({.cut_after_events = 0});
  expect_second(true);
}

TEST_P(platform_faults, an_empty_stream_is_the_next_ones_turn) {
  start_with({.empty_stream = true});
  expect_second(true);
}

TEST_P(platform_faults, what_is_encoded_unasked_is_decoded_and_counted) {
  start_with({.gzip = true});
  for (const bool stream : {false, true}) {
    const auto answer = send(stream);
    expect_whole(stream, answer);
    EXPECT_EQ(answer.header("x-answered-by"), "first");
    EXPECT_EQ(answer.header("content-encoding"), std::nullopt);
  }
  EXPECT_TRUE(usage_becomes(2, {.input = 50, .output = 84}));
}

TEST_P(platform_faults, an_encoded_stream_fails_as_any_other) {
  start_with({.gzip = true, .error_after_events = 0});
  expect_second(true);
}

TEST_P(platform_faults, an_encoded_error_is_told_plainly) {
  start_with({.status = 400, .gzip = true});
  const auto answer = send(false);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("content-encoding"), std::nullopt);
  EXPECT_TRUE(nlohmann::json::accept(answer.body)) << answer.body;
}

TEST_P(platform_faults, a_cut_ends_a_stream_with_an_error) {
  expect_broken_by({.interval = milliseconds(5), .cut_after_events = events_before});
}

TEST_P(platform_faults, a_reset_ends_a_stream_with_an_error) {
  expect_broken_by({.interval = milliseconds(5),
                    .cut_after_events = events_before,
                    .cut_with = mock::ending::rst});
}

TEST_P(platform_faults, silence_ends_a_stream_with_an_error) {
  settings.timeouts.between_events = short_limit;
  expect_broken_by({.stall_after_events = events_before});
}

TEST_P(platform_faults, garbage_ends_a_stream_with_an_error) {
  expect_broken_by(
      {.malformed_after_events = events_before, .malformed_with = malformation::garbage});
}

TEST_P(platform_faults, a_cut_event_ends_a_stream_with_an_error) {
  expect_broken_by({.malformed_after_events = events_before});
}

TEST_P(platform_faults, a_wrong_checksum_ends_a_stream_with_an_error) {
  expect_broken_by({.malformed_after_events = events_before,
                    .malformed_with = malformation::crc,
                    .byte_by_byte = true});
}

TEST_P(platform_faults, an_error_of_the_upstream_passes_and_is_a_failure) {
  start_with({.error_after_events = events_before});
  const auto answer = send(true);
  const auto events = shape().events_of(answer.body);
  ASSERT_EQ(events.size(), events_before + 1) << answer.body;
  EXPECT_TRUE(client_shape::is_error(events.back())) << events.back();
  EXPECT_TRUE(outcome_becomes(true, "upstream_failed", 1));
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_P(platform_faults, a_stream_without_its_end_is_broken) {
  start_with({.omit_end = true});
  const auto answer = send(true);
  EXPECT_FALSE(answer.complete) << "it must not look complete";
  const auto events = shape().events_of(answer.body);
  ASSERT_FALSE(events.empty());
  EXPECT_TRUE(client_shape::is_error(events.back())) << events.back();
  EXPECT_TRUE(outcome_becomes(true, "upstream_failed", 1));
}

TEST_P(platform_faults, a_document_that_is_cut_breaks_the_connection) {
  start_with({.answer_bytes = 50'000, .cut_after_bytes = 20'000});
  const auto answer = send(false);
  EXPECT_FALSE(answer.complete) << answer.body.size() << " bytes look like a whole answer";
  EXPECT_FALSE(nlohmann::json::accept(answer.body));
  EXPECT_EQ(seen_by("second").requests, 0u);
}

}  // namespace
}  // namespace baton::e2e
