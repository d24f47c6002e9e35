#include "relay/account_pool.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

namespace baton::relay {
namespace {

using std::chrono::seconds;

const steady_time now{std::chrono::hours(1)};

ready_account_ptr make(const std::string& id, int priority = 50) {
  account config;
  config.id = account_id(id);
  config.platform = "claude-console";
  config.api_url = "https://upstream.test";
  config.credential.api_key = "sk-test";
  config.priority = priority;
  auto ready = prepare_account(std::move(config));
  return std::make_shared<const ready_account>(*std::move(ready));
}

template <class Change>
ready_account_ptr make_with(const std::string& id, Change change) {
  auto changed = *make(id);
  change(changed.config);
  return std::make_shared<const ready_account>(std::move(changed));
}

choice_request any_request() {
  choice_request request;
  request.protocol = &anthropic_api();
  request.now = now;
  return request;
}

std::string chosen(account_pool& pool, const choice_request& request = any_request()) {
  const auto choice = pool.choose(request);
  return choice ? (*choice)->config.id.value() : "error: " + choice.error().text;
}

TEST(account_pool, takes_the_smallest_priority_first) {
  account_pool pool;
  pool.replace({make("b", 20), make("a", 50), make("c", 10)});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(chosen(pool), "c");
  pool.update(account_id("c"), {now + seconds(1), false});
  EXPECT_EQ(chosen(pool), "b");
}

TEST(account_pool, goes_round_within_one_priority) {
  account_pool pool;
  pool.replace({make("a"), make("b"), make("c"), make("other", 60)});
  std::string order;
  for (int i = 0; i < 7; ++i) order += chosen(pool);
  EXPECT_EQ(order, "abcabca");
}

TEST(account_pool, skips_accounts_that_cool_down_until_their_time) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), {now + seconds(5), false});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(chosen(pool), "b");
  auto later = any_request();
  later.now = now + seconds(5);
  EXPECT_EQ(chosen(pool, later), "a");
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
  request.model = "sonnet";
  const auto refused = pool.choose(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::no_account);
  EXPECT_EQ(refused.error().text, "No available accounts support the requested model: sonnet");
  request.model = "";
  EXPECT_TRUE(pool.choose(request)) << "a request without a model fits every account";
}

TEST(account_pool, cuts_a_long_model_in_its_error) {
  account_pool pool;
  pool.replace({make_with("haiku", [](account& config) { config.models["haiku"] = "haiku"; })});
  const std::string model(1'000'000, 'x');
  auto request = any_request();
  request.model = model;
  EXPECT_LT(pool.choose(request).error().text.size(), 300u);
}

TEST(account_pool, does_not_take_what_was_tried_already) {
  account_pool pool;
  pool.replace({make("a"), make("b"), make("c", 60)});
  std::vector<account_id> tried{account_id("a"), account_id("b")};
  auto request = any_request();
  request.excluded = tried;
  EXPECT_EQ(chosen(pool, request), "c");
  tried.push_back(account_id("c"));
  request.excluded = tried;
  const auto refused = pool.choose(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::no_account);
  EXPECT_FALSE(refused.error().retry_after);
}

TEST(account_pool, says_when_to_come_back_after_every_account_failed) {
  account_pool pool;
  pool.replace({make("a")});
  pool.update(account_id("a"), {now + seconds(10), false});
  const std::vector<account_id> tried{account_id("a")};
  auto request = any_request();
  request.excluded = tried;
  EXPECT_EQ(pool.choose(request).error().retry_after, seconds(10));
}

TEST(account_pool, says_when_the_first_cooldown_ends) {
  account_pool pool;
  pool.replace({make("a"), make("b", 60)});
  pool.update(account_id("a"), {now + seconds(100), false});
  pool.update(account_id("b"), {now + std::chrono::milliseconds(1500), false});
  const auto refused = pool.choose(any_request());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::no_account);
  EXPECT_EQ(refused.error().retry_after, seconds(2));
}

TEST(account_pool, tells_full_accounts_from_none) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), {{}, true});
  pool.update(account_id("b"), {now + seconds(100), false});
  const auto refused = pool.choose(any_request());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::rate_limited);
  EXPECT_EQ(refused.error().retry_after, seconds(1));
  EXPECT_TRUE(pool.any_usable(now)) << "a busy account is a working one";
}

TEST(account_pool, serves_a_bound_key_from_its_account_alone) {
  account_pool pool;
  pool.replace({make("a", 1), make("b", 90)});
  const account_id bound("b"), unknown("gone");
  auto request = any_request();
  request.bound_account = &bound;
  EXPECT_EQ(chosen(pool, request), "b");
  pool.update(bound, {now + seconds(7), false});
  EXPECT_EQ(pool.choose(request).error().retry_after, seconds(7));
  pool.update(bound, {{}, true});
  EXPECT_EQ(pool.choose(request).error().code, error_code::rate_limited);
  request.bound_account = &unknown;
  EXPECT_EQ(pool.choose(request).error().code, error_code::no_account);
}

TEST(account_pool, refuses_when_it_is_empty) {
  account_pool pool;
  const auto refused = pool.choose(any_request());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::no_account);
  EXPECT_FALSE(pool.any_usable(now));
}

TEST(account_pool, knows_whether_any_account_is_usable) {
  account_pool pool;
  pool.replace({make("a"), make_with("off", [](account& config) { config.is_active = false; })});
  EXPECT_TRUE(pool.any_usable(now));
  pool.update(account_id("a"), {now + seconds(1), false});
  EXPECT_FALSE(pool.any_usable(now));
  EXPECT_TRUE(pool.any_usable(now + seconds(1)));
}

TEST(account_pool, keeps_the_status_of_accounts_that_stay) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  pool.update(account_id("a"), {now + seconds(60), false});
  pool.update(account_id("nobody"), {now + seconds(60), true});
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
  pool.replace({make("a")});
  EXPECT_EQ(chosen(pool), "a");
}

TEST(account_pool, keeps_one_of_two_accounts_with_the_same_id) {
  account_pool pool;
  pool.replace({make("a", 10), make("a", 20)});
  EXPECT_EQ(pool.size(), 1u);
  EXPECT_EQ(chosen(pool), "a");
}

// Against a plain reading of the rules.
TEST(account_pool, chooses_an_eligible_account_of_the_best_priority) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    account_pool pool;
    std::vector<ready_account_ptr> accounts;
    std::map<std::string, bool> free;
    const int count = static_cast<int>(random() % 20);
    for (int i = 0; i < count; ++i) {
      accounts.push_back(make("id" + std::to_string(i), 1 + static_cast<int>(random() % 4)));
    }
    pool.replace(accounts);
    for (const auto& one : accounts) {
      const bool cooling = random() % 3 == 0, full = random() % 3 == 0;
      pool.update(one->config.id, {cooling ? now + seconds(9) : steady_time{}, full});
      free[one->config.id.value()] = !cooling && !full;
    }
    int best = 1000;
    for (const auto& one : accounts) {
      if (free[one->config.id.value()]) best = std::min(best, one->config.priority);
    }
    const auto choice = pool.choose(any_request());
    ASSERT_EQ(choice.has_value(), best != 1000);
    if (!choice) continue;
    EXPECT_EQ((*choice)->config.priority, best);
    EXPECT_TRUE(free[(*choice)->config.id.value()]);
  }
}

}  // namespace
}  // namespace baton::relay
