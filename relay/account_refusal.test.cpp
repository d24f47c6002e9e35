#include <gtest/gtest.h>

#include "relay/account_pool.test.hpp"

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::milliseconds;
using std::chrono::seconds;

const group_id red("red");

TEST(account_refusal, says_that_there_is_no_account) {
  account_pool pool;
  const auto refused = pool.choose(any_request());
  EXPECT_FALSE(refused.account);
  EXPECT_EQ(refused.refusal.code, error_code::no_account);
  EXPECT_EQ(refused.refusal.source, error_source::internal);
  EXPECT_FALSE(refused.refusal.retry_after);
  EXPECT_FALSE(refused.may_wait);
}

TEST(account_refusal, names_the_model_that_nobody_serves) {
  account_pool pool;
  pool.replace({make_with("haiku", [](account& config) { config.models["haiku"] = "haiku"; })});
  auto request = any_request();
  request.model = "sonnet";
  const auto refused = refusal(pool, request);
  EXPECT_EQ(refused.code, error_code::no_account);
  EXPECT_EQ(refused.text, "No available accounts support the requested model: sonnet");
  EXPECT_FALSE(refused.retry_after) << "waiting does not help";
}

TEST(account_refusal, cuts_a_long_model) {
  account_pool pool;
  pool.replace({make_with("haiku", [](account& config) { config.models["haiku"] = "haiku"; })});
  const std::string model(1'000'000, 'x');
  auto request = any_request();
  request.model = model;
  EXPECT_LT(refusal(pool, request).text.size(), 300u);
  pool.replace({make("a")});
  pool.update(account_id("a"), away_for(seconds(5)));
  EXPECT_LT(refusal(pool, request).text.size(), 300u);
}

TEST(account_refusal, says_when_the_first_absence_ends) {
  account_pool pool;
  pool.replace({make("a"), make("b", 60)});
  pool.update(account_id("a"), away_for(seconds(100)));
  pool.update(account_id("b"), away_for(milliseconds(1500), account_state::circuit_open));
  const auto refused = pool.choose(any_request());
  EXPECT_EQ(refused.refusal.code, error_code::no_account);
  EXPECT_EQ(refused.refusal.retry_after, seconds(2));
  EXPECT_FALSE(refused.may_wait);
}

TEST(account_refusal, is_429_with_the_earliest_end_where_the_upstreams_limit_their_accounts) {
  account_pool pool;
  pool.replace({make("a"), make("b", 60)});
  pool.update(account_id("a"), away_for(seconds(100), account_state::rate_limited));
  pool.update(account_id("b"), away_for(seconds(40), account_state::rate_limited));
  const auto refused = pool.choose(any_request());
  EXPECT_EQ(refused.refusal.code, error_code::rate_limited);
  EXPECT_EQ(refused.refusal.retry_after, seconds(40));
  EXPECT_FALSE(refused.may_wait) << "no slot will become free";
  auto later = any_request();
  later.now = now + seconds(10);
  EXPECT_EQ(refusal(pool, later).retry_after, seconds(30));
}

TEST(account_refusal, is_429_where_the_model_s_family_is_limited_everywhere) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), limited_for("opus", seconds(100)));
  pool.update(account_id("b"), limited_for("opus", seconds(200)));
  auto request = any_request();
  request.model = "claude-opus-5-5";
  const auto refused = refusal(pool, request);
  EXPECT_EQ(refused.code, error_code::rate_limited);
  EXPECT_EQ(refused.retry_after, seconds(100));
  EXPECT_NE(refused.text.find("claude-opus-5-5"), std::string::npos) << refused.text;
}

TEST(account_refusal, waits_for_the_later_end_of_an_account_s_own_absences) {
  account_pool pool;
  pool.replace({make("a")});
  auto status = limited_for("opus", seconds(100));
  status.away_until = now + seconds(10);
  pool.update(account_id("a"), status);
  auto request = any_request();
  request.model = "opus";
  EXPECT_EQ(refusal(pool, request).retry_after, seconds(100));
  request.model = "haiku";
  EXPECT_EQ(refusal(pool, request).retry_after, seconds(10));
  EXPECT_EQ(refusal(pool, request).code, error_code::no_account);
}

TEST(account_refusal, lets_wait_where_somebody_is_merely_full) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), full());
  pool.update(account_id("b"), away_for(seconds(100), account_state::rate_limited));
  const auto refused = pool.choose(any_request());
  EXPECT_TRUE(refused.may_wait);
  EXPECT_EQ(refused.refusal.code, error_code::rate_limited);
  EXPECT_EQ(refused.refusal.retry_after, seconds(1));
}

TEST(account_refusal, lets_wait_for_an_account_that_said_it_is_full_when_asked) {
  account_pool pool;
  pool.replace({make("a")});
  const std::vector<account_id> asked{account_id("a")};
  auto request = any_request();
  request.found_full = asked;
  EXPECT_TRUE(pool.choose(request).may_wait);
  request.trust_full = false;
  EXPECT_TRUE(pool.choose(request).may_wait);
}

TEST(account_refusal, lets_nobody_wait_for_an_account_that_is_away_as_well) {
  account_pool pool;
  pool.replace({make("a")});
  auto status = full();
  status.away_until = now + seconds(9);
  pool.update(account_id("a"), status);
  const auto refused = pool.choose(any_request());
  EXPECT_FALSE(refused.may_wait);
  EXPECT_EQ(refused.refusal.retry_after, seconds(9));
}

TEST(account_refusal, lets_nobody_wait_for_an_account_that_failed_him) {
  account_pool pool;
  pool.replace({make("a")});
  pool.update(account_id("a"), full());
  const std::vector<account_id> failed{account_id("a")};
  auto request = any_request();
  request.failed = failed;
  EXPECT_FALSE(pool.choose(request).may_wait);
}

TEST(account_refusal, says_that_every_account_has_failed) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  const std::vector<account_id> failed{account_id("a"), account_id("b")};
  auto request = any_request();
  request.failed = failed;
  EXPECT_EQ(refusal(pool, request).code, error_code::no_account);
  EXPECT_FALSE(refusal(pool, request).retry_after);
  pool.update(account_id("a"), away_for(seconds(10)));
  EXPECT_EQ(refusal(pool, request).retry_after, seconds(10));
}

TEST(account_refusal, of_a_bound_key_is_503_with_the_end_of_its_accounts_absence) {
  account_pool pool;
  pool.replace({make("free"), make_dedicated("own"), make_in_groups("a", {red}),
                make_in_groups("b", {red})});
  const auto of_account = key_of_account("own"), of_group = key_of_group("red");
  // Even if it is a limit: all of Baton's accounts are not limited.
  pool.update(account_id("own"), away_for(seconds(7), account_state::rate_limited));
  pool.update(account_id("a"), away_for(seconds(30), account_state::rate_limited));
  pool.update(account_id("b"), away_for(seconds(20)));
  EXPECT_EQ(refusal(pool, request_of(of_account)).code, error_code::no_account);
  EXPECT_EQ(refusal(pool, request_of(of_account)).retry_after, seconds(7));
  EXPECT_EQ(refusal(pool, request_of(of_group)).code, error_code::no_account);
  EXPECT_EQ(refusal(pool, request_of(of_group)).retry_after, seconds(20));
}

TEST(account_refusal, of_a_bound_key_does_not_tell_of_others_accounts) {
  account_pool pool;
  pool.replace({make("a"), make_dedicated("own"), make_in_groups("b", {red})});
  for (const std::string id : {"a", "b"}) pool.update(account_id(id), full());
  const auto gone = key_of_account("gone"), own = key_of_account("own");
  EXPECT_FALSE(pool.choose(request_of(gone)).may_wait);
  EXPECT_EQ(refusal(pool, request_of(gone)).code, error_code::no_account);
  EXPECT_FALSE(refusal(pool, request_of(gone)).retry_after);
  pool.update(account_id("own"), away_for(seconds(7)));
  EXPECT_EQ(refusal(pool, request_of(own)).retry_after, seconds(7));
}

TEST(account_refusal, of_a_bound_key_lets_wait_for_its_own_accounts) {
  account_pool pool;
  pool.replace({make("free"), make_dedicated("own"), make_in_groups("grouped", {red})});
  for (const std::string id : {"own", "grouped"}) pool.update(account_id(id), full());
  const auto of_account = key_of_account("own"), of_group = key_of_group("red");
  for (const auto* key : {&of_account, &of_group}) {
    EXPECT_TRUE(pool.choose(request_of(*key)).may_wait);
    EXPECT_EQ(refusal(pool, request_of(*key)).code, error_code::rate_limited);
  }
}

TEST(account_refusal, of_a_key_that_falls_back_counts_the_shared_accounts) {
  account_pool pool;
  pool.replace({make("shared"), make_dedicated("own"), make_dedicated("foreign")});
  const auto key = key_of_account("own", true);
  pool.update(account_id("own"), away_for(seconds(50), account_state::rate_limited));
  pool.update(account_id("shared"), away_for(seconds(20), account_state::rate_limited));
  pool.update(account_id("foreign"), full());
  const auto refused = pool.choose(request_of(key));
  EXPECT_FALSE(refused.may_wait);
  EXPECT_EQ(refused.refusal.code, error_code::rate_limited);
  EXPECT_EQ(refused.refusal.retry_after, seconds(20));
  pool.update(account_id("shared"), full());
  EXPECT_TRUE(pool.choose(request_of(key)).may_wait);
}

}  // namespace
}  // namespace baton::relay
