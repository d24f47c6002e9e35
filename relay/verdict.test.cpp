#include "relay/verdict.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

using std::chrono::seconds;

// Sun, 06 Nov 1994 08:49:37 GMT
const wall_time now{seconds(784'111'777)};

void expect_other_account(const verdict& judged, failure_kind kind, seconds cooldown) {
  EXPECT_EQ(judged.step, next_step::other_account);
  EXPECT_EQ(judged.blame, kind);
  EXPECT_EQ(judged.cooldown, cooldown);
}

TEST(verdict, passes_answers_and_the_clients_mistakes_on) {
  for (const int status : {200, 201, 204, 301, 304, 400, 402, 404, 405, 408, 409, 413, 418, 422}) {
    const verdict judged = judge_answer(status, {"5", ""}, now);
    EXPECT_EQ(judged.step, next_step::pass_on) << status;
    EXPECT_FALSE(judged.blame) << status;
    EXPECT_EQ(judged.cooldown, seconds(0)) << status;
  }
}

TEST(verdict, takes_another_account_for_what_is_the_accounts_fault) {
  expect_other_account(judge_answer(401, {}, now), failure_kind::unauthorized, seconds(1800));
  expect_other_account(judge_answer(403, {}, now), failure_kind::forbidden, seconds(60));
  expect_other_account(judge_answer(429, {}, now), failure_kind::rate_limited, seconds(60));
  expect_other_account(judge_answer(503, {}, now), failure_kind::overloaded, seconds(10));
  expect_other_account(judge_answer(529, {}, now), failure_kind::overloaded, seconds(30));
  for (const int status : {500, 501, 502, 504, 520, 599}) {
    expect_other_account(judge_answer(status, {"30", ""}, now), failure_kind::server_error,
                         seconds(0));
  }
}

TEST(verdict, keeps_away_as_long_as_the_upstream_asks) {
  expect_other_account(judge_answer(429, {"7", ""}, now), failure_kind::rate_limited, seconds(7));
  expect_other_account(judge_answer(503, {"7", ""}, now), failure_kind::overloaded, seconds(7));
  expect_other_account(judge_answer(529, {"7", ""}, now), failure_kind::overloaded, seconds(7));
  expect_other_account(judge_answer(429, {"0", ""}, now), failure_kind::rate_limited, seconds(1));
  expect_other_account(judge_answer(429, {"", "784111807"}, now), failure_kind::rate_limited,
                       seconds(30));
  expect_other_account(judge_answer(401, {"7", ""}, now), failure_kind::unauthorized,
                       seconds(1800));
}

TEST(verdict, tries_elsewhere_when_nothing_was_sent) {
  for (const bool streaming : {true, false}) {
    expect_other_account(judge_failure(failure_kind::connect, false, false, streaming),
                         failure_kind::connect, seconds(10));
  }
}

TEST(verdict, tries_an_idle_connection_that_was_closed_again) {
  for (const bool streaming : {true, false}) {
    const verdict judged = judge_failure(failure_kind::broken, true, false, streaming);
    EXPECT_EQ(judged.step, next_step::same_account_fresh);
    EXPECT_FALSE(judged.blame);
    EXPECT_EQ(judged.cooldown, seconds(0));
  }
}

TEST(verdict, moves_a_stream_that_broke_before_its_answer) {
  expect_other_account(judge_failure(failure_kind::broken, false, false, true),
                       failure_kind::broken, seconds(0));
  expect_other_account(judge_failure(failure_kind::broken, true, true, true), failure_kind::broken,
                       seconds(0));
  expect_other_account(judge_failure(failure_kind::timeout, false, false, true),
                       failure_kind::timeout, seconds(10));
}

TEST(verdict, never_asks_twice_for_an_answer_that_may_have_been_billed) {
  for (const auto kind : {failure_kind::broken, failure_kind::timeout}) {
    const verdict judged = judge_failure(kind, false, false, false);
    EXPECT_EQ(judged.step, next_step::pass_on);
    EXPECT_EQ(judged.blame, kind);
  }
  EXPECT_EQ(judge_failure(failure_kind::broken, true, true, false).step, next_step::pass_on);
}

TEST(verdict, names_every_kind) {
  for (std::size_t i = 0; i < failure_kind_count; ++i) {
    EXPECT_FALSE(to_string(static_cast<failure_kind>(i)).empty());
  }
  EXPECT_EQ(to_string(failure_kind::rate_limited), "rate_limited");
}

TEST(requested_delay, reads_seconds) {
  EXPECT_EQ(requested_delay({"12", ""}, now), seconds(12));
  EXPECT_EQ(requested_delay({" 12 ", ""}, now), seconds(12));
  EXPECT_EQ(requested_delay({"0", ""}, now), seconds(0));
  EXPECT_EQ(requested_delay({"3600", ""}, now), cooldown_max);
  EXPECT_EQ(requested_delay({"99999999999999999999999999", ""}, now), cooldown_max);
}

TEST(requested_delay, reads_a_date) {
  EXPECT_EQ(requested_delay({"Sun, 06 Nov 1994 08:50:37 GMT", ""}, now), seconds(60));
  EXPECT_EQ(requested_delay({"Mon, 07 Nov 1994 08:49:37 GMT", ""}, now), cooldown_max);
  EXPECT_FALSE(requested_delay({"Sun, 06 Nov 1994 08:49:37 GMT", ""}, now)) << "that is now";
  EXPECT_FALSE(requested_delay({"Thu, 01 Jan 1970 00:00:00 GMT", ""}, now));
  EXPECT_EQ(
      requested_delay({"Sun, 06 Nov 1994 08:50:37 GMT", ""}, now + std::chrono::milliseconds(1)),
      seconds(60));
}

TEST(requested_delay, reads_the_unified_reset) {
  EXPECT_EQ(requested_delay({"", "784111787"}, now), seconds(10));
  EXPECT_EQ(requested_delay({"soon", "784111787"}, now), seconds(10));
  EXPECT_EQ(requested_delay({"3", "784111787"}, now), seconds(3));
  EXPECT_EQ(requested_delay({"", "1784111787"}, now), cooldown_max);
  EXPECT_FALSE(requested_delay({"", "784111777"}, now));
  EXPECT_FALSE(requested_delay({"", "5"}, now));
}

TEST(requested_delay, ignores_garbage) {
  for (const std::string_view text : {"",
                                      " ",
                                      "-5",
                                      "+5",
                                      "1.5",
                                      "5s",
                                      "0x10",
                                      "1e3",
                                      "soon",
                                      "\xff\xfe",
                                      "Sunday, 06-Nov-94 08:50:37 GMT",
                                      "Sun, 06 Nov 1994 08:50:37 UTC",
                                      "Sun, 31 Feb 2099 08:50:37 GMT",
                                      "Sun, 06 Foo 2099 08:50:37 GMT",
                                      "Sun, 00 Nov 2099 08:50:37 GMT",
                                      "Sun, 06 Nov 2099 24:50:37 GMT",
                                      "Sun, 06 Nov 2099 08:60:37 GMT",
                                      "Sun, 06 Nov 2099 08:50:61 GMT",
                                      "Sun, 06 Nov 20990 8:50:37 GMT",
                                      "Sun, -6 Nov 2099 08:50:37 GMT"}) {
    EXPECT_FALSE(requested_delay({text, ""}, now)) << text;
  }
  for (const std::string_view text :
       {"-1", "x", "99999999999999999999", "9999999999999999", "1.5"}) {
    EXPECT_FALSE(requested_delay({"", text}, now)) << text;
  }
}

}  // namespace
}  // namespace baton::relay
