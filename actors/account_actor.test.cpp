#include "actors/account_actor.hpp"

#include <atomic>
#include <thread>

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

// Somebody who may hold a lease, and die.
class owner_actor final : public runtime::pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

class accounts : public relay_actor_test {
 protected:
  caf::actor account(std::uint32_t limit, const std::string& name = "main") {
    return spawn<account_actor>(at(0), ready_account(name, limit),
                                std::vector<caf::actor>{listening()}, std::ref(metrics_));
  }
  caf::actor owner() { return spawn<owner_actor>(at(1)); }

  // A slot, or null if every one is taken.
  std::shared_ptr<lease> acquire(const caf::actor& from, const caf::actor& by) {
    const auto answer = ask<lease_answered>(from, acquire_lease{by.address()});
    EXPECT_TRUE(answer);
    if (!answer || answer->slot) return answer ? *answer->slot : nullptr;
    EXPECT_EQ(answer->slot.error().code, error_code::rate_limited);
    return nullptr;
  }
  bool shows_inflight(int count, const std::string& name = "main") {
    return becomes_true(
        [&] { return metric("baton_account_inflight{account=\"" + name + "\"}") == count; });
  }
  bool is_full(bool wanted) {
    return is_told(&notes::statuses, [&](const auto& fact) { return fact.status.full == wanted; });
  }
};

TEST_F(accounts, grant_as_many_leases_as_their_limit_says) {
  const auto main = account(3);
  const auto me = owner();
  std::vector<std::shared_ptr<lease>> held;
  for (int n = 0; n < 3; ++n) held.push_back(acquire(main, me));
  EXPECT_NE(held[2], nullptr);
  EXPECT_EQ(acquire(main, me), nullptr);
  EXPECT_TRUE(is_full(true));
  EXPECT_TRUE(shows_inflight(3));

  held.pop_back();
  EXPECT_TRUE(is_full(false));
  EXPECT_NE(acquire(main, me), nullptr);
}

TEST_F(accounts, take_a_lease_back_once) {
  const auto main = account(2);
  const auto me = owner();
  const auto first = acquire(main, me);
  const auto second = acquire(main, me);
  first->release();
  first->release();
  EXPECT_TRUE(shows_inflight(1));
  caf::anon_send(main, release_lease{1});  // known no more
  caf::anon_send(main, release_lease{99});
  EXPECT_NE(acquire(main, me), nullptr);
  EXPECT_TRUE(shows_inflight(1));
}

TEST_F(accounts, without_a_limit_grant_without_end) {
  const auto main = account(0);
  const auto me = owner();
  std::vector<std::shared_ptr<lease>> held;
  for (int n = 0; n < 100; ++n) held.push_back(acquire(main, me));
  EXPECT_NE(held.back(), nullptr);
}

TEST_F(accounts, never_exceed_their_limit_under_parallel_load) {
  const auto main = account(5);
  const auto me = owner();
  std::atomic<int> holding = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        std::vector<std::shared_ptr<lease>> held;
        for (int i = 0; i < 3; ++i) {
          auto slot = acquire(main, me);
          if (!slot) continue;
          held.push_back(std::move(slot));
          const int now = ++holding;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
        }
        holding -= static_cast<int>(held.size());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 5);
  EXPECT_TRUE(shows_inflight(0));
}

TEST_F(accounts, get_a_slot_back_when_nobody_takes_the_answer) {
  const auto main = account(1);
  const auto me = owner();
  {
    caf::scoped_actor asker{system_};
    asker->request(main, caf::infinite, acquire_lease{me.address()});
    // Dies without a look at what comes.
  }
  EXPECT_TRUE(shows_inflight(0));
  EXPECT_TRUE(becomes_true([&] { return acquire(main, me) != nullptr; }));
}

TEST_F(accounts, get_the_slots_of_an_owner_that_died_back_within_seconds) {
  const auto main = account(1);
  const auto dying = owner();
  const auto survivor = owner();
  const auto never_released = acquire(main, dying);
  ASSERT_NE(never_released, nullptr);
  EXPECT_EQ(acquire(main, survivor), nullptr);
  kill(dying);
  std::shared_ptr<lease> slot;
  EXPECT_TRUE(becomes_true([&] { return (slot = acquire(main, survivor)) != nullptr; },
                           std::chrono::seconds(3)));
  // The dead owner's lease turns up after all and must not free the survivor's slot.
  never_released->release();
  EXPECT_EQ(acquire(main, owner()), nullptr);
}

TEST_F(accounts, outlived_by_a_lease_are_not_missed) {
  const auto main = account(1);
  const auto slot = acquire(main, owner());
  kill(main);
  slot->release();
}

TEST_F(accounts, tell_schedulers_of_a_cooldown_and_never_shorten_it) {
  const auto main = account(0);
  const auto cools_for_at_least = [&](std::chrono::seconds time) {
    const auto until = steady_now() + time;
    return is_told(&notes::statuses, [&](const auto& fact) {
      return fact.id == account_id("id-main") && fact.status.cooling_until >= until;
    });
  };
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(600))});
  EXPECT_TRUE(cools_for_at_least(std::chrono::seconds(500)));
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(1))});
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(0))});
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(1200))});
  EXPECT_TRUE(cools_for_at_least(std::chrono::seconds(1100)));
  EXPECT_EQ(metric(R"(baton_account_state{account="main",state="cooling_down"})"), 1);
  const auto errors = R"(baton_upstream_errors_total{account="main",kind="rate_limited"})";
  EXPECT_TRUE(becomes_true([&] { return metric(errors) == 4; }));
  std::lock_guard lock(notes_->guard);
  EXPECT_EQ(notes_->statuses.size(), 3u);  // the first one when it began
}

TEST_F(accounts, start_afresh_when_they_are_changed) {
  const auto main = account(1);
  const auto me = owner();
  const auto slot = acquire(main, me);
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(600))});
  caf::anon_send(main, reconfigure_account{ready_account("main", 2)});
  EXPECT_TRUE(is_told(&notes::statuses, [](const auto& fact) {
    return fact.status.cooling_until == steady_time{} && !fact.status.full;
  }));
  // The lease it had granted still counts.
  EXPECT_NE(acquire(main, me), nullptr);
  EXPECT_TRUE(shows_inflight(1));
  const auto second = acquire(main, me);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(acquire(main, me), nullptr);
}

TEST_F(accounts, leave_no_metric_of_a_name_they_had) {
  const auto main = account(1, "before");
  EXPECT_TRUE(shows_inflight(0, "before"));
  caf::anon_send(main, reconfigure_account{ready_account("after", 1)});
  EXPECT_TRUE(shows_inflight(0, "after"));
  EXPECT_TRUE(shows_inflight(-1, "before"));
  kill(main);
  EXPECT_TRUE(shows_inflight(-1, "after"));
}

}  // namespace
}  // namespace baton::actors
