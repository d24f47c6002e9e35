#include "relay/verdict.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace baton::relay {
namespace {

using std::chrono::seconds;

// Sun, 06 Nov 1994 08:49:37 GMT
const wall_time now{seconds(784'111'777)};

const account plain;

verdict judged(int status, const retry_headers& headers = {}, const account& by = plain) {
  answer_facts answer;
  answer.status = status;
  answer.headers = headers;
  return judge_answer(answer, by, now);
}

void expect_other_account(const verdict& judged, failure_kind kind, seconds cooldown) {
  EXPECT_EQ(judged.step, next_step::other_account);
  EXPECT_EQ(judged.blame, kind);
  EXPECT_EQ(judged.cooldown, cooldown);
}

TEST(verdict, passes_answers_and_the_clients_mistakes_on) {
  for (const int status : {200, 201, 204, 304, 400, 402, 404, 405, 408, 409, 413, 418, 422}) {
    const verdict passed = judged(status, {"5", ""});
    EXPECT_EQ(passed.step, next_step::pass_on) << status;
    EXPECT_FALSE(passed.blame) << status;
    EXPECT_EQ(passed.cooldown, seconds(0)) << status;
  }
}

TEST(verdict, takes_another_account_for_what_is_the_accounts_fault) {
  expect_other_account(judged(401), failure_kind::unauthorized, seconds(1800));
  expect_other_account(judged(403), failure_kind::forbidden, seconds(60));
  expect_other_account(judged(429), failure_kind::rate_limited, seconds(60));
  expect_other_account(judged(503), failure_kind::overloaded, seconds(10));
  expect_other_account(judged(529), failure_kind::overloaded, seconds(30));
  for (const int status : {500, 501, 502, 504, 520, 599}) {
    expect_other_account(judged(status, {"30", ""}), failure_kind::server_error, seconds(0));
  }
}

TEST(verdict, follows_no_redirect) {
  for (const int status : {301, 302, 307, 308}) {
    expect_other_account(judged(status), failure_kind::server_error, seconds(0));
  }
  EXPECT_EQ(judged(304).step, next_step::pass_on);
}

TEST(verdict, is_provisional_where_the_request_itself_may_be_the_reason) {
  for (const int status : {307, 401, 403, 500, 502}) {
    EXPECT_TRUE(judged(status).provisional) << status;
  }
  for (const int status : {200, 429, 503, 529}) {
    EXPECT_FALSE(judged(status).provisional) << status;
  }
  for (const auto kind : {failure_kind::timeout, failure_kind::broken, failure_kind::malformed}) {
    EXPECT_TRUE(judge_failure(kind, false, false, true, plain).provisional);
  }
  EXPECT_FALSE(judge_failure(failure_kind::connect, false, false, true, plain).provisional);
}

TEST(verdict, keeps_away_as_long_as_the_upstream_asks) {
  expect_other_account(judged(429, {"7", ""}), failure_kind::rate_limited, seconds(7));
  expect_other_account(judged(503, {"7", ""}), failure_kind::overloaded, seconds(7));
  expect_other_account(judged(529, {"7", ""}), failure_kind::overloaded, seconds(7));
  expect_other_account(judged(429, {"0", ""}), failure_kind::rate_limited, seconds(1));
  expect_other_account(judged(429, {"", "784111807"}), failure_kind::rate_limited, seconds(30));
  expect_other_account(judged(401, {"7", ""}), failure_kind::unauthorized, seconds(1800));
}

TEST(verdict, limits_one_family_of_models_where_the_limit_has_a_reset) {
  answer_facts answer;
  answer.status = 429;
  answer.headers = {"9", "784129777"};  // five hours from now
  for (const auto& [model, family] :
       std::initializer_list<std::pair<std::string_view, std::optional<std::size_t>>>{
           {"claude-opus-5-5", 0}, {"Claude-SONNET-4", 1}, {"claude-3-5-haiku", 2}, {"x", {}}}) {
    answer.model = model;
    const auto limited = judge_answer(answer, plain, now);
    EXPECT_EQ(limited.family, family) << model;
    EXPECT_EQ(limited.cooldown, seconds(18'000)) << "the reset is not cut to half an hour";
  }
  answer.model = "claude-opus-5-5";
  answer.headers.unified_reset = "";
  EXPECT_FALSE(judge_answer(answer, plain, now).family) << "retry-after is about the account";
}

TEST(verdict, leaves_an_account_in_the_choice_that_only_refuses_extra_usage) {
  answer_facts answer;
  answer.status = 429;
  answer.error_body = R"({"error":{"message":"Extra usage is required for long context"}})";
  expect_other_account(judge_answer(answer, plain, now), failure_kind::rate_limited, seconds(0));
}

TEST(verdict, blocks_an_account_that_is_disabled) {
  answer_facts answer;
  answer.error_body = R"({"error":{"message":"This Organization has been disabled."}})";
  for (const int status : {400, 403}) {
    answer.status = status;
    expect_other_account(judge_answer(answer, plain, now), failure_kind::blocked, seconds(1800));
  }
  answer.status = 422;
  EXPECT_EQ(judge_answer(answer, plain, now).step, next_step::pass_on);
}

TEST(verdict, does_not_let_a_client_block_an_account_with_its_own_words) {
  answer_facts answer;
  answer.status = 400;
  answer.error_body = R"({"error":{"message":"model: account is disabled"}})";
  answer.request_body = R"({"model":"Account is disabled"})";
  EXPECT_EQ(judge_answer(answer, plain, now).step, next_step::pass_on);
}

TEST(verdict, follows_the_accounts_own_rules) {
  account ruled;
  ruled.cooldowns = {
      {"rate_limited", seconds(5)}, {"server_error", seconds(9)}, {"overloaded", seconds(0)}};
  expect_other_account(judged(429, {}, ruled), failure_kind::rate_limited, seconds(5));
  expect_other_account(judged(429, {"7", ""}, ruled), failure_kind::rate_limited, seconds(7));
  expect_other_account(judged(500, {}, ruled), failure_kind::server_error, seconds(9));
  expect_other_account(judged(529, {"7", ""}, ruled), failure_kind::overloaded, seconds(0));
}

TEST(verdict, tries_elsewhere_when_nothing_was_sent) {
  for (const bool streaming : {true, false}) {
    expect_other_account(judge_failure(failure_kind::connect, false, false, streaming, plain),
                         failure_kind::connect, seconds(10));
  }
}

TEST(verdict, tries_an_idle_connection_that_was_closed_again) {
  for (const bool streaming : {true, false}) {
    const verdict again = judge_failure(failure_kind::broken, true, false, streaming, plain);
    EXPECT_EQ(again.step, next_step::same_account_fresh);
    EXPECT_FALSE(again.blame);
    EXPECT_EQ(again.cooldown, seconds(0));
  }
}

TEST(verdict, moves_a_stream_that_broke_before_its_answer) {
  expect_other_account(judge_failure(failure_kind::broken, false, false, true, plain),
                       failure_kind::broken, seconds(0));
  expect_other_account(judge_failure(failure_kind::broken, true, true, true, plain),
                       failure_kind::broken, seconds(0));
  expect_other_account(judge_failure(failure_kind::timeout, false, false, true, plain),
                       failure_kind::timeout, seconds(10));
}

TEST(verdict, never_asks_twice_for_an_answer_that_may_have_been_billed) {
  for (const auto kind : {failure_kind::broken, failure_kind::timeout}) {
    const verdict final = judge_failure(kind, false, false, false, plain);
    EXPECT_EQ(final.step, next_step::pass_on);
    EXPECT_EQ(final.blame, kind);
  }
  EXPECT_EQ(judge_failure(failure_kind::broken, true, true, false, plain).step, next_step::pass_on);
}

TEST(verdict, names_every_kind) {
  for (std::size_t i = 0; i < failure_kind_count; ++i) {
    EXPECT_FALSE(to_string(static_cast<failure_kind>(i)).empty());
  }
  EXPECT_EQ(to_string(failure_kind::rate_limited), "rate_limited");
}

TEST(retry_after_delay, reads_seconds) {
  EXPECT_EQ(retry_after_delay({"12", ""}, now), seconds(12));
  EXPECT_EQ(retry_after_delay({" 12 ", ""}, now), seconds(12));
  EXPECT_EQ(retry_after_delay({"0", ""}, now), seconds(0));
  EXPECT_EQ(retry_after_delay({"3600", ""}, now), cooldown_max);
  EXPECT_EQ(retry_after_delay({"99999999999999999999999999", ""}, now), cooldown_max);
}

TEST(retry_after_delay, reads_a_date) {
  EXPECT_EQ(retry_after_delay({"Sun, 06 Nov 1994 08:50:37 GMT", ""}, now), seconds(60));
  EXPECT_EQ(retry_after_delay({"Mon, 07 Nov 1994 08:49:37 GMT", ""}, now), cooldown_max);
  EXPECT_FALSE(retry_after_delay({"Sun, 06 Nov 1994 08:49:37 GMT", ""}, now)) << "that is now";
  EXPECT_FALSE(retry_after_delay({"Thu, 01 Jan 1970 00:00:00 GMT", ""}, now));
  EXPECT_EQ(
      retry_after_delay({"Sun, 06 Nov 1994 08:50:37 GMT", ""}, now + std::chrono::milliseconds(1)),
      seconds(60));
}

TEST(reset_delay, reads_seconds_since_1970) {
  EXPECT_EQ(reset_delay({"", "784111787"}, now), seconds(10));
  EXPECT_EQ(reset_delay({"3", "784111787"}, now), seconds(10));
  EXPECT_EQ(reset_delay({"", "1784111787"}, now), reset_max);
  EXPECT_FALSE(reset_delay({"", "784111777"}, now));
  EXPECT_FALSE(reset_delay({"", "5"}, now));
}

TEST(retry_after_delay, ignores_garbage) {
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
    EXPECT_FALSE(retry_after_delay({text, ""}, now)) << text;
  }
  for (const std::string_view text :
       {"-1", "x", "99999999999999999999", "9999999999999999", "1.5"}) {
    EXPECT_FALSE(reset_delay({"", text}, now)) << text;
  }
}

}  // namespace
}  // namespace baton::relay
