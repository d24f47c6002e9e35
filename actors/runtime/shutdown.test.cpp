// How an actor system ends: whatever is still under way, nothing hangs and nothing is left behind.
#include <atomic>
#include <memory>

#include "actors/runtime/actor_fixture.test.hpp"
#include "actors/runtime/ask.hpp"
#include "actors/runtime/test_messages.test.hpp"

namespace baton::runtime {
namespace {

struct live {
  live() { ++count; }
  live(const live&) = delete;
  ~live() { --count; }
  static inline std::atomic<int> count = 0;
};

task<void> ask_for_ever(pinned_actor& self, const caf::actor& whom, std::atomic<int>& begun) {
  const live here;
  ++begun;
  test_order order;
  const auto reply = co_await ask<test_reply>(self, whom, order);
  EXPECT_FALSE(reply);
}

class systems : public ::testing::Test {
 protected:
  systems() {
    use_workers(config_, 2);
    system_.emplace(config_);
  }
  worker& at(std::size_t index) { return worker_at(*system_, index); }

  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
};

TEST_F(systems, that_did_nothing_end_at_once) {
  system_.reset();
}

TEST_F(systems, with_delayed_messages_pending_end_without_waiting_for_them) {
  auto receiver = spawn_on<coroutine_host>(at(1), [](coroutine_host&) {});
  for (int n = 0; n < 100; ++n) {
    caf::delayed_anon_send(receiver, std::chrono::hours(1), n);
  }
  run_on(at(0), [] {});
  caf::anon_send_exit(receiver, caf::exit_reason::user_shutdown);
  receiver = nullptr;
  const auto began = std::chrono::steady_clock::now();
  system_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, patience);
}

TEST_F(systems, with_messages_on_their_way_end_after_those_were_handled) {
  std::atomic<int> begun = 0;
  for (int n = 0; n < 1000; ++n) {
    spawn_on<coroutine_host>(at(static_cast<std::size_t>(n) % 2),
                             [&begun](coroutine_host&) { ++begun; });
  }
  system_.reset();
  EXPECT_EQ(begun, 1000);
}

TEST_F(systems, with_a_thousand_asks_pending_free_every_frame) {
  std::atomic<int> begun = 0;
  auto silent = spawn_on<keeper>(at(0));
  std::vector<caf::actor> hosts;
  for (std::size_t n = 0; n < 10; ++n) {
    hosts.push_back(spawn_on<coroutine_host>(at(n % 2), [&, silent](coroutine_host& self) {
      for (int i = 0; i < 100; ++i) self.hold(ask_for_ever(self, silent, begun));
    }));
  }
  ASSERT_TRUE(becomes_true([&] { return begun == 1000; }));
  EXPECT_EQ(live::count, 1000);
  for (const auto& host : hosts) caf::anon_send_exit(host, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(silent, caf::exit_reason::user_shutdown);
  hosts.clear();
  silent = nullptr;
  system_.reset();
  EXPECT_EQ(live::count, 0);
}

// The asked one goes first, so that every ask fails while its own actor is ending.
TEST_F(systems, with_a_thousand_asks_failing_free_every_frame) {
  std::atomic<int> begun = 0;
  auto silent = spawn_on<keeper>(at(0));
  auto host = spawn_on<coroutine_host>(at(1), [&, silent](coroutine_host& self) {
    for (int i = 0; i < 1000; ++i) self.hold(ask_for_ever(self, silent, begun));
  });
  ASSERT_TRUE(becomes_true([&] { return begun == 1000; }));
  caf::anon_send_exit(silent, caf::exit_reason::kill);
  caf::anon_send_exit(host, caf::exit_reason::kill);
  silent = host = nullptr;
  system_.reset();
  EXPECT_EQ(live::count, 0);
}

// Whatever the loop had still to do when it stopped is destroyed with it.
TEST_F(systems, drop_what_was_posted_and_never_run) {
  auto carried = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = carried;
  at(0).context().stop();
  at(0).post([carried = std::move(carried)] {});
  system_.reset();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace baton::runtime
