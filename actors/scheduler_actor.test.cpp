#include "actors/scheduler_actor.hpp"

#include <atomic>

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

// Stands in for an account: notes what it is blamed for.
class blamed_actor final : public runtime::pinned_actor {
 public:
  blamed_actor(caf::actor_config& config, runtime::worker& home, std::atomic<int>& blames)
      : pinned_actor(config, home), blames_(blames) {}
  caf::behavior make_behavior() override {
    return {[this](const account_failed& fact) {
      EXPECT_EQ(fact.verdict.cooldown, std::chrono::seconds(5));
      ++blames_;
    }};
  }

 private:
  std::atomic<int>& blames_;
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
    caf::anon_send(scheduler_,
                   account_status_changed{account_id("id-" + name), {steady_now() + time, false}});
  }

  worker_view view_;
  caf::actor scheduler_;
};

TEST_F(schedulers, without_accounts_have_none_to_offer) {
  const auto chosen = choose();
  ASSERT_FALSE(chosen.account);
  EXPECT_EQ(chosen.account.error().code, error_code::no_account);
  EXPECT_FALSE(ask<accounts_checked>(scheduler_, check_accounts{})->any_usable);
}

TEST_F(schedulers, take_turns) {
  set_accounts({ready_account("a"), ready_account("b")});
  const auto first = choose().account.value()->config.name;
  const auto second = choose().account.value()->config.name;
  EXPECT_NE(first, second);
  EXPECT_EQ(choose().account.value()->config.name, first);
}

TEST_F(schedulers, name_the_owner_of_an_account_with_a_limit_only) {
  std::atomic<int> blames = 0;
  const auto owner = spawn<blamed_actor>(at(1), std::ref(blames));
  set_accounts({ready_account("limited", 2)}, owner);
  EXPECT_EQ(choose().owner, owner);
  set_accounts({ready_account("free", 0)}, owner);
  EXPECT_FALSE(choose().owner);
  kill(owner);
}

TEST_F(schedulers, leave_out_what_is_excluded_bound_elsewhere_or_cooling_down) {
  set_accounts({ready_account("a"), ready_account("b")});
  choose_account without_a;
  without_a.excluded = {account_id("id-a")};
  EXPECT_EQ(choose(without_a).account.value()->config.name, "b");
  choose_account bound_to_b;
  bound_to_b.bound_account = account_id("id-b");
  EXPECT_EQ(choose(bound_to_b).account.value()->config.name, "b");

  cool_down("b", std::chrono::seconds(60));
  for (int n = 0; n < 3; ++n) EXPECT_EQ(choose().account.value()->config.name, "a");
  const auto refused = choose(bound_to_b);
  ASSERT_FALSE(refused.account);
  ASSERT_TRUE(refused.account.error().retry_after);
  EXPECT_LE(*refused.account.error().retry_after, std::chrono::seconds(60));
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
  for (int n = 0; n < 3; ++n) EXPECT_EQ(choose().account.value()->config.name, "c");
}

TEST_F(schedulers, hand_the_keys_to_their_workers_sessions) {
  const auto keys =
      std::make_shared<const relay::key_directory>(std::vector<relay::api_key>{key_config("k")});
  caf::anon_send(scheduler_, keys_changed{keys});
  EXPECT_FALSE(choose().account);  // answered behind it
  EXPECT_NE(run_on(at(0), [&] { return view_.keys->find("hash-k"); }), nullptr);
}

TEST_F(schedulers, pass_blame_on_to_the_accounts_owner) {
  std::atomic<int> blames = 0;
  const auto owner = spawn<blamed_actor>(at(1), std::ref(blames));
  set_accounts({ready_account("a")}, owner);
  caf::anon_send(scheduler_,
                 account_to_blame{account_id("id-a"), cooldown_of(std::chrono::seconds(5))});
  caf::anon_send(scheduler_,
                 account_to_blame{account_id("id-gone"), cooldown_of(std::chrono::seconds(5))});
  EXPECT_TRUE(becomes_true([&] { return blames == 1; }));
  kill(owner);
}

}  // namespace
}  // namespace baton::actors
