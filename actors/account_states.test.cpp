// When an account is kept away from, and why: cooldowns, limits of model families, quotas, and its
// circuit.
#include <gtest/gtest.h>

#include "actors/account_actor.hpp"
#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

using relay::account_state;
using relay::failure_kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

relay::verdict blame_for(failure_kind kind, seconds cooldown = seconds(0)) {
  return {relay::next_step::other_account, kind, cooldown};
}

class account_states : public relay_actor_test {
 protected:
  void SetUp() override { around_.observers = {listening()}; }

  caf::actor account(std::uint32_t limit = 0) {
    return spawn_account(ready_account("main", limit));
  }

  template <class Condition>
  bool comes_to(Condition wanted) {
    return is_told(&notes::statuses, [&](const auto& fact) { return wanted(fact.status); });
  }
  bool stays_away(seconds at_least, account_state reason) {
    const auto until = steady_now() + at_least;
    return comes_to([&](const relay::account_status& now) {
      return now.away_until >= until && now.reason == reason;
    });
  }
  relay::account_status last_status() {
    EXPECT_TRUE(comes_to([](const auto&) { return true; }));  // it tells one when it begins
    std::lock_guard lock(notes_->guard);
    return notes_->statuses.back().status;
  }
  double errors(const std::string& kind) const {
    return metric("baton_upstream_errors_total{account=\"main\",kind=\"" + kind + "\"}");
  }
};

TEST_F(account_states, are_told_and_no_cooldown_is_ever_shortened) {
  const auto main = account();
  caf::anon_send(main, account_failed{cooldown_of(seconds(600))});
  EXPECT_TRUE(stays_away(seconds(500), account_state::rate_limited));
  caf::anon_send(main, account_failed{cooldown_of(seconds(1))});
  caf::anon_send(main, account_failed{cooldown_of(seconds(0))});
  caf::anon_send(main, account_failed{cooldown_of(seconds(1200))});
  EXPECT_TRUE(stays_away(seconds(1100), account_state::rate_limited));
  EXPECT_TRUE(shows_state("rate_limited"));
  EXPECT_TRUE(becomes_true([&] { return errors("rate_limited") == 4; }));
  std::lock_guard lock(notes_->guard);
  EXPECT_EQ(notes_->statuses.size(), 3u);  // the first one when it began
}

TEST_F(account_states, name_the_reason) {
  for (const auto& [kind, state] : {std::pair(failure_kind::overloaded, "cooling_down"),
                                    std::pair(failure_kind::rate_limited, "rate_limited"),
                                    std::pair(failure_kind::unauthorized, "unauthorized"),
                                    std::pair(failure_kind::blocked, "blocked")}) {
    const auto main = account();
    caf::anon_send(main, account_failed{blame_for(kind, seconds(60))});
    EXPECT_TRUE(shows_state(state)) << state;
    kill(main);
  }
}

TEST_F(account_states, of_one_model_family_leave_the_others_alone) {
  const auto main = account();
  auto limited = cooldown_of(seconds(600));
  limited.family = 1;
  caf::anon_send(main, account_failed{limited});
  const auto until = steady_now() + seconds(500);
  EXPECT_TRUE(comes_to([&](const auto& now) { return now.family_until[1] >= until; }));
  EXPECT_EQ(last_status().family_until[0], steady_time{});
  EXPECT_EQ(last_status().away_until, steady_time{});
  EXPECT_TRUE(shows_state("active"));
}

TEST_F(account_states, that_are_provisional_count_once_they_are_confirmed) {
  const auto main = account();
  auto suspected = blame_for(failure_kind::server_error, seconds(60));
  suspected.provisional = true;
  caf::anon_send(main, account_failed{suspected});
  EXPECT_TRUE(becomes_true([&] { return errors("server_error") == 1; }));
  EXPECT_EQ(last_status().away_until, steady_time{});
  caf::anon_send(main, account_failed{suspected, 1, true});
  EXPECT_TRUE(stays_away(seconds(50), account_state::cooling_down));
  EXPECT_EQ(errors("server_error"), 1);
}

TEST_F(account_states, show_an_account_that_is_switched_off) {
  auto off = account_config("main");
  off.schedulable = false;
  const auto main = spawn_account(ready_account(off));
  EXPECT_TRUE(shows_state("inactive"));
  caf::anon_send(main, reconfigure_account{ready_account("main")});
  EXPECT_TRUE(shows_state("active"));
  off.schedulable = true;
  off.is_active = false;
  caf::anon_send(main, reconfigure_account{ready_account(off)});
  EXPECT_TRUE(shows_state("inactive"));
}

// A store that knows what was used today before the account's actor lived.
class usage_store final : public runtime::pinned_actor {
 public:
  usage_store(caf::actor_config& config, runtime::worker& home, std::int64_t tokens)
      : pinned_actor(config, home), tokens_(tokens) {}
  caf::behavior make_behavior() override {
    return {[this](const query_usage& order) {
      EXPECT_EQ(order.query.accounts, std::vector{account_id("id-main")});
      EXPECT_EQ(order.query.from, std::chrono::floor<std::chrono::days>(wall_now()));
      storage::usage_sum sum;
      sum.tokens.input = tokens_;
      sum.cost_nanousd = 10 * tokens_;
      return usage_found{std::vector<storage::usage_sum>{sum}};
    }};
  }

 private:
  const std::int64_t tokens_;
};

class quotas : public account_states {
 protected:
  caf::actor account_with(relay::daily_quota quota) {
    auto config = account_config("main");
    config.quota = quota;
    return spawn_account(ready_account(config));
  }
  // Until midnight, when nobody knows how soon that is.
  bool is_exhausted() {
    return comes_to([&](const auto& now) {
      return now.away_until > steady_time{} && now.reason == account_state::over_quota;
    });
  }
};

TEST_F(quotas, of_tokens_keep_an_account_away_until_the_day_ends) {
  const auto main = account_with({.tokens = 100});
  caf::anon_send(main, usage_counted{{.tokens = 99}, wall_now()});
  EXPECT_TRUE(comes_to([&](const auto& now) { return now.away_until == steady_time{}; }));
  caf::anon_send(main, usage_counted{{.tokens = 1}, wall_now()});
  EXPECT_TRUE(is_exhausted());
  EXPECT_LE(last_status().away_until, steady_now() + std::chrono::days(1));
  EXPECT_TRUE(shows_state("over_quota"));
}

TEST_F(quotas, take_no_notice_of_what_was_used_before_the_day) {
  const auto main = account_with({.tokens = 100});
  caf::anon_send(main, usage_counted{{.tokens = 500}, wall_now() - std::chrono::days(1)});
  caf::anon_send(main, usage_counted{{.tokens = 99}, wall_now()});
  EXPECT_TRUE(comes_to([&](const auto& now) { return now.away_until == steady_time{}; }));
  caf::anon_send(main, usage_counted{{.tokens = 1}, wall_now()});
  EXPECT_TRUE(is_exhausted());
}

TEST_F(quotas, of_cost_do_too) {
  const auto main = account_with({.cost_nanousd = 1000});
  caf::anon_send(main, usage_counted{{.tokens = 5000, .cost_nanousd = 1000}, wall_now()});
  EXPECT_TRUE(is_exhausted());
}

TEST_F(quotas, count_what_the_store_knows_of_the_day) {
  around_.storage = spawn<usage_store>(at(0), 100);
  account_with({.tokens = 100});
  EXPECT_TRUE(is_exhausted());
}

TEST_F(quotas, of_which_none_is_used_up_but_by_the_store_are_noticed) {
  around_.storage = spawn<usage_store>(at(0), 100);
  account_with({.cost_nanousd = 1000});
  EXPECT_TRUE(is_exhausted());
}

TEST_F(quotas, that_are_raised_bring_the_account_back) {
  auto config = account_config("main");
  config.quota.tokens = 10;
  around_.storage = spawn<usage_store>(at(0), 10);
  const auto main = spawn_account(ready_account(config));
  ASSERT_TRUE(is_exhausted());
  config.quota.tokens = 20;
  caf::anon_send(main, reconfigure_account{ready_account(config)});
  EXPECT_TRUE(comes_to([&](const auto& now) { return now.away_until == steady_time{}; }));
}

class circuits : public account_states {
 protected:
  void SetUp() override {
    account_states::SetUp();
    around_.circuit = {.failures_min = 2, .failure_share_percent = 50};
    around_.circuit.open = milliseconds(20);
  }
  void fail(const caf::actor& main, std::uint32_t attempts = 1) {
    caf::anon_send(main, account_failed{blame_for(failure_kind::server_error), attempts});
  }
  bool is_open() {
    return comes_to([](const auto& now) { return now.reason == account_state::circuit_open; });
  }
  caf::actor opened(std::uint32_t limit = 0) {
    const auto main = account(limit);
    fail(main);
    fail(main);
    EXPECT_TRUE(is_open());
    return main;
  }
  // The lease of the request that tries the account, once it may be tried.
  std::shared_ptr<lease> probe(const caf::actor& main, const caf::actor& by) {
    lease_answered answer{std::shared_ptr<lease>()};
    EXPECT_TRUE(becomes_true([&] {
      answer = acquire_answer(main, by);
      return answer.slot.has_value();
    }));
    EXPECT_TRUE(answer.probe);
    return answer.slot ? *answer.slot : nullptr;
  }
};

TEST_F(circuits, open_after_failures_and_let_nobody_in) {
  around_.circuit.open = seconds(600);
  const auto main = opened();
  EXPECT_GE(last_status().away_until, steady_now() + seconds(500));
  EXPECT_TRUE(last_status().must_ask);
  EXPECT_TRUE(shows_state("circuit_open"));
  EXPECT_EQ(acquire(main, somebody()), nullptr);
}

TEST_F(circuits, stay_closed_while_most_attempts_succeed_or_the_failures_are_of_another_kind) {
  const auto main = account();
  for (int n = 0; n < 5; ++n) fail(main, 10);
  for (int n = 0; n < 5; ++n) {
    caf::anon_send(main, account_failed{blame_for(failure_kind::forbidden), 1});
  }
  EXPECT_TRUE(becomes_true([&] { return errors("forbidden") == 5; }));
  const auto answer = acquire_answer(main, somebody());
  EXPECT_TRUE(answer.slot);
  EXPECT_FALSE(answer.probe);
}

TEST_F(circuits, are_probed_by_one_request_at_a_time_and_closed_by_its_success) {
  const auto main = opened();
  const auto me = somebody();
  const auto first = probe(main, me);
  EXPECT_TRUE(comes_to([](const auto& now) { return now.full; }));
  EXPECT_EQ(acquire(main, me), nullptr);
  caf::anon_send(main, account_succeeded{});
  EXPECT_TRUE(comes_to([](const auto& now) { return !now.full && !now.must_ask; }));
  const auto next = acquire_answer(main, me);
  EXPECT_TRUE(next.slot);
  EXPECT_FALSE(next.probe);
}

TEST_F(circuits, whose_probe_fails_open_for_twice_as_long) {
  const auto main = opened();
  const auto until = last_status().away_until;
  const auto first = probe(main, somebody());
  fail(main);  // of a request that was under way when the circuit opened
  EXPECT_TRUE(comes_to([](const auto& now) { return now.full; })) << "it is still being probed";
  caf::anon_send(main, account_failed{blame_for(failure_kind::server_error), 1, false, true});
  EXPECT_TRUE(
      comes_to([&](const auto& now) { return now.away_until >= until + milliseconds(40); }));
}

TEST_F(circuits, whose_probe_is_answered_with_a_refusal_close) {
  const auto main = opened();
  const auto first = probe(main, somebody());
  caf::anon_send(main, account_failed{blame_for(failure_kind::forbidden), 1, false, true});
  EXPECT_TRUE(comes_to([](const auto& now) { return !now.must_ask; }));
}

TEST_F(circuits, whose_probe_tells_nothing_let_the_next_request_try) {
  const auto main = opened();
  const auto me = somebody();
  auto abandoned = probe(main, me);
  abandoned.reset();
  EXPECT_NE(probe(main, me), nullptr);
}

TEST_F(circuits, whose_probe_is_lost_with_its_owner_let_the_next_request_try) {
  const auto main = opened();
  const auto dying = somebody();
  const auto never_released = probe(main, dying);
  kill(dying);
  EXPECT_NE(probe(main, somebody()), nullptr);
}

TEST_F(circuits, of_full_accounts_let_one_request_in_when_all_slots_come_free) {
  around_.waiting_room = somebody();  // it must not be offered what is not free for all
  const auto main = account(2);
  const auto me = somebody();
  auto one = acquire(main, me);
  auto other = acquire(main, me);
  fail(main);
  fail(main);
  ASSERT_TRUE(is_open());
  const auto until = last_status().away_until;
  ASSERT_TRUE(becomes_true([&] { return steady_now() >= until; }));
  one.reset();
  other.reset();
  const auto trying = probe(main, me);
  EXPECT_EQ(acquire(main, me), nullptr);
}

TEST_F(circuits, start_closed_when_the_account_is_changed) {
  around_.circuit.open = seconds(600);
  const auto main = opened();
  caf::anon_send(main, reconfigure_account{ready_account("main")});
  EXPECT_TRUE(comes_to([](const auto& now) { return !now.must_ask; }));
  EXPECT_TRUE(acquire(main, somebody()));
}

TEST_F(circuits, and_absences_end_when_the_account_is_reset) {
  around_.circuit.open = seconds(600);
  const auto main = opened();
  auto limited = cooldown_of(seconds(600));
  limited.family = 1;
  caf::anon_send(main, account_failed{limited});
  caf::anon_send(main, account_failed{cooldown_of(seconds(900))});
  ASSERT_TRUE(stays_away(seconds(800), account_state::rate_limited));
  EXPECT_TRUE(ask<account_reset>(main, reset_account{}));
  EXPECT_TRUE(comes_to([](const auto& now) { return now == relay::account_status{}; }));
  EXPECT_TRUE(shows_state("active"));
  EXPECT_TRUE(acquire(main, somebody()));
}

TEST_F(circuits, and_absences_are_reported) {
  around_.circuit.open = seconds(600);
  const auto main = opened();
  auto limited = cooldown_of(seconds(60));
  limited.family = 1;
  caf::anon_send(main, account_failed{limited});
  const auto told = ask<account_reported>(main, report_account{})->report;
  EXPECT_EQ(told.id, account_id("id-main"));
  EXPECT_EQ(told.state, account_state::circuit_open);
  EXPECT_EQ(told.circuit, relay::circuit_breaker::state::open);
  ASSERT_TRUE(told.back_at);
  EXPECT_GT(*told.back_at, wall_now() + seconds(500));
  ASSERT_EQ(told.limited.size(), 1u);
  EXPECT_EQ(told.limited[0].family, relay::model_families[1]);
  EXPECT_FALSE(told.in_flight);
  EXPECT_FALSE(told.used_today);
}

TEST_F(account_states, that_are_over_quota_outlast_a_reset) {
  auto config = account_config("main");
  config.quota.tokens = 100;
  const auto main = spawn_account(ready_account(config));
  caf::anon_send(main, usage_counted{{.tokens = 150}, wall_now()});
  EXPECT_TRUE(ask<account_reset>(main, reset_account{}));
  const auto told = ask<account_reported>(main, report_account{})->report;
  EXPECT_EQ(told.state, account_state::over_quota);
  ASSERT_TRUE(told.used_today);
  EXPECT_EQ(told.used_today->tokens, 150u);
}

}  // namespace
}  // namespace baton::actors
