#include "relay/account_pool.test.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::seconds;

std::string chosen_in_a_row(account_pool& pool, int times,
                            const choice_request& request = any_request()) {
  std::string order;
  for (int i = 0; i < times; ++i) order += chosen(pool, request);
  return order;
}

TEST(account_pool, takes_the_smallest_priority_first) {
  account_pool pool;
  pool.replace({make("b", 20), make("a", 50), make("c", 10)});
  EXPECT_EQ(chosen_in_a_row(pool, 5), "ccccc");
  pool.update(account_id("c"), away_for(seconds(1)));
  EXPECT_EQ(chosen(pool), "b");
}

TEST(account_pool, goes_round_within_one_priority) {
  account_pool pool;
  pool.replace({make("a"), make("b"), make("c"), make("other", 60)});
  EXPECT_EQ(chosen_in_a_row(pool, 7), "abcabca");
}

TEST(account_pool, goes_round_by_age_and_then_by_id) {
  const auto aged = [](const std::string& id, int hours) {
    return make_with(id,
                     [hours](account& config) { config.created_at += std::chrono::hours(hours); });
  };
  account_pool pool;
  pool.replace({aged("a", 3), aged("d", 1), aged("c", 2), aged("b", 2)});
  EXPECT_EQ(chosen_in_a_row(pool, 4), "dbca");
}

TEST(account_pool, skips_accounts_that_are_away_until_their_time) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), away_for(seconds(5)));
  EXPECT_EQ(chosen_in_a_row(pool, 4), "bbbb");
  auto later = any_request();
  later.now = now + seconds(5);
  EXPECT_EQ(chosen(pool, later), "a");
}

TEST(account_pool, keeps_away_as_a_verdict_says_until_the_accounts_own_word) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  verdict limited{next_step::other_account, failure_kind::rate_limited, seconds(7)};
  pool.keep_away(account_id("a"), limited, now);
  limited.cooldown = seconds(3);
  pool.keep_away(account_id("a"), limited, now);
  EXPECT_EQ(chosen_in_a_row(pool, 3), "bbb") << "a shorter absence does not end a longer one";
  pool.keep_away(account_id("b"), limited, now);
  const auto refused = refusal(pool);
  EXPECT_EQ(refused.code, error_code::rate_limited);
  EXPECT_EQ(refused.retry_after, seconds(3));
  pool.update(account_id("a"), {});
  EXPECT_EQ(chosen(pool), "a");
}

TEST(account_pool, keeps_away_from_a_family_alone_where_the_verdict_says_so) {
  account_pool pool;
  pool.replace({make("a")});
  const verdict limited{next_step::other_account, failure_kind::rate_limited, seconds(7),
                        family_of("claude-opus-4-1")};
  pool.keep_away(account_id("a"), limited, now);
  auto request = any_request();
  request.model = "claude-opus-4-1";
  EXPECT_EQ(refusal(pool, request).retry_after, seconds(7));
  request.model = "claude-sonnet-4-5";
  EXPECT_EQ(chosen(pool, request), "a");
}

TEST(account_pool, leaves_out_what_an_operator_switched_off) {
  account_pool pool;
  pool.replace({make_with("off", [](account& config) { config.is_active = false; }),
                make_with("held", [](account& config) { config.schedulable = false; }),
                make("on")});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(chosen(pool), "on");
}

TEST(account_pool, matches_the_model) {
  account_pool pool;
  pool.replace({make_with("haiku", [](account& config) { config.models["haiku"] = "haiku-4"; }),
                make_with("opus", [](account& config) { config.models["opus"] = "opus"; })});
  auto request = any_request();
  request.model = "opus";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(chosen(pool, request), "opus");
  request.model = "";
  EXPECT_TRUE(pool.choose(request).account) << "a request without a model fits every account";
}

TEST(account_pool, keeps_models_of_a_limited_family_away_and_serves_the_others) {
  account_pool pool;
  pool.replace({make("a", 10), make("b", 20)});
  pool.update(account_id("a"), limited_for("opus", seconds(100)));
  auto request = any_request();
  for (const std::string_view model : {"claude-opus-5-5", "us.anthropic.Claude-OPUS-4"}) {
    request.model = model;
    EXPECT_EQ(chosen(pool, request), "b") << model;
  }
  for (const std::string_view model : {"claude-sonnet-5", "claude-3-haiku", "other", ""}) {
    request.model = model;
    EXPECT_EQ(chosen(pool, request), "a") << model;
  }
  request.model = "claude-opus-5-5";
  request.now = now + seconds(100);
  EXPECT_EQ(chosen(pool, request), "a");
}

TEST(account_pool, does_not_take_what_was_tried_already) {
  account_pool pool;
  pool.replace({make("a"), make("b"), make("c", 60)});
  std::vector<account_id> tried{account_id("a"), account_id("b")};
  auto request = any_request();
  request.failed = tried;
  EXPECT_EQ(chosen(pool, request), "c");
  request.failed = {};
  request.found_full = tried;
  EXPECT_EQ(chosen(pool, request), "c");
}

TEST(account_pool, chooses_full_accounts_where_that_is_not_trusted) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), full());
  auto request = any_request();
  request.trust_full = false;
  EXPECT_EQ(chosen_in_a_row(pool, 4, request), "abab");
  EXPECT_EQ(chosen_in_a_row(pool, 2), "bb");
  const std::vector<account_id> asked{account_id("a")};
  request.found_full = asked;
  EXPECT_EQ(chosen_in_a_row(pool, 2, request), "bb") << "what it said when asked is trusted";
}

TEST(account_pool, knows_whether_any_account_is_usable) {
  account_pool pool;
  EXPECT_FALSE(pool.any_usable(now));
  pool.replace({make("a"), make_with("off", [](account& config) { config.is_active = false; })});
  EXPECT_TRUE(pool.any_usable(now));
  pool.update(account_id("a"), away_for(seconds(1)));
  EXPECT_FALSE(pool.any_usable(now));
  EXPECT_TRUE(pool.any_usable(now + seconds(1)));
  pool.update(account_id("a"), full());
  EXPECT_TRUE(pool.any_usable(now)) << "a busy account is a working one";
  pool.update(account_id("a"), limited_for("opus", seconds(1)));
  EXPECT_TRUE(pool.any_usable(now)) << "it serves other models";
}

TEST(account_pool, keeps_the_status_of_accounts_that_stay) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), away_for(seconds(60)));
  pool.update(account_id("nobody"), away_for(seconds(60)));
  pool.replace({make("c", 60), make("a"), make("b")});
  EXPECT_EQ(chosen(pool), "b");
  pool.replace({make("c", 60), make("a")});
  EXPECT_EQ(chosen(pool), "c");
  pool.replace({make("c", 60)});
  pool.replace({make("a")});
  EXPECT_EQ(chosen(pool), "a") << "an account that left comes back fresh";
}

TEST(account_pool, goes_on_round_after_a_change) {
  account_pool pool;
  pool.replace({make("a"), make("b"), make("c")});
  EXPECT_EQ(chosen(pool), "a");
  pool.replace({make("a"), make("b"), make("c")});
  EXPECT_EQ(chosen(pool), "b");
  pool.replace({make("new", 10), make("a"), make("b"), make("c"), make("last", 90)});
  pool.update(account_id("new"), away_for(seconds(60)));
  EXPECT_EQ(chosen(pool), "c") << "each priority has its own round";
  pool.replace({make("a")});
  EXPECT_EQ(chosen(pool), "a");
}

TEST(account_pool, favours_nobody_under_frequent_changes) {
  account_pool pool;
  std::string order;
  for (int i = 0; i < 6; ++i) {
    pool.replace({make("a"), make("b"), make("c")});
    order += chosen(pool);
  }
  EXPECT_EQ(order, "abcabc");
}

TEST(account_pool, keeps_one_of_two_accounts_with_the_same_id) {
  account_pool pool;
  pool.replace({make("a", 10), make("a", 20)});
  EXPECT_EQ(pool.size(), 1u);
  EXPECT_EQ(chosen_in_a_row(pool, 2), "aa");
}

TEST(account_pool, says_whether_an_account_must_be_asked) {
  account_pool pool;
  pool.replace({make_with("limited", [](account& config) { config.concurrency_limit = 3; }),
                make("free", 60)});
  EXPECT_TRUE(pool.choose(any_request()).must_ask) << "even before it has said anything";
  EXPECT_EQ(pool.concurrency_limit(account_id("limited")), 3u);
  EXPECT_EQ(pool.concurrency_limit(account_id("free")), 0u);
  EXPECT_EQ(pool.concurrency_limit(account_id("nobody")), 0u);

  pool.update(account_id("limited"), away_for(seconds(60)));
  EXPECT_FALSE(pool.choose(any_request()).must_ask);
  pool.update(account_id("free"), {.must_ask = true});
  EXPECT_TRUE(pool.choose(any_request()).must_ask);
}

TEST(account_pool, counts_how_often_an_account_was_chosen_since_it_was_last_asked) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  const account_id a("a"), b("b"), nobody("nobody");
  EXPECT_EQ(pool.take_attempts(a, now), 0u);
  chosen_in_a_row(pool, 6);
  EXPECT_EQ(pool.take_attempts(a, now), 3u);
  EXPECT_EQ(pool.take_attempts(a, now), 0u);
  EXPECT_EQ(pool.take_attempts(nobody, now), 0u);
  pool.replace({make("b")});
  EXPECT_EQ(pool.take_attempts(b, now), 3u) << "kept over a change";
}

TEST(account_pool, forgets_attempts_after_a_minute) {
  account_pool pool;
  pool.replace({make("a")});
  const account_id a("a");
  auto request = any_request();
  chosen_in_a_row(pool, 3, request);
  EXPECT_EQ(pool.take_attempts(a, now + seconds(61)), 0u);
  request.now = now + seconds(61);
  chosen_in_a_row(pool, 2, request);
  EXPECT_EQ(pool.take_attempts(a, request.now), 2u);
  chosen_in_a_row(pool, 2, request);
  EXPECT_EQ(pool.take_attempts(a, request.now + seconds(60)), 2u);
}

}  // namespace
}  // namespace baton::relay
