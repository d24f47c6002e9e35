// The fault table: answers that have begun with status 200 and fail before they have any content.
// Nothing of them reaches the client.
#include <gmock/gmock.h>

#include "tests/e2e/fault_table.hpp"

namespace baton::e2e {
namespace {

using mock::malformation;

// message_start, content_block_start and a ping come before the first content_block_delta.
class fault_before_content : public fault_table, public testing::WithParamInterface<named_fault> {};

INSTANTIATE_TEST_SUITE_P(
    fault, fault_before_content,
    testing::Values(
        named_fault{"garbage_at_once",
                    {.malformed_after_events = 0, .malformed_with = malformation::garbage},
                    "malformed"},
        named_fault{"garbage_after_the_opening",
                    {.malformed_after_events = 3, .malformed_with = malformation::garbage},
                    "malformed"},
        named_fault{"cut_json_at_once", {.malformed_after_events = 0}, "malformed"},
        named_fault{"cut_json_after_the_opening", {.malformed_after_events = 3}, "malformed"},
        named_fault{"error_event_at_once", {.error_after_events = 0}, ""},
        named_fault{"error_event_after_message_start", {.error_after_events = 1}, ""},
        named_fault{"error_event_after_the_opening",
                    {.error_type = "api_error", .error_after_events = 3},
                    ""},
        named_fault{"cut_after_the_head", {.cut_after_events = 0}, ""},
        named_fault{"cut_after_the_opening", {.cut_after_events = 3}, ""},
        named_fault{"broken_chunk_after_the_opening", {.broken_chunk_after_events = 3}, ""},
        named_fault{"empty_stream", {.empty_stream = true}, ""}),
    fault_name);

TEST_P(fault_before_content, is_the_next_accounts_turn) {
  start_with_failing(GetParam().script);
  expect_next_account(true, GetParam().kind);
}

class fault_no_content : public fault_table {};

TEST_F(fault_no_content, is_no_fault_of_a_stream_that_comes_to_its_end) {
  auto wordless = answers_as("first");
  wordless.events = 0;
  start_with_failing(wordless);
  const auto answer = send_message(true);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("x-answered-by"), "first");
  EXPECT_EQ(test::parse_events(answer.body).size(), 6u);
  EXPECT_EQ(seen_by("second").requests, 0u);
}

class fault_first_token : public fault_table {};

TEST_F(fault_first_token, that_is_too_late_is_the_next_accounts_turn) {
  settings.timeouts.first_event = short_limit;
  start_with_failing({.tokens = {.input = 7777}, .first_event_delay = std::chrono::seconds(30)});
  expect_next_account(true, "timeout");
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }))
      << "the first is not left running";
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_F(fault_first_token, that_is_slow_but_in_time_is_waited_for) {
  settings.timeouts.first_event = std::chrono::seconds(10);
  auto slow = answers_as("first");
  slow.first_event_delay = milliseconds(300);
  start_with_failing(slow);
  const auto answer = send_message(true);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("x-answered-by"), "first");
  EXPECT_EQ(answer.header("x-baton-attempts"), "1");
  expect_whole_stream(answer);
  EXPECT_EQ(seen_by("second").requests, 0u);
}

class fault_in_200 : public fault_table {};

TEST_F(fault_in_200, an_error_object_instead_of_a_message_is_the_next_accounts_turn) {
  start_with_failing({.error_in_200 = true});
  expect_next_account(false);
}

}  // namespace
}  // namespace baton::e2e
