#include "actors/key_limits_actor.hpp"

#include <atomic>
#include <thread>

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

using claim = std::shared_ptr<reservation>;

class key_limits : public relay_actor_test {
 protected:
  void SetUp() override { owner_ = spawn<key_limits_actor>(at(0)); }
  void TearDown() override {
    owner_ = nullptr;
    relay_actor_test::TearDown();
  }

  result<claim> admit(const relay::api_key_ptr& key, std::uint64_t tokens = 0,
                      bool takes_slot = true) {
    auto answer = ask<admission_answered>(
        owner_, admit_request{key, relay::usage_estimate{tokens, takes_slot}});
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
  (*first)->settle(100);
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
  (*first)->settle(100);
  ASSERT_TRUE(admits(key, 800));
  auto rest = admit(key, 900);
  ASSERT_TRUE(rest);
  (*rest)->settle(900);
  EXPECT_TRUE(becomes_true([&] { return !admit(key, 1); }));
}

TEST_F(key_limits, count_nothing_for_a_cancelled_request) {
  const auto key = key_with({.window_minutes = 60, .window_requests = 2});
  for (int n = 0; n < 10; ++n) EXPECT_TRUE(admits(key));
  auto first = admit(key);
  auto second = admit(key);
  ASSERT_TRUE(first && second);
  (*first)->settle(0);
  (*second)->settle(0);
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
  (*held)->settle(1);
  caf::anon_send(owner_, forget_idle_keys{});
  EXPECT_TRUE(admits(key));
}

TEST_F(key_limits, outlived_by_a_reservation_are_not_missed) {
  const auto held = admit(key_with({.concurrency = 1}));
  kill(owner_);
  (*held)->settle(1);
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
