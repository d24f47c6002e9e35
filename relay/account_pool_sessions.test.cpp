// Choosing for sessions: by a number of theirs, and how their own account stands to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "relay/account_pool.test.hpp"

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::seconds;
using standing = account_pool::standing;

std::vector<ready_account_ptr> many(int count) {
  std::vector<ready_account_ptr> accounts;
  for (int n = 0; n < count; ++n) accounts.push_back(make("account-" + std::to_string(n)));
  return accounts;
}

std::string spread_to(account_pool& pool, std::uint64_t number) {
  auto request = any_request();
  request.spread = number;
  return chosen(pool, request);
}

class spread : public ::testing::Test {
 protected:
  spread() {
    for (int n = 0; n < 20'000; ++n) numbers_.push_back(random_() | 1);
  }

  std::map<std::uint64_t, std::string> places(account_pool& pool) const {
    std::map<std::uint64_t, std::string> found;
    for (const auto number : numbers_) found[number] = spread_to(pool, number);
    return found;
  }

  const std::uint64_t seed_ = std::random_device{}();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  std::mt19937_64 random_{seed_};
  std::vector<std::uint64_t> numbers_;
};

TEST_F(spread, sends_the_same_number_to_the_same_account_in_every_pool) {
  account_pool here, there;
  auto accounts = many(20);
  here.replace(accounts);
  std::shuffle(accounts.begin(), accounts.end(), random_);
  there.replace(accounts);
  for (int i = 0; i < 7; ++i) chosen(there);
  for (const auto number : numbers_) {
    const auto place = spread_to(here, number);
    ASSERT_EQ(spread_to(there, number), place) << "a round that has gone on does not matter";
    ASSERT_EQ(spread_to(here, number), place);
  }
}

// 20 accounts share 20,000 numbers: 1,000 each, give or take 31 (the standard deviation).
TEST_F(spread, is_even_over_the_accounts) {
  account_pool pool;
  pool.replace(many(20));
  std::map<std::string, int> random_shares, sequence_shares;
  for (const auto number : numbers_) ++random_shares[spread_to(pool, number)];
  for (std::uint64_t number = 1; number <= 20'000; ++number) {
    ++sequence_shares[spread_to(pool, number)];
  }
  for (const auto& shares : {random_shares, sequence_shares}) {
    EXPECT_EQ(shares.size(), 20u);
    for (const auto& [id, share] : shares) EXPECT_NEAR(share, 1000, 200) << id;
  }
}

TEST_F(spread, moves_only_the_sessions_of_an_account_that_leaves) {
  account_pool pool;
  auto accounts = many(20);
  pool.replace(accounts);
  const auto before = places(pool);
  const auto gone = accounts[7]->config.id.value();
  accounts.erase(accounts.begin() + 7);
  pool.replace(accounts);
  const auto after = places(pool);
  std::map<std::string, int> heirs;
  for (const auto& [number, place] : before) {
    if (place == gone) {
      ++heirs[after.at(number)];
    } else {
      ASSERT_EQ(after.at(number), place);
    }
  }
  EXPECT_EQ(heirs.size(), 19u) << "they are shared by all that are left";
  for (const auto& [id, share] : heirs) EXPECT_LT(share, 150) << id;
}

TEST_F(spread, moves_only_to_an_account_that_joins) {
  account_pool pool;
  auto accounts = many(20);
  pool.replace(accounts);
  const auto before = places(pool);
  accounts.push_back(make("joined"));
  pool.replace(accounts);
  int moved = 0;
  for (const auto& [number, place] : places(pool)) {
    if (place == before.at(number)) continue;
    ASSERT_EQ(place, "joined");
    ++moved;
  }
  EXPECT_NEAR(moved, 20'000 / 21, 200);
}

TEST_F(spread, comes_back_when_an_account_does) {
  account_pool pool;
  const auto accounts = many(20);
  pool.replace(accounts);
  const auto before = places(pool);
  const auto away = accounts[3]->config.id;
  for (const auto& status : {away_for(seconds(5)), full(), limited_for("opus", seconds(5))}) {
    pool.update(away, status);
    for (const auto number : numbers_) {
      auto request = any_request();
      request.spread = number;
      request.model = "claude-opus-5-5";
      const auto place = chosen(pool, request);
      ASSERT_NE(place, away.value());
      if (before.at(number) != away.value()) {
        ASSERT_EQ(place, before.at(number));
      }
    }
  }
  pool.update(away, {});
  EXPECT_EQ(places(pool), before);
}

TEST(account_pool, spreads_over_the_best_priority_alone) {
  account_pool pool;
  auto accounts = many(3);
  accounts.push_back(make("better", 10));
  pool.replace(accounts);
  for (std::uint64_t number = 1; number < 50; ++number)
    EXPECT_EQ(spread_to(pool, number), "better");
  pool.update(account_id("better"), full());
  EXPECT_NE(spread_to(pool, 1), "better");
}

TEST(account_pool, does_not_go_on_round_by_what_is_spread) {
  account_pool pool;
  pool.replace({make("a"), make("b")});
  EXPECT_EQ(chosen(pool), "a");
  for (std::uint64_t number = 1; number < 10; ++number) spread_to(pool, number);
  EXPECT_EQ(chosen(pool), "b");
}

TEST(account_pool, tells_how_an_account_stands_to_a_request) {
  account_pool pool;
  pool.replace({make("a"), make_dedicated("own"), make("other"),
                make_with("off", [](account& config) { config.is_active = false; }),
                make_with("held", [](account& config) { config.schedulable = false; }),
                make_with("haiku", [](account& config) { config.models["haiku"] = "haiku"; })});
  const account_id a("a");
  auto request = any_request();
  request.model = "claude-opus-5-5";
  EXPECT_EQ(pool.assess(a, request), standing::usable);
  pool.update(a, full());
  EXPECT_EQ(pool.assess(a, request), standing::busy);
  pool.update(a, away_for(seconds(5), account_state::rate_limited));
  EXPECT_EQ(pool.assess(a, request), standing::busy);
  pool.update(a, limited_for("opus", seconds(5)));
  EXPECT_EQ(pool.assess(a, request), standing::busy);
  request.model = "haiku";
  EXPECT_EQ(pool.assess(a, request), standing::usable);
  EXPECT_EQ(pool.assess(account_id("haiku"), request), standing::usable);
  request.model = "sonnet";
  for (const std::string id : {"haiku", "off", "held", "nobody", "own"}) {
    EXPECT_EQ(pool.assess(account_id(id), request), standing::unfit) << id;
  }
}

TEST(account_pool, finds_an_account_unfit_that_has_failed_the_request) {
  account_pool pool;
  pool.replace({make("a")});
  const account_id a("a");
  const std::vector<account_id> tried{a};
  auto request = any_request();
  request.found_full = tried;
  EXPECT_EQ(pool.assess(a, request), standing::busy);
  request.found_full = {};
  request.failed = tried;
  EXPECT_EQ(pool.assess(a, request), standing::unfit);
  pool.update(a, away_for(seconds(5)));
  EXPECT_EQ(pool.assess(a, request), standing::unfit) << "away or not";
}

TEST(account_pool, takes_a_full_account_as_usable_where_that_is_not_trusted) {
  account_pool pool;
  pool.replace({make("a")});
  pool.update(account_id("a"), full());
  auto request = any_request();
  request.trust_full = false;
  EXPECT_EQ(pool.assess(account_id("a"), request), standing::usable);
}

TEST(account_pool, assesses_by_the_key_s_bindings) {
  account_pool pool;
  pool.replace(
      {make("shared"), make_dedicated("own"), make_in_groups("grouped", {group_id("red")})});
  const auto assess = [&pool](const std::string& id, const api_key& key) {
    return pool.assess(account_id(id), request_of(key));
  };
  EXPECT_EQ(assess("own", key_of_account("own")), standing::usable);
  EXPECT_EQ(assess("shared", key_of_account("own")), standing::unfit);
  EXPECT_EQ(assess("shared", key_of_account("own", true)), standing::usable);
  EXPECT_EQ(assess("grouped", key_of_account("own", true)), standing::unfit);
  EXPECT_EQ(assess("grouped", key_of_group("red")), standing::usable);
  EXPECT_EQ(assess("shared", key_of_group("red")), standing::unfit);
  EXPECT_EQ(assess("shared", {}), standing::usable);
  EXPECT_EQ(assess("grouped", {}), standing::unfit);
}

TEST(account_pool, takes_an_account_as_if_it_were_chosen) {
  account_pool pool;
  pool.replace({make("a"), make_with("b", [](account& config) { config.concurrency_limit = 2; })});
  const auto taken = pool.take(account_id("b"), any_request());
  ASSERT_TRUE(taken.account);
  EXPECT_EQ(taken.account->config.id.value(), "b");
  EXPECT_TRUE(taken.must_ask);
  EXPECT_FALSE(taken.may_wait);
  EXPECT_EQ(pool.take_attempts(account_id("b"), now), 1u);
  EXPECT_FALSE(pool.take(account_id("a"), any_request()).must_ask);
  EXPECT_EQ(chosen(pool), "a") << "nobody's turn is over by it";
}

}  // namespace
}  // namespace baton::relay
