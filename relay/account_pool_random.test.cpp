// The pool against a plain reading of the rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "relay/account_explanation.hpp"
#include "relay/account_pool.test.hpp"

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::seconds;

bool holds(std::span<const account_id> ids, const account_id& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

struct known_account {
  ready_account_ptr ready;
  account_status status;
};

enum class state { unable, failed, away, limited, full, usable };

// How an account stands to a request, its key's bindings aside.
state state_of(const known_account& one, const choice_request& request) {
  const account& config = one.ready->config;
  const bool able = config.is_active && config.schedulable &&
                    (request.model.empty() || config.serves_model(request.model));
  if (!able) return state::unable;
  if (holds(request.failed, config.id)) return state::failed;
  const auto family = family_of(request.model);
  const auto limited_until = family ? one.status.family_until[*family] : steady_time{};
  const auto back = std::max(one.status.away_until, limited_until);
  if (back > request.now) {
    const bool limited =
        one.status.reason == account_state::rate_limited || limited_until > one.status.away_until;
    return limited ? state::limited : state::away;
  }
  const bool seen_full = one.status.full && request.trust_full;
  return seen_full || holds(request.found_full, config.id) ? state::full : state::usable;
}

bool is_own(const account& config, const api_key& key) {
  if (key.bound_account) return config.id == *key.bound_account;
  if (!key.bound_group) return config.type == account_type::shared;
  const auto& groups = config.groups;
  return std::find(groups.begin(), groups.end(), *key.bound_group) != groups.end();
}

// Nothing: it is none of the key's accounts.
std::optional<state> state_of_reason(choice_reason reason) {
  switch (reason) {
    case choice_reason::not_bound:
    case choice_reason::not_shared: return std::nullopt;
    case choice_reason::inactive:
    case choice_reason::not_schedulable:
    case choice_reason::model_not_supported: return state::unable;
    case choice_reason::already_tried: return state::failed;
    case choice_reason::cooling_down: return state::away;
    case choice_reason::rate_limited: return state::limited;
    case choice_reason::busy: return state::full;
    default: return state::usable;
  }
}

class account_pool_random : public ::testing::Test {
 protected:
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[random_() % values.size()];
  }
  bool maybe(unsigned one_in) { return random_() % one_in == 0; }
  group_id some_group() { return group_id(one_of<std::string>({"red", "blue"})); }

  void make_accounts() {
    std::vector<ready_account_ptr> all;
    accounts_.clear();
    for (unsigned n = random_() % 8; n > 0; --n) {
      const auto made = make_with("account-" + std::to_string(n), [&](account& config) {
        config.priority = one_of({10, 20});
        config.type = one_of({account_type::shared, account_type::shared, account_type::dedicated,
                              account_type::group});
        if (config.type == account_type::group || maybe(4)) config.groups = {some_group()};
        if (maybe(8)) config.is_active = false;
        if (maybe(8)) config.schedulable = false;
        if (maybe(4)) config.models["haiku"] = "haiku";
      });
      all.push_back(made);
      accounts_.push_back({made, {}});
    }
    pool_ = {};
    pool_.replace(all);
    for (auto& one : accounts_) {
      one.status = some_status();
      pool_.update(one.ready->config.id, one.status);
    }
  }

  account_status some_status() {
    account_status status;
    if (maybe(4)) {
      status = away_for(seconds(1 + random_() % 99),
                        one_of({account_state::cooling_down, account_state::rate_limited}));
    }
    if (maybe(4)) status.family_until[*family_of("haiku")] = now + seconds(1 + random_() % 99);
    status.full = maybe(4);
    return status;
  }

  void make_request() {
    key_ = {};
    if (maybe(4)) {
      key_.bound_group = some_group();
    } else if (maybe(3)) {
      key_.bound_account = account_id(one_of<std::string>({"account-1", "gone"}));
    }
    key_.binding_fallback = maybe(2);
    tried_.clear();
    asked_.clear();
    for (const auto& one : accounts_) {
      if (maybe(5)) tried_.push_back(one.ready->config.id);
      if (maybe(5)) asked_.push_back(one.ready->config.id);
    }
    request_ = request_of(key_);
    request_.model = one_of<std::string_view>({"", "haiku", "opus"});
    request_.failed = tried_;
    request_.found_full = asked_;
    request_.trust_full = !maybe(4);
    request_.spread = one_of<std::uint64_t>({0, random_()});
  }

  bool serves(const known_account& one) const {
    const account& config = one.ready->config;
    return is_own(config, key_) || (key_.binding_fallback && config.type == account_type::shared &&
                                    (key_.bound_account || key_.bound_group));
  }

  // Smaller is better: the key's own accounts before those it falls back on, then by priority.
  int rank(const known_account& one) const {
    const account& config = one.ready->config;
    return (is_own(config, key_) ? 0 : 1000) + config.priority;
  }

  void expect_right(const choice& made) const {
    int best = 100'000;
    state closest = state::unable;
    for (const auto& one : accounts_) {
      if (!serves(one)) continue;
      closest = std::max(closest, state_of(one, request_));
      if (state_of(one, request_) == state::usable) best = std::min(best, rank(one));
    }
    ASSERT_EQ(made.account != nullptr, closest == state::usable);
    ASSERT_EQ(made.may_wait, closest == state::full);
    if (made.account) {
      const auto taken = std::find_if(accounts_.begin(), accounts_.end(),
                                      [&](const auto& one) { return one.ready == made.account; });
      ASSERT_NE(taken, accounts_.end());
      ASSERT_TRUE(serves(*taken) && state_of(*taken, request_) == state::usable);
      ASSERT_EQ(rank(*taken), best);
      return;
    }
    const bool bound = (key_.bound_account || key_.bound_group) && !key_.binding_fallback;
    const bool limited = closest == state::full || (closest == state::limited && !bound);
    if (closest != state::away) {
      ASSERT_EQ(made.refusal.code, limited ? error_code::rate_limited : error_code::no_account);
    }
    ASSERT_FALSE(made.refusal.text.empty());
    if (closest == state::away || closest == state::limited) {
      ASSERT_TRUE(made.refusal.retry_after);
      ASSERT_GE(*made.refusal.retry_after, seconds(1));
      ASSERT_LT(*made.refusal.retry_after, seconds(100));
    }
    if (closest == state::unable) {
      ASSERT_FALSE(made.refusal.retry_after);
    }
  }

  void expect_assessed() const {
    using standing = account_pool::standing;
    for (const auto& one : accounts_) {
      const auto known = state_of(one, request_);
      const auto expected = !serves(one) || known <= state::failed ? standing::unfit
                            : known == state::usable               ? standing::usable
                                                                   : standing::busy;
      ASSERT_EQ(pool_.assess(one.ready->config.id, request_), expected)
          << one.ready->config.id.value();
    }
  }

  // What keeps each account out is what the rules say, and nothing keeps the chosen one out.
  void expect_right(const choice_explanation& told) const {
    ASSERT_EQ(told.accounts.size(), accounts_.size());
    for (const auto& each : told.accounts) {
      const auto one = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& known) {
        return known.ready->config.id == each.id;
      });
      ASSERT_EQ(each.reason == choice_reason::chosen, told.account == each.id);
      ASSERT_EQ(state_of_reason(each.reason),
                serves(*one) ? std::optional(state_of(*one, request_)) : std::nullopt)
          << each.id.value() << ": " << each.text;
    }
  }

  const unsigned seed_ = std::random_device{}();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  std::mt19937 random_{seed_};
  account_pool pool_;
  std::vector<known_account> accounts_;
  api_key key_;
  std::vector<account_id> tried_, asked_;
  choice_request request_;
};

TEST_F(account_pool_random, chooses_assesses_and_refuses_as_the_rules_say) {
  for (int round = 0; round < 3000; ++round) {
    make_accounts();
    for (int request = 0; request < 5; ++request) {
      make_request();
      expect_assessed();
      const auto foretold = pool_.explain(request_);
      expect_right(foretold);
      const auto made = pool_.choose(request_);
      expect_right(made);
      ASSERT_EQ(foretold.account,
                made.account ? std::optional(made.account->config.id) : std::nullopt);
      ASSERT_EQ(foretold.refusal.text, made.refusal.text);
      ASSERT_EQ(foretold.may_wait, made.may_wait);
      if (HasFatalFailure()) return;
    }
  }
}

// Everybody who can serve a request without a session has his turn before anybody has a second one.
TEST_F(account_pool_random, leaves_nobody_out_of_the_round) {
  for (int round = 0; round < 300; ++round) {
    make_accounts();
    make_request();
    request_.spread = 0;
    std::vector<std::string> order;
    for (int i = 0; i < 20; ++i) order.push_back(chosen(pool_, request_));
    const auto again = std::find(order.begin() + 1, order.end(), order.front());
    const auto in_turn = again - order.begin();
    std::size_t level = 0;
    const auto first = pool_.choose(request_).account;
    if (!first) continue;
    for (const auto& one : accounts_) {
      level += serves(one) && state_of(one, request_) == state::usable &&
               one.ready->config.priority == first->config.priority &&
               is_own(one.ready->config, key_) == is_own(first->config, key_);
    }
    // Fallback may find the key's own shared accounts in its round too; none of them is usable.
    ASSERT_EQ(static_cast<std::size_t>(in_turn), level);
  }
}

}  // namespace
}  // namespace baton::relay
