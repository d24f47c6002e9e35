#include "actors/account_actor.hpp"

#include <atomic>
#include <thread>

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

// Stands in for a waiting room: keeps what it is offered, or declines it.
class offered_actor final : public runtime::pinned_actor {
 public:
  struct book {
    std::atomic<int> offers = 0;
    std::atomic<bool> declines = false;
  };

  offered_actor(caf::actor_config& config, runtime::worker& home, book& kept)
      : pinned_actor(config, home), book_(kept) {}
  caf::behavior make_behavior() override {
    return {
        [this](slot_offered& fact) {
          if (book_.declines) {
            fact.taken->declined = true;
            fact.slot.reset();
          } else {
            kept_.push_back(std::move(fact.slot));
          }
          ++book_.offers;
          return offer_answered{};
        },
        [this](const leave_queue&) { kept_.clear(); },
    };
  }

 private:
  book& book_;
  std::vector<std::shared_ptr<lease>> kept_;
};

// When an account is kept away from is in account_states.test.cpp.
class accounts : public relay_actor_test {
 protected:
  void SetUp() override { around_.observers = {listening()}; }

  caf::actor account(std::uint32_t limit, const std::string& name = "main") {
    return spawn_account(ready_account(name, limit));
  }
  bool is_full(bool wanted) {
    return is_told(&notes::statuses, [&](const auto& fact) { return fact.status.full == wanted; });
  }

  offered_actor::book offered_;
};

TEST_F(accounts, grant_as_many_leases_as_their_limit_says) {
  const auto main = account(3);
  const auto me = somebody();
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
  const auto me = somebody();
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
  const auto me = somebody();
  std::vector<std::shared_ptr<lease>> held;
  for (int n = 0; n < 100; ++n) held.push_back(acquire(main, me));
  EXPECT_NE(held.back(), nullptr);
}

TEST_F(accounts, never_exceed_their_limit_under_parallel_load) {
  const auto main = account(5);
  const auto me = somebody();
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
  const auto me = somebody();
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
  const auto dying = somebody();
  const auto survivor = somebody();
  const auto never_released = acquire(main, dying);
  ASSERT_NE(never_released, nullptr);
  EXPECT_EQ(acquire(main, survivor), nullptr);
  kill(dying);
  std::shared_ptr<lease> slot;
  EXPECT_TRUE(becomes_true([&] { return (slot = acquire(main, survivor)) != nullptr; },
                           std::chrono::seconds(3)));
  // The dead owner's lease turns up after all and must not free the survivor's slot.
  never_released->release();
  EXPECT_EQ(acquire(main, somebody()), nullptr);
}

TEST_F(accounts, get_a_slot_back_that_was_kept_longer_than_any_request_lasts) {
  around_.lease_max = std::chrono::seconds(1);
  const auto main = account(1);
  const auto kept = acquire(main, somebody());
  std::shared_ptr<lease> next;
  const auto other = somebody();
  EXPECT_TRUE(becomes_true([&] { return (next = acquire(main, other)) != nullptr; }));
  kept->release();
  EXPECT_EQ(acquire(main, other), nullptr);
}

TEST_F(accounts, know_what_their_predecessor_granted) {
  const auto slots = std::make_shared<account_slots>();
  const auto config = ready_account("main", 2);
  const auto first = spawn_account(config, slots);
  const auto me = somebody();
  auto held = acquire(first, me);
  const auto longer_held = acquire(first, me);
  kill(first);
  const auto second = spawn_account(config, slots);
  EXPECT_TRUE(is_full(true));
  EXPECT_EQ(acquire(second, me), nullptr);
  held.reset();
  std::shared_ptr<lease> again;
  EXPECT_TRUE(becomes_true([&] { return (again = acquire(second, me)) != nullptr; }));
  EXPECT_EQ(acquire(second, me), nullptr);
}

TEST_F(accounts, offer_a_slot_that_comes_free_to_those_who_wait_before_all_others) {
  around_.waiting_room = spawn<offered_actor>(at(0), std::ref(offered_));
  const auto main = account(1);
  const auto me = somebody();
  auto held = acquire(main, me);
  ASSERT_TRUE(is_full(true));
  held.reset();
  EXPECT_TRUE(becomes_true([&] { return offered_.offers == 1; }));
  EXPECT_EQ(acquire(main, me), nullptr);
  // Whoever was given it has ended: the next one's turn.
  caf::anon_send(around_.waiting_room, leave_queue{});
  EXPECT_TRUE(becomes_true([&] { return offered_.offers == 2; }));
  EXPECT_EQ(acquire(main, me), nullptr);
  // Nobody wants it.
  offered_.declines = true;
  caf::anon_send(around_.waiting_room, leave_queue{});
  EXPECT_TRUE(is_full(false));
  const auto again = acquire(main, me);
  EXPECT_NE(again, nullptr);
  EXPECT_EQ(offered_.offers, 3);
}

TEST_F(accounts, offer_nothing_while_they_have_free_slots_or_stay_away) {
  around_.waiting_room = spawn<offered_actor>(at(0), std::ref(offered_));
  const auto main = account(2);
  const auto me = somebody();
  auto held = acquire(main, me);
  held.reset();
  held = acquire(main, me);
  auto last = acquire(main, me);
  ASSERT_TRUE(is_full(true));
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(600))});
  held.reset();
  EXPECT_TRUE(is_full(false));
  EXPECT_EQ(offered_.offers, 0);
}

TEST_F(accounts, outlived_by_a_lease_are_not_missed) {
  const auto main = account(1);
  const auto slot = acquire(main, somebody());
  kill(main);
  slot->release();
}

TEST_F(accounts, start_afresh_when_they_are_changed) {
  const auto main = account(1);
  const auto me = somebody();
  const auto slot = acquire(main, me);
  caf::anon_send(main, account_failed{cooldown_of(std::chrono::seconds(600))});
  caf::anon_send(main, reconfigure_account{ready_account("main", 2)});
  EXPECT_TRUE(is_told(&notes::statuses, [](const auto& fact) {
    return fact.status.away_until == steady_time{} && !fact.status.full;
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
