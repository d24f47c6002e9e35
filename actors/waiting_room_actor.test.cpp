#include "actors/waiting_room_actor.hpp"

#include <mutex>

#include "actors/relay_fixture.test.hpp"
#include "actors/runtime/ask.hpp"

namespace baton::actors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Waits in the room for as long as the test wants, and notes in which order answers came.
class waiting_rooms : public relay_actor_test {
 protected:
  struct outcome {
    place_number place;
    slot_answered answer;
  };

  void SetUp() override { open_room(queue_bounds); }
  void TearDown() override {
    answers_.clear();
    room_ = nullptr;
    relay_actor_test::TearDown();
  }

  void open_room(const relay::fair_queue::settings& limits) {
    room_ = spawn<waiting_room_actor>(at(0), limits, std::ref(metrics_));
  }
  void know(const std::vector<relay::ready_account_ptr>& accounts) {
    accounts_changed change;
    change.accounts = accounts;
    for (const auto& each : accounts) change.owners.emplace(each->config.id, nullptr);
    caf::anon_send(room_, change);
  }
  void tell(const relay::ready_account_ptr& account, const relay::account_status& status) {
    caf::anon_send(room_, account_status_changed{account->config.id, status});
  }
  relay::ready_account_ptr full_account(const std::string& name, std::uint32_t limit = 1) {
    const auto account = ready_account(name, limit);
    know({account});
    tell(account, {.full = true});
    return account;
  }
  // The request joins behind all those before.
  place_number wait(const std::string& key = "k", milliseconds time = patience, int priority = 50) {
    auto config = key_config(key);
    config.queue_priority = priority;
    await_slot order;
    order.place = ++places_;
    order.wish.key = std::make_shared<const relay::api_key>(config);
    order.deadline = steady_now() + time;
    host(at(1),
         [this, order](runtime::coroutine_host& self) { self.hold(note_answer(self, order)); });
    const auto joined = ++joined_;
    EXPECT_TRUE(becomes_true([&] { return waiting(queue::accounts) + answered() >= joined; }));
    return order.place;
  }
  task<void> note_answer(runtime::coroutine_host& self, await_slot order) {
    const auto place = order.place;
    auto answer = co_await runtime::ask<slot_answered>(self, room_, order);
    if (!answer) co_return;
    std::lock_guard lock(guard_);
    answers_.push_back({place, std::move(*answer)});
  }
  int answered() {
    std::lock_guard lock(guard_);
    return static_cast<int>(answers_.size());
  }
  bool are_answered(int count) {
    return becomes_true([&] { return answered() == count; });
  }
  // The places in the order in which they were answered.
  std::vector<place_number> order() {
    std::lock_guard lock(guard_);
    std::vector<place_number> places;
    for (const auto& each : answers_) places.push_back(each.place);
    return places;
  }
  slot_answered answer(std::size_t index) {
    std::lock_guard lock(guard_);
    return answers_.at(index).answer;
  }
  // A free slot; `back` and `declined` tell what became of it.
  void offer(const relay::ready_account_ptr& account) {
    slot_offered fact;
    fact.account = account;
    fact.taken = slot_ = std::make_shared<account_slots::slot>();
    fact.slot = std::make_shared<lease>([slot = slot_] { slot->returned = true; });
    caf::anon_send(room_, std::move(fact));
  }

  caf::actor room_;
  place_number places_ = 0;
  int joined_ = 0;
  std::shared_ptr<account_slots::slot> slot_;
  std::mutex guard_;
  std::vector<outcome> answers_;
};

TEST_F(waiting_rooms, send_back_at_once_who_need_not_wait) {
  know({ready_account("main", 1)});
  wait();
  ASSERT_TRUE(are_answered(1));
  EXPECT_TRUE(answer(0).slot);
  EXPECT_EQ(answer(0).account, nullptr);
}

TEST_F(waiting_rooms, refuse_whom_no_waiting_helps) {
  wait();
  ASSERT_TRUE(are_answered(1));
  ASSERT_FALSE(answer(0).slot);
  EXPECT_EQ(answer(0).slot.error().code, error_code::no_account);
}

TEST_F(waiting_rooms, give_a_slot_to_whoever_waits_for_one) {
  const auto main = full_account("main");
  wait();
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
  offer(main);
  ASSERT_TRUE(are_answered(1));
  EXPECT_TRUE(shows_waiting(queue::accounts, 0));
  EXPECT_EQ(answer(0).account, main);
  ASSERT_TRUE(answer(0).slot);
  EXPECT_NE(*answer(0).slot, nullptr);
  EXPECT_FALSE(slot_->declined);
  EXPECT_FALSE(slot_->returned);
}

TEST_F(waiting_rooms, decline_a_slot_that_nobody_can_use) {
  const auto main = full_account("main");
  offer(main);
  EXPECT_TRUE(becomes_true([&] { return slot_->returned.load(); }));
  EXPECT_TRUE(slot_->declined);
  wait();
  offer(ready_account("unknown", 1));
  EXPECT_TRUE(becomes_true([&] { return slot_->returned.load(); }));
  EXPECT_TRUE(slot_->declined);
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
}

TEST_F(waiting_rooms, let_keys_take_turns_and_the_requests_of_a_key_keep_their_order) {
  const auto main = full_account("main");
  const auto greedy1 = wait("greedy");
  const auto greedy2 = wait("greedy");
  const auto greedy3 = wait("greedy");
  const auto modest = wait("modest");
  const auto urgent = wait("urgent", patience, 1);
  for (int n = 1; n <= 5; ++n) {
    offer(main);
    ASSERT_TRUE(are_answered(n));
  }
  EXPECT_EQ(order(), (std::vector{urgent, greedy1, modest, greedy2, greedy3}));
}

TEST_F(waiting_rooms, free_the_place_of_who_leaves) {
  const auto main = full_account("main");
  const auto first = wait();
  const auto second = wait();
  caf::anon_send(room_, leave_queue{first});
  ASSERT_TRUE(are_answered(1));
  EXPECT_EQ(answer(0).slot.error().code, error_code::cancelled);
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
  caf::anon_send(room_, leave_queue{first});  // known no more
  offer(main);
  ASSERT_TRUE(are_answered(2));
  EXPECT_EQ(order(), (std::vector{first, second}));
}

TEST_F(waiting_rooms, turn_away_who_has_waited_long_enough) {
  full_account("main");
  wait("k", milliseconds(1));
  ASSERT_TRUE(are_answered(1));
  ASSERT_FALSE(answer(0).slot);
  EXPECT_EQ(answer(0).slot.error().code, error_code::rate_limited);
  EXPECT_TRUE(answer(0).slot.error().retry_after);
  EXPECT_TRUE(shows_waiting(queue::accounts, 0));
}

TEST_F(waiting_rooms, have_a_bound_for_each_key_and_for_all) {
  open_room({.waiting_max = 3, .per_key_max = 2});
  full_account("main");
  wait("a");
  wait("a");
  wait("a");
  ASSERT_TRUE(are_answered(1));
  EXPECT_EQ(answer(0).slot.error().code, error_code::rate_limited);
  EXPECT_TRUE(answer(0).slot.error().retry_after);
  wait("b");
  wait("c");
  ASSERT_TRUE(are_answered(2));
  EXPECT_EQ(answer(1).slot.error().code, error_code::rate_limited);
  EXPECT_TRUE(shows_waiting(queue::accounts, 3));
}

TEST_F(waiting_rooms, wake_as_many_as_an_account_that_can_be_had_again_has_slots) {
  const auto main = full_account("main", 2);
  for (int n = 0; n < 3; ++n) wait();
  tell(main, {.full = false});
  ASSERT_TRUE(are_answered(2));
  EXPECT_TRUE(answer(0).slot);
  EXPECT_EQ(answer(0).account, nullptr);  // they choose again
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
}

TEST_F(waiting_rooms, wake_when_an_account_is_added) {
  const auto main = full_account("main");
  wait();
  know({main, ready_account("new")});
  ASSERT_TRUE(are_answered(1));
  EXPECT_TRUE(answer(0).slot);
}

// Nobody tells them: the one that was woken did not live to use the account.
TEST_F(waiting_rooms, let_nobody_wait_while_an_account_stays_free) {
  const auto main = full_account("main");
  wait();
  wait();
  tell(main, {.full = false});
  ASSERT_TRUE(are_answered(2));
}

// Nobody tells them that the time is over, either.
TEST_F(waiting_rooms, wake_when_an_account_has_been_away_long_enough) {
  const auto main = full_account("main");
  wait();
  tell(main, {.away_until = steady_now() + milliseconds(200), .full = false});
  EXPECT_EQ(answered(), 0);
  ASSERT_TRUE(are_answered(1));
  EXPECT_TRUE(answer(0).slot);
}

TEST_F(waiting_rooms, that_end_leave_nobody_waiting) {
  full_account("main");
  caf::scoped_actor self{system_};
  await_slot order;
  order.place = 1;
  order.wish.key = key_with({});
  order.deadline = steady_now() + patience;
  auto waiting = self->request(room_, patience, order);
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
  kill(room_);
  bool failed = false;
  waiting.receive([](const slot_answered&) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace baton::actors
