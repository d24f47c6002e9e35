// How sessions keep their accounts, with one scheduler and with two that know each other.
#include <gtest/gtest.h>

#include <set>

#include "actors/relay_fixture.test.hpp"
#include "actors/scheduler_actor.hpp"

namespace baton::actors {
namespace {

using std::chrono::seconds;

class sessions : public relay_actor_test {
 protected:
  void SetUp() override {
    here_ = spawn<scheduler_actor>(at(0), std::ref(views_[0]));
    there_ = spawn<scheduler_actor>(at(1), std::ref(views_[1]));
    caf::anon_send(here_, meet_schedulers{{there_}});
    caf::anon_send(there_, meet_schedulers{{here_}});
    accounts_changed change;
    for (const auto* name : {"a", "b", "c", "d"}) change.accounts.push_back(ready_account(name));
    for (const auto& each : {here_, there_}) caf::anon_send(each, change);
  }
  void TearDown() override {
    here_ = there_ = nullptr;
    relay_actor_test::TearDown();
  }

  static choose_account wish_of(std::uint64_t session, bool named = true) {
    choose_account wish;
    wish.session = {.key = {1, session * 0x9e3779b97f4a7c15}, .named = named, .branch = 1};
    return wish;
  }
  std::string choose(const caf::actor& scheduler, choose_account wish) {
    auto answer = ask<account_chosen>(scheduler, std::move(wish));
    EXPECT_TRUE(answer && answer->choice.account);
    return answer && answer->choice.account ? answer->choice.account->config.name : "none";
  }
  void tell(const std::string& name, const relay::account_status& status) {
    for (const auto& each : {here_, there_}) {
      caf::anon_send(each, account_status_changed{account_id("id-" + name), status});
    }
  }

  worker_view views_[2];
  caf::actor here_;
  caf::actor there_;
};

TEST_F(sessions, keep_their_account) {
  for (std::uint64_t n = 1; n <= 20; ++n) {
    const auto first = choose(here_, wish_of(n));
    for (int again = 0; again < 3; ++again) EXPECT_EQ(choose(here_, wish_of(n)), first);
  }
}

TEST_F(sessions, are_spread_over_the_accounts) {
  std::set<std::string> chosen;
  for (std::uint64_t n = 1; n <= 40; ++n) chosen.insert(choose(here_, wish_of(n)));
  EXPECT_EQ(chosen.size(), 4u);
}

TEST_F(sessions, without_a_name_take_turns_and_keep_what_they_got) {
  std::set<std::string> chosen;
  for (std::uint64_t n = 1; n <= 4; ++n) chosen.insert(choose(here_, wish_of(n, false)));
  EXPECT_EQ(chosen.size(), 4u);
  const auto first = choose(here_, wish_of(1, false));
  EXPECT_EQ(choose(here_, wish_of(1, false)), first);
}

TEST_F(sessions, go_elsewhere_while_their_account_is_away_and_come_back) {
  const auto own = choose(here_, wish_of(1));
  tell(own, {.away_until = steady_now() + seconds(60)});
  const auto helper = choose(here_, wish_of(1));
  EXPECT_NE(helper, own);
  EXPECT_EQ(choose(here_, wish_of(1)), helper);  // the same one, for its cache
  tell(own, {});
  EXPECT_EQ(choose(here_, wish_of(1)), own);
}

// The slot that it was full with may be the session's own last one.
TEST_F(sessions, ask_their_account_even_if_it_was_full_a_moment_ago) {
  const auto own = choose(here_, wish_of(1));
  tell(own, {.full = true});
  EXPECT_EQ(choose(here_, wish_of(1)), own);
}

TEST_F(sessions, whose_account_was_found_full_are_helped_out_by_one_and_come_back) {
  const auto own = choose(here_, wish_of(1));
  tell(own, {.full = true});
  auto second_try = wish_of(1);
  second_try.found_full = {account_id("id-" + own)};
  const auto helper = choose(here_, second_try);
  EXPECT_NE(helper, own);
  EXPECT_EQ(choose(here_, second_try), helper);
  EXPECT_EQ(choose(here_, wish_of(1)), own);
}

TEST_F(sessions, leave_an_account_that_has_failed_them) {
  const auto own = choose(here_, wish_of(1));
  auto second_try = wish_of(1);
  second_try.failed = {account_id("id-" + own)};
  const auto other = choose(here_, second_try);
  EXPECT_NE(other, own);
  EXPECT_EQ(choose(here_, wish_of(1)), other);
}

TEST_F(sessions, leave_an_account_that_is_removed) {
  const auto own = choose(here_, wish_of(1));
  accounts_changed change;
  for (const auto* name : {"a", "b", "c", "d"}) {
    if (name != own) change.accounts.push_back(ready_account(name));
  }
  caf::anon_send(here_, change);
  EXPECT_NE(choose(here_, wish_of(1)), own);
}

TEST_F(sessions, have_the_same_account_on_every_worker) {
  for (std::uint64_t n = 1; n <= 20; ++n) {
    const auto own = choose(here_, wish_of(n, false));  // by turn, so that chance would not agree
    EXPECT_TRUE(becomes_true([&] { return choose(there_, wish_of(n, false)) == own; }));
  }
}

TEST_F(sessions, with_a_name_agree_even_if_they_begin_on_two_workers_at_once) {
  for (std::uint64_t n = 1; n <= 20; ++n) {
    caf::scoped_actor self{system_};
    std::vector<std::string> chosen;
    auto one = self->request(here_, patience, wish_of(n));
    auto other = self->request(there_, patience, wish_of(n));
    const auto note = [&](const account_chosen& answer) {
      chosen.push_back(answer.choice.account->config.name);
    };
    one.receive(note, [](caf::error&) {});
    other.receive(note, [](caf::error&) {});
    ASSERT_EQ(chosen.size(), 2u);
    EXPECT_EQ(chosen[0], chosen[1]);
  }
}

TEST_F(sessions, that_leave_an_account_leave_it_on_every_worker) {
  const auto own = choose(here_, wish_of(1));
  auto second_try = wish_of(1);
  second_try.failed = {account_id("id-" + own)};
  const auto other = choose(here_, second_try);
  EXPECT_TRUE(becomes_true([&] { return choose(there_, wish_of(1)) == other; }));
  EXPECT_EQ(choose(here_, wish_of(1)), other);
}

TEST_F(sessions, are_explained_as_they_are_chosen_for) {
  const auto explained = [this](const choose_account& wish) {
    const auto told = ask<choice_explained>(here_, explain_choice{wish})->explanation;
    return told.account ? told.account->value().substr(3) : "none";
  };
  for (std::uint64_t n = 1; n <= 10; ++n) {
    const auto named = n % 2 == 0;
    const auto begins = explained(wish_of(n, named));
    const auto own = choose(here_, wish_of(n, named));
    EXPECT_EQ(begins, own);
    EXPECT_EQ(explained(wish_of(n, named)), own);
    tell(own, {.full = true});
    EXPECT_EQ(explained(wish_of(n, named)), own);
    tell(own, {.away_until = steady_now() + seconds(60)});
    EXPECT_EQ(explained(wish_of(n, named)), choose(here_, wish_of(n, named)));
    tell(own, {});
    auto second_try = wish_of(n, named);
    second_try.failed = {account_id("id-" + own)};
    EXPECT_NE(explained(second_try), own);
    EXPECT_EQ(explained(wish_of(n, named)), own) << "an explanation drops no session";
  }
}

TEST_F(sessions, that_name_a_kept_answer_are_explained_by_its_keeper) {
  auto wish = wish_of(1);
  wish.session.bound = true;
  wish.session.anyones = {2, 2};
  caf::anon_send(here_, answer_kept{wish.session.key, wish.session.anyones, account_id("id-c")});
  const auto told = ask<choice_explained>(here_, explain_choice{wish})->explanation;
  EXPECT_EQ(told.account, account_id("id-c"));
  EXPECT_EQ(told.accounts.at(0).reason, relay::choice_reason::only_another);
}

}  // namespace
}  // namespace baton::actors
