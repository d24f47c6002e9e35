#include "actors/scheduler_actor.hpp"

#include <atomic>

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

// Stands in for an account: notes what it is told.
class told_account final : public runtime::pinned_actor {
 public:
  struct book {
    std::atomic<int> blames = 0;
    std::atomic<int> confirmed = 0;
    std::atomic<std::uint32_t> attempts = 0;
    std::atomic<int> successes = 0;
    std::atomic<std::uint64_t> tokens = 0;
  };
  told_account(caf::actor_config& config, runtime::worker& home, book& kept)
      : pinned_actor(config, home), book_(kept) {}
  caf::behavior make_behavior() override {
    return {
        [this](const account_failed& fact) {
          EXPECT_EQ(fact.verdict.cooldown, std::chrono::seconds(5));
          book_.confirmed += fact.confirmed ? 1 : 0;
          book_.attempts += fact.attempts;
          ++book_.blames;
        },
        [this](account_succeeded) { ++book_.successes; },
        [this](const usage_counted& fact) { book_.tokens += fact.used.tokens; },
    };
  }

 private:
  book& book_;
};

class schedulers : public relay_actor_test {
 protected:
  void SetUp() override { scheduler_ = spawn<scheduler_actor>(at(0), std::ref(view_)); }
  void TearDown() override {
    scheduler_ = nullptr;
    relay_actor_test::TearDown();
  }

  void set_accounts(const std::vector<relay::ready_account_ptr>& accounts,
                    const caf::actor& owner = nullptr) {
    accounts_changed change;
    change.accounts = accounts;
    if (owner) {
      for (const auto& each : accounts) change.owners.emplace(each->config.id, owner);
    }
    caf::anon_send(scheduler_, change);
  }
  account_chosen choose(choose_account wish = {}) {
    auto answer = ask<account_chosen>(scheduler_, std::move(wish));
    EXPECT_TRUE(answer);
    return std::move(*answer);
  }
  void cool_down(const std::string& name, std::chrono::seconds time) {
    caf::anon_send(scheduler_, account_status_changed{account_id("id-" + name),
                                                      {.away_until = steady_now() + time}});
  }
  std::string chosen_name(choose_account wish = {}) {
    const auto chosen = choose(std::move(wish));
    return chosen.choice.account ? chosen.choice.account->config.name : "none";
  }

  worker_view view_;
  told_account::book told_;
  caf::actor scheduler_;
};

TEST_F(schedulers, without_accounts_have_none_to_offer) {
  const auto chosen = choose();
  ASSERT_FALSE(chosen.choice.account);
  EXPECT_EQ(chosen.choice.refusal.code, error_code::no_account);
  EXPECT_FALSE(ask<accounts_checked>(scheduler_, check_accounts{})->any_usable);
}

TEST_F(schedulers, take_turns) {
  set_accounts({ready_account("a"), ready_account("b")});
  const auto first = chosen_name();
  EXPECT_NE(chosen_name(), first);
  EXPECT_EQ(chosen_name(), first);
}

TEST_F(schedulers, name_the_owner_of_an_account_that_must_be_asked_only) {
  const auto owner = spawn<told_account>(at(1), std::ref(told_));
  set_accounts({ready_account("limited", 2)}, owner);
  EXPECT_EQ(choose().owner, owner);
  set_accounts({ready_account("free", 0)}, owner);
  EXPECT_FALSE(choose().owner);
  caf::anon_send(scheduler_, account_status_changed{account_id("id-free"), {.must_ask = true}});
  EXPECT_EQ(choose().owner, owner);
}

TEST_F(schedulers, leave_out_what_has_failed_is_full_bound_elsewhere_or_cooling_down) {
  set_accounts({ready_account("a"), ready_account("b")});
  choose_account without_a;
  without_a.failed = {account_id("id-a")};
  EXPECT_EQ(chosen_name(without_a), "b");
  choose_account full_a;
  full_a.found_full = {account_id("id-a")};
  EXPECT_EQ(chosen_name(full_a), "b");
  auto key = key_config("bound");
  key.bound_account = account_id("id-b");
  choose_account bound_to_b;
  bound_to_b.key = std::make_shared<const relay::api_key>(key);
  EXPECT_EQ(chosen_name(bound_to_b), "b");

  cool_down("b", std::chrono::seconds(60));
  for (int n = 0; n < 3; ++n) EXPECT_EQ(chosen_name(), "a");
  const auto refused = choose(bound_to_b).choice;
  ASSERT_FALSE(refused.account);
  EXPECT_FALSE(refused.may_wait);
  ASSERT_TRUE(refused.refusal.retry_after);
  EXPECT_LE(*refused.refusal.retry_after, std::chrono::seconds(60));
}

TEST_F(schedulers, let_wait_whom_a_full_account_could_serve) {
  set_accounts({ready_account("a", 1)});
  caf::anon_send(scheduler_, account_status_changed{account_id("id-a"), {.full = true}});
  const auto refused = choose().choice;
  EXPECT_FALSE(refused.account);
  EXPECT_TRUE(refused.may_wait);
  EXPECT_EQ(refused.refusal.code, error_code::rate_limited);
}

TEST_F(schedulers, know_when_every_account_cools_down) {
  set_accounts({ready_account("a")});
  EXPECT_TRUE(ask<accounts_checked>(scheduler_, check_accounts{})->any_usable);
  cool_down("a", std::chrono::seconds(60));
  EXPECT_FALSE(ask<accounts_checked>(scheduler_, check_accounts{})->any_usable);
  cool_down("a", std::chrono::seconds(-1));
  EXPECT_TRUE(ask<accounts_checked>(scheduler_, check_accounts{})->any_usable);
}

TEST_F(schedulers, keep_an_accounts_status_when_others_change) {
  set_accounts({ready_account("a"), ready_account("b")});
  cool_down("a", std::chrono::seconds(60));
  set_accounts({ready_account("a"), ready_account("c")});
  for (int n = 0; n < 3; ++n) EXPECT_EQ(chosen_name(), "c");
}

TEST_F(schedulers, hand_the_keys_to_their_workers_sessions) {
  const auto keys =
      std::make_shared<const relay::key_directory>(std::vector<relay::api_key>{key_config("k")});
  caf::anon_send(scheduler_, keys_changed{keys});
  EXPECT_EQ(chosen_name(), "none");  // answered behind it
  EXPECT_NE(run_on(at(0), [&] { return view_.keys->find("hash-k"); }), nullptr);
}

TEST_F(schedulers, pass_on_to_an_account_what_concerns_it) {
  const auto owner = spawn<told_account>(at(1), std::ref(told_));
  set_accounts({ready_account("a")}, owner);
  for (int n = 0; n < 3; ++n) choose();
  const auto verdict = cooldown_of(std::chrono::seconds(5));
  caf::anon_send(scheduler_, account_to_blame{account_id("id-a"), verdict});
  caf::anon_send(scheduler_, account_to_blame{account_id("id-a"), verdict, true});
  caf::anon_send(scheduler_, account_to_blame{account_id("id-gone"), verdict});
  EXPECT_TRUE(becomes_true([&] { return told_.blames == 2; }));
  EXPECT_EQ(told_.confirmed, 1);
  EXPECT_EQ(told_.attempts, 3u);  // since the last report
  caf::anon_send(scheduler_, account_works{account_id("id-a")});
  EXPECT_TRUE(becomes_true([&] { return told_.successes == 1; }));
  caf::anon_send(scheduler_, account_used{account_id("id-a"), {.tokens = 7}});
  EXPECT_TRUE(becomes_true([&] { return told_.tokens == 7; }));
  EXPECT_EQ(told_.blames, 2);
}

TEST_F(schedulers, explain_a_choice_without_making_it) {
  set_accounts({ready_account("a"), ready_account("b")});
  for (int n = 0; n < 3; ++n) {
    const auto told = ask<choice_explained>(scheduler_, explain_choice{})->explanation;
    EXPECT_EQ(told.account, account_id("id-a"));
    EXPECT_EQ(told.accounts.at(1).reason, relay::choice_reason::not_its_turn);
  }
  EXPECT_EQ(chosen_name(), "a");
  EXPECT_EQ(ask<choice_explained>(scheduler_, explain_choice{})->explanation.account,
            account_id("id-b"));
}

TEST_F(schedulers, list_how_each_account_does) {
  EXPECT_TRUE(ask<account_states_listed>(scheduler_, list_account_states{})->reports.empty());
  accounts_changed change;
  for (const auto* name : {"a", "b", "gone"}) {
    const auto account = ready_account(name, 1);
    change.accounts.push_back(account);
    change.owners.emplace(account->config.id, spawn_account(account));
  }
  caf::anon_send(scheduler_, change);
  const auto taken = acquire(change.owners.at(account_id("id-a")), somebody());
  kill(change.owners.at(account_id("id-gone")));
  auto reports = ask<account_states_listed>(scheduler_, list_account_states{})->reports;
  ASSERT_EQ(reports.size(), 2u);
  if (reports[0].id == account_id("id-b")) std::swap(reports[0], reports[1]);
  EXPECT_EQ(reports[0].in_flight, 1u);
  EXPECT_EQ(reports[0].state, relay::account_state::full);
  EXPECT_EQ(reports[1].in_flight, 0u);
  EXPECT_EQ(reports[1].state, relay::account_state::active);
}

}  // namespace
}  // namespace baton::actors
