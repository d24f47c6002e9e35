// Which accounts a key may have.
#include <gtest/gtest.h>

#include <set>

#include "relay/account_pool.test.hpp"

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::seconds;

const group_id red("red"), blue("blue");

std::vector<ready_account_ptr> one_of_each() {
  return {make("shared", 50), make_dedicated("dedicated", 10),
          make_in_groups("grouped", {red}, 10)};
}

std::set<std::string> chosen_by(account_pool& pool, const choice_request& request, int times = 8) {
  std::set<std::string> ids;
  for (int i = 0; i < times; ++i) ids.insert(chosen(pool, request));
  return ids;
}
using ids = std::set<std::string>;

TEST(account_pool_bindings, give_shared_accounts_to_keys_without_a_binding) {
  account_pool pool;
  pool.replace(one_of_each());
  const api_key unbound;
  EXPECT_EQ(chosen_by(pool, request_of(unbound)), ids{"shared"});
  EXPECT_EQ(chosen_by(pool, any_request()), ids{"shared"});
  pool.replace({make_dedicated("dedicated"), make_in_groups("grouped", {red})});
  EXPECT_EQ(refusal(pool, request_of(unbound)).code, error_code::no_account);
}

TEST(account_pool_bindings, give_a_key_its_account_alone_whatever_its_type) {
  account_pool pool;
  pool.replace(one_of_each());
  for (const std::string id : {"shared", "dedicated", "grouped"}) {
    const auto key = key_of_account(id);
    EXPECT_EQ(chosen_by(pool, request_of(key)), ids{id});
  }
}

TEST(account_pool_bindings, give_a_key_the_accounts_of_its_group) {
  account_pool pool;
  pool.replace({make_in_groups("a", {red}), make_in_groups("b", {blue, red}),
                make_in_groups("c", {blue}), make_in_groups("late", {red}, 60), make("shared", 1),
                make_with("both", [](account& config) { config.groups = {red}; })});
  const auto key = key_of_group("red"), other = key_of_group("blue"), unknown = key_of_group("x");
  EXPECT_EQ(chosen_by(pool, request_of(key)), (ids{"a", "b", "both"}))
      << "a shared account serves its groups too";
  EXPECT_EQ(chosen_by(pool, request_of(other)), (ids{"b", "c"}));
  EXPECT_EQ(refusal(pool, request_of(unknown)).code, error_code::no_account);
}

TEST(account_pool_bindings, choose_by_priority_and_in_turn_within_a_group) {
  account_pool pool;
  pool.replace({make_in_groups("a", {red}, 20), make_in_groups("b", {red}, 20),
                make_in_groups("first", {red}, 10)});
  const auto key = key_of_group("red");
  const auto request = request_of(key);
  EXPECT_EQ(chosen_by(pool, request), ids{"first"});
  pool.update(account_id("first"), full());
  EXPECT_EQ(chosen(pool, request) + chosen(pool, request) + chosen(pool, request), "aba");
}

TEST(account_pool_bindings, have_each_group_go_its_own_round) {
  account_pool pool;
  const auto accounts = {make_in_groups("a", {red, blue}), make_in_groups("b", {red, blue})};
  pool.replace(accounts);
  const auto key = key_of_group("red"), other = key_of_group("blue");
  EXPECT_EQ(chosen(pool, request_of(key)), "a");
  EXPECT_EQ(chosen(pool, request_of(other)), "a");
  pool.replace(accounts);
  EXPECT_EQ(chosen(pool, request_of(key)), "b") << "kept over a change";
  EXPECT_EQ(chosen(pool, request_of(other)), "b");
}

TEST(account_pool_bindings, follow_accounts_that_change_their_group) {
  account_pool pool;
  pool.replace({make_in_groups("a", {red})});
  const auto key = key_of_group("red"), other = key_of_group("blue");
  EXPECT_EQ(chosen(pool, request_of(key)), "a");
  pool.replace({make_in_groups("a", {blue})});
  EXPECT_EQ(refusal(pool, request_of(key)).code, error_code::no_account);
  EXPECT_EQ(chosen(pool, request_of(other)), "a");
}

TEST(account_pool_bindings, hold_where_the_bound_accounts_are_not_usable) {
  account_pool pool;
  pool.replace({make("free"), make_dedicated("own"), make_in_groups("grouped", {red})});
  for (const std::string id : {"own", "grouped"}) pool.update(account_id(id), full());
  const auto of_account = key_of_account("own"), of_group = key_of_group("red"),
             of_nobody = key_of_account("gone");
  EXPECT_FALSE(pool.choose(request_of(of_account)).account);
  EXPECT_FALSE(pool.choose(request_of(of_group)).account);
  EXPECT_FALSE(pool.choose(request_of(of_nobody)).account);
}

TEST(account_pool_bindings, fall_back_on_shared_accounts_where_the_key_may) {
  account_pool pool;
  pool.replace({make("free"), make_dedicated("own"), make_dedicated("other"),
                make_in_groups("grouped", {red}), make_in_groups("foreign", {blue})});
  const auto of_account = key_of_account("own", true), of_group = key_of_group("red", true),
             of_nobody = key_of_account("gone", true), of_nothing = key_of_group("gone", true);
  EXPECT_EQ(chosen_by(pool, request_of(of_account)), ids{"own"}) << "its own comes first";
  EXPECT_EQ(chosen_by(pool, request_of(of_group)), ids{"grouped"});
  for (const std::string id : {"own", "grouped"}) pool.update(account_id(id), full());
  for (const auto* key : {&of_account, &of_group, &of_nobody, &of_nothing}) {
    EXPECT_EQ(chosen_by(pool, request_of(*key)), ids{"free"});
  }
}

TEST(account_pool_bindings, prefer_the_bound_account_to_shared_ones_of_a_better_priority) {
  account_pool pool;
  pool.replace({make("better", 1), make("own", 90)});
  const auto key = key_of_account("own", true);
  EXPECT_EQ(chosen_by(pool, request_of(key)), ids{"own"});
}

TEST(account_pool_bindings, do_not_try_the_bound_account_twice_when_it_is_shared) {
  account_pool pool;
  pool.replace({make("own"), make("free")});
  const auto key = key_of_account("own", true);
  const std::vector<account_id> failed{account_id("own")};
  auto request = request_of(key);
  request.failed = failed;
  EXPECT_EQ(chosen_by(pool, request), ids{"free"});
}

TEST(account_pool_bindings, let_spread_choose_among_the_key_s_accounts_alone) {
  account_pool pool;
  pool.replace({make("shared", 1), make_in_groups("a", {red}), make_in_groups("b", {red}),
                make_in_groups("c", {blue})});
  const auto key = key_of_group("red");
  auto request = request_of(key);
  ids seen;
  for (request.spread = 1; request.spread < 100; ++request.spread) {
    seen.insert(chosen(pool, request));
  }
  EXPECT_EQ(seen, (ids{"a", "b"}));
}

}  // namespace
}  // namespace baton::relay
