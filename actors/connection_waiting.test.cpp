// Connections that wait: for a slot of an account, and for one of their key's.
#include <gtest/gtest.h>

#include <array>

#include "actors/connection_fixture.test.hpp"
#include "relay/platforms/anthropic_api.hpp"

namespace baton::actors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct learned {
  std::atomic<bool> done = false;
  std::optional<error> refusal;
  std::string account;
  std::chrono::microseconds waited{0};
};

task<void> lease_and_hold(session_port& port, learned& result) {
  account_wish wish;
  wish.protocol = &relay::anthropic_api();
  wish.key = key_with({});
  auto leased = co_await port.lease_account(wish);
  if (leased) {
    result.account = leased->account->config.name;
    result.waited = leased->waited;
  } else {
    result.refusal = leased.error();
  }
  result.done = true;
  never for_ever;
  co_await for_ever;
}

task<void> admit_and_hold(session_port& port, relay::api_key_ptr key, learned& result) {
  const relay::usage_estimate estimate;
  auto admitted = co_await port.admit(key, estimate);
  if (admitted) {
    result.waited = admitted->waited;
  } else {
    result.refusal = admitted.error();
  }
  result.done = true;
  never for_ever;
  co_await for_ever;
}

class waiting_connections : public connection_test {
 protected:
  void SetUp() override {
    connection_test::SetUp();
    open_waiting_room();
  }

  caf::actor lease(std::size_t who) {
    return connect([this, who](session_port& port) { return lease_and_hold(port, learned_[who]); });
  }
  caf::actor admit(std::size_t who, const relay::api_key_ptr& key) {
    return connect(
        [this, who, key](session_port& port) { return admit_and_hold(port, key, learned_[who]); });
  }
  bool is_done(std::size_t who) {
    return becomes_true([&] { return learned_[who].done.load(); });
  }

  std::array<learned, 4> learned_;
};

TEST_F(waiting_connections, get_the_slot_that_comes_free) {
  add_account("main", 1);
  const auto first = lease(0);
  ASSERT_TRUE(is_done(0));
  const auto second = lease(1);
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  EXPECT_FALSE(learned_[1].done);
  kill(first);
  ASSERT_TRUE(is_done(1));
  EXPECT_EQ(learned_[1].account, "main");
  EXPECT_GT(learned_[1].waited.count(), 0);
  EXPECT_TRUE(shows_waiting(queue::accounts, 0));
  lease(2);  // the slot is taken
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
}

TEST_F(waiting_connections, leave_the_queue_when_they_are_killed) {
  add_account("main", 1);
  const auto first = lease(0);
  ASSERT_TRUE(is_done(0));
  const auto second = lease(1);
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  lease(2);
  ASSERT_TRUE(shows_waiting(queue::accounts, 2));
  kill(second);
  EXPECT_TRUE(shows_waiting(queue::accounts, 1));
  kill(first);
  ASSERT_TRUE(is_done(2));
  EXPECT_EQ(learned_[2].account, "main");
}

TEST_F(waiting_connections, are_told_when_they_have_waited_long_enough) {
  peers_.wait_max = milliseconds(1);
  add_account("main", 1);
  lease(0);
  ASSERT_TRUE(is_done(0));
  lease(1);
  ASSERT_TRUE(is_done(1));
  ASSERT_TRUE(learned_[1].refusal);
  EXPECT_EQ(learned_[1].refusal->code, error_code::rate_limited);
  EXPECT_TRUE(learned_[1].refusal->retry_after);
}

TEST_F(waiting_connections, choose_again_when_an_account_is_added) {
  add_account("main", 1);
  lease(0);
  ASSERT_TRUE(is_done(0));
  lease(1);
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  add_account("new", 1);
  ASSERT_TRUE(is_done(1));
  EXPECT_EQ(learned_[1].account, "new");
}

TEST_F(waiting_connections, choose_again_when_an_account_comes_back) {
  const auto main = add_account("main", 1);
  const auto first = lease(0);
  ASSERT_TRUE(is_done(0));
  lease(1);
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  caf::anon_send(main, account_failed{cooldown_of(seconds(1))});
  kill(first);
  ASSERT_TRUE(is_done(1));
  EXPECT_EQ(learned_[1].account, "main");
}

// The successor of an account's actor gives a slot to those who waited for its predecessor.
TEST_F(waiting_connections, outlive_the_account_they_wait_for) {
  auto slots = std::make_shared<account_slots>();
  const auto account = ready_account("main", 1);
  const auto first_actor = spawn_account(account, slots);
  known_.accounts = {account};
  known_.owners[account->config.id] = first_actor;
  const auto publish = [&] {
    for (const auto& each : around_.observers) caf::anon_send(each, known_);
  };
  publish();
  const auto first = lease(0);
  ASSERT_TRUE(is_done(0));
  lease(1);
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  kill(first_actor);
  known_.owners[account->config.id] = spawn_account(account, slots);
  publish();
  kill(first);
  ASSERT_TRUE(is_done(1));
  EXPECT_EQ(learned_[1].account, "main");
}

// A session that asks its port to wait no longer, from outside its coroutine.
class impatient_session final : public session_driver {
 public:
  // `at_once`: while it is still being looked for an account.
  impatient_session(learned& result, std::function<task<void>(session_port&, learned&)> script,
                    bool at_once = false)
      : result_(result), script_(std::move(script)), at_once_(at_once) {}
  void start(session_port& port) override {
    port_ = &port;
    running_ = script_(port, result_);
    running_.start();
    if (at_once_) port.stop_waiting();
  }
  void finish_up() override { port_->stop_waiting(); }
  void cut_short() override { port_->finished(); }

 private:
  learned& result_;
  std::function<task<void>(session_port&, learned&)> script_;
  const bool at_once_;
  session_port* port_ = nullptr;
  task<void> running_;
};

TEST_F(waiting_connections, may_give_up) {
  add_account("main", 1);
  lease(0);
  ASSERT_TRUE(is_done(0));
  const auto second = spawn<connection_actor>(
      at(0), std::cref(peers_), std::make_unique<impatient_session>(learned_[1], lease_and_hold));
  ASSERT_TRUE(shows_waiting(queue::accounts, 1));
  caf::anon_send(second, finish_up{});
  ASSERT_TRUE(is_done(1));
  EXPECT_EQ(learned_[1].refusal->code, error_code::cancelled);
  EXPECT_TRUE(shows_waiting(queue::accounts, 0));
  caf::anon_send(second, finish_up{});  // it does not wait any more
}

TEST_F(waiting_connections, that_give_up_before_they_wait_do_not_begin_to) {
  add_account("main", 1);
  lease(0);
  ASSERT_TRUE(is_done(0));
  spawn<connection_actor>(at(0), std::cref(peers_),
                          std::make_unique<impatient_session>(learned_[1], lease_and_hold, true));
  ASSERT_TRUE(is_done(1));
  ASSERT_TRUE(learned_[1].refusal);
  EXPECT_EQ(learned_[1].refusal->code, error_code::cancelled);
  EXPECT_EQ(waiting(queue::accounts), 0);
}

TEST_F(waiting_connections, wait_for_a_slot_of_their_key_too) {
  const auto key = key_with({.concurrency = 1, .queue = 2});
  const auto first = admit(0, key);
  ASSERT_TRUE(is_done(0));
  const auto second = admit(1, key);
  ASSERT_TRUE(shows_waiting(queue::key, 1));
  admit(2, key);
  ASSERT_TRUE(shows_waiting(queue::key, 2));
  kill(second);
  EXPECT_TRUE(shows_waiting(queue::key, 1));
  kill(first);
  ASSERT_TRUE(is_done(2));
  EXPECT_FALSE(learned_[2].refusal);
  EXPECT_GT(learned_[2].waited.count(), 0);
}

}  // namespace
}  // namespace baton::actors
