#include "actors/key_limits_actor.hpp"

#include <atomic>
#include <thread>

#include "actors/relay_fixture.test.hpp"
#include "actors/runtime/ask.hpp"

namespace baton::actors {
namespace {

using claim = std::shared_ptr<reservation>;

class key_limits : public relay_actor_test {
 protected:
  void SetUp() override { owner_ = spawn<key_limits_actor>(at(0), std::ref(metrics_)); }
  void TearDown() override {
    owner_ = nullptr;
    relay_actor_test::TearDown();
  }

  result<claim> admit(const relay::api_key_ptr& key, std::uint64_t tokens = 0,
                      bool takes_slot = true) {
    auto answer = ask<admission_answered>(
        owner_, admit_request{key, {.tokens = tokens, .takes_slot = takes_slot}});
    EXPECT_TRUE(answer);
    return std::move(answer->claim);
  }
  // Once what was given back has arrived.
  bool admits(const relay::api_key_ptr& key, std::uint64_t tokens = 0) {
    return becomes_true([&] {
      auto admitted = admit(key, tokens);
      return admitted.has_value();
    });
  }

  // Asks, and waits in the key's queue if it must.
  struct waiter {
    std::atomic<bool> answered = false;
    std::optional<admission_answered> answer;
  };
  std::shared_ptr<waiter> wait(const relay::api_key_ptr& key, place_number place,
                               std::chrono::milliseconds time = patience) {
    auto made = std::make_shared<waiter>();
    host(at(1), [this, key, place, time, made](runtime::coroutine_host& self) {
      self.hold(note_answer(self, {key, {}, place, steady_now() + time}, made));
    });
    return made;
  }
  task<void> note_answer(runtime::coroutine_host& self, admit_request order,
                         std::shared_ptr<waiter> who) {
    auto answer = co_await runtime::ask<admission_answered>(self, owner_, order);
    if (!answer) co_return;
    who->answer = std::move(*answer);
    who->answered = true;
  }
  bool is_answered(const std::shared_ptr<waiter>& who) {
    return becomes_true([&] { return who->answered.load(); });
  }

  caf::actor owner_;
};

TEST_F(key_limits, admit_exactly_as_many_as_the_limit_of_a_thousand_at_once) {
  const auto key = key_with({.concurrency = 10});
  std::atomic<int> admitted = 0;
  std::atomic<int> refused = 0;
  std::vector<std::vector<claim>> held(4);
  std::vector<std::thread> threads;
  for (auto& mine : held) {
    threads.emplace_back([&] {
      for (int n = 0; n < 250; ++n) {
        auto outcome = admit(key);
        if (outcome) {
          ++admitted;
          mine.push_back(*outcome);
        } else {
          EXPECT_EQ(outcome.error().code, error_code::rate_limited);
          ++refused;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(admitted, 10);
  EXPECT_EQ(refused, 990);
}

TEST_F(key_limits, free_a_slot_when_its_request_is_settled) {
  const auto key = key_with({.concurrency = 1});
  auto first = admit(key);
  ASSERT_TRUE(first);
  EXPECT_FALSE(admit(key));
  (*first)->settle({.tokens = 100});
  EXPECT_TRUE(admits(key));
}

TEST_F(key_limits, free_a_slot_when_its_request_is_forgotten) {
  const auto key = key_with({.concurrency = 1});
  ASSERT_TRUE(admit(key));  // and dropped
  EXPECT_TRUE(admits(key));
}

TEST_F(key_limits, free_a_slot_when_nobody_takes_the_answer) {
  const auto key = key_with({.concurrency = 1});
  {
    caf::scoped_actor asker{system_};
    asker->request(owner_, caf::infinite, admit_request{key, {}});
  }
  EXPECT_TRUE(admits(key));
}

TEST_F(key_limits, count_what_a_settled_request_really_used) {
  const auto key = key_with({.window_minutes = 60, .window_tokens = 1000});
  auto first = admit(key, 900);
  ASSERT_TRUE(first);
  EXPECT_FALSE(admit(key, 200));
  (*first)->settle({.tokens = 100});
  ASSERT_TRUE(admits(key, 800));
  auto rest = admit(key, 900);
  ASSERT_TRUE(rest);
  (*rest)->settle({.tokens = 900});
  EXPECT_TRUE(becomes_true([&] { return !admit(key, 1); }));
}

TEST_F(key_limits, count_nothing_for_a_cancelled_request) {
  const auto key = key_with({.window_minutes = 60, .window_requests = 2});
  for (int n = 0; n < 10; ++n) EXPECT_TRUE(admits(key));
  auto first = admit(key);
  auto second = admit(key);
  ASSERT_TRUE(first && second);
  (*first)->settle({.tokens = 0});
  (*second)->settle({.tokens = 0});
  EXPECT_FALSE(admit(key));
  EXPECT_TRUE(admit(key).error().retry_after);
}

TEST_F(key_limits, know_each_key_by_itself) {
  const auto one = key_with({.concurrency = 1}, "one");
  const auto other = key_with({.concurrency = 1}, "other");
  const auto held = admit(one);
  ASSERT_TRUE(held);
  EXPECT_TRUE(admit(other));
  EXPECT_FALSE(admit(one));
}

TEST_F(key_limits, do_not_count_requests_without_a_slot) {
  const auto key = key_with({.concurrency = 1});
  const auto held = admit(key);
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(admit(key, 0, false));
}

TEST_F(key_limits, keep_what_is_in_use_when_they_forget_the_idle) {
  const auto key = key_with({.concurrency = 1});
  const auto held = admit(key);
  caf::anon_send(owner_, forget_idle_keys{});
  EXPECT_FALSE(admit(key));
  (*held)->settle({.tokens = 1});
  caf::anon_send(owner_, forget_idle_keys{});
  EXPECT_TRUE(admits(key));
}

TEST_F(key_limits, let_as_many_wait_as_the_key_may_and_serve_them_in_order) {
  const auto key = key_with({.concurrency = 1, .queue = 2});
  auto held = admit(key);
  ASSERT_TRUE(held);
  const auto first = wait(key, 1);
  ASSERT_TRUE(shows_waiting(queue::key, 1));
  const auto second = wait(key, 2);
  ASSERT_TRUE(shows_waiting(queue::key, 2));
  const auto refused = wait(key, 3);
  ASSERT_TRUE(is_answered(refused));
  ASSERT_FALSE(refused->answer->claim);
  EXPECT_EQ(refused->answer->claim.error().code, error_code::rate_limited);
  EXPECT_TRUE(refused->answer->claim.error().retry_after);

  (*held)->settle({});
  ASSERT_TRUE(is_answered(first));
  ASSERT_TRUE(first->answer->claim);
  EXPECT_TRUE(first->answer->waited);
  EXPECT_TRUE(shows_waiting(queue::key, 1));
  EXPECT_FALSE(second->answered);
  first->answer.reset();  // cancelled
  ASSERT_TRUE(is_answered(second));
  EXPECT_TRUE(second->answer->claim);
  EXPECT_TRUE(shows_waiting(queue::key, 0));
}

TEST_F(key_limits, free_the_place_of_who_leaves_the_queue) {
  const auto key = key_with({.concurrency = 1, .queue = 1});
  auto held = admit(key);
  const auto first = wait(key, 1);
  ASSERT_TRUE(shows_waiting(queue::key, 1));
  caf::anon_send(owner_, leave_queue{1});
  ASSERT_TRUE(is_answered(first));
  EXPECT_EQ(first->answer->claim.error().code, error_code::cancelled);
  EXPECT_TRUE(shows_waiting(queue::key, 0));
  caf::anon_send(owner_, leave_queue{1});  // known no more
  const auto second = wait(key, 2);
  ASSERT_TRUE(shows_waiting(queue::key, 1));
  (*held)->settle({});
  ASSERT_TRUE(is_answered(second));
  EXPECT_TRUE(second->answer->claim);
}

TEST_F(key_limits, turn_away_who_has_waited_long_enough) {
  const auto key = key_with({.concurrency = 1, .queue = 1});
  const auto held = admit(key);
  const auto late = wait(key, 1, std::chrono::milliseconds(1));
  ASSERT_TRUE(is_answered(late));
  ASSERT_FALSE(late->answer->claim);
  EXPECT_EQ(late->answer->claim.error().code, error_code::rate_limited);
  EXPECT_TRUE(late->answer->claim.error().retry_after);
  EXPECT_TRUE(shows_waiting(queue::key, 0));
}

TEST_F(key_limits, that_end_leave_nobody_waiting) {
  const auto key = key_with({.concurrency = 1, .queue = 1});
  const auto held = admit(key);
  caf::scoped_actor self{system_};
  auto waiting =
      self->request(owner_, patience, admit_request{key, {}, 1, steady_now() + patience});
  ASSERT_TRUE(shows_waiting(queue::key, 1));
  kill(owner_);
  bool failed = false;
  waiting.receive([](const admission_answered&) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

TEST_F(key_limits, outlived_by_a_reservation_are_not_missed) {
  const auto held = admit(key_with({.concurrency = 1}));
  kill(owner_);
  (*held)->settle({.tokens = 1});
}

TEST(key_limits_owner, is_the_same_for_a_key_and_spreads_keys) {
  const std::vector<caf::actor> owners(4);
  std::vector<int> keys_of(owners.size());
  for (int n = 0; n < 1000; ++n) {
    const key_id key("key-" + std::to_string(n));
    const auto* const owner = &key_limits_owner(owners, key);
    EXPECT_EQ(owner, &key_limits_owner(owners, key));
    ++keys_of[static_cast<std::size_t>(owner - owners.data())];
  }
  for (const auto count : keys_of) EXPECT_GT(count, 100);
}

}  // namespace
}  // namespace baton::actors
