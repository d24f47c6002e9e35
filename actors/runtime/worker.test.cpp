// Messages on Baton's workers: their order, their thread, their time.
#include "actors/runtime/worker.hpp"

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <memory>
#include <vector>

#include "actors/runtime/actor_fixture.test.hpp"
#include "actors/runtime/test_messages.test.hpp"

namespace baton::runtime {
namespace {

// Notes what it gets and on which worker, until it has `expected` messages.
class recorder final : public pinned_actor {
 public:
  struct log {
    std::vector<int> messages;
    std::size_t elsewhere = 0;  // handled on another thread than home's
    std::atomic<bool> complete = false;
  };
  recorder(caf::actor_config& config, worker& home, std::shared_ptr<log> kept, std::size_t expected)
      : pinned_actor(config, home), log_(std::move(kept)), expected_(expected) {}

  caf::behavior make_behavior() override {
    return {[this](int number) {
      log_->messages.push_back(number);
      if (worker::current() != &home()) ++log_->elsewhere;
      if (log_->messages.size() == expected_) log_->complete = true;
    }};
  }

 private:
  std::shared_ptr<log> log_;
  const std::size_t expected_;
};

class workers : public actor_test {
 protected:
  std::shared_ptr<recorder::log> log_ = std::make_shared<recorder::log>();

  void expect_in_order(int count) {
    ASSERT_TRUE(becomes_true([&] { return log_->complete.load(); }));
    ASSERT_EQ(log_->messages.size(), static_cast<std::size_t>(count));
    for (int n = 0; n < count; ++n) ASSERT_EQ(log_->messages[static_cast<std::size_t>(n)], n);
    EXPECT_EQ(log_->elsewhere, 0u);
  }
};

TEST_F(workers, know_their_own_threads) {
  EXPECT_EQ(worker::current(), nullptr);
  EXPECT_EQ(run_on(at(0), [] { return worker::current(); }), &at(0));
  EXPECT_EQ(run_on(at(1), [] { return worker::current()->index(); }), 1u);
  EXPECT_FALSE(run_on(at(1), [&] { return at(0).is_current(); }));
}

TEST_F(workers, there_is_at_least_one) {
  caf::actor_system_config config;
  caf::actor_system system{on_workers(config, 0)};
  EXPECT_EQ(workers_of(system).size(), 1u);
}

TEST_F(workers, messages_on_one_worker_arrive_in_order_on_its_thread) {
  const auto receiver = spawn<recorder>(at(1), log_, 1000u);
  run_on(at(1), [&] {
    for (int n = 0; n < 1000; ++n) caf::anon_send(receiver, n);
  });
  expect_in_order(1000);
}

TEST_F(workers, messages_between_workers_arrive_in_order_on_the_receivers_thread) {
  const auto receiver = spawn<recorder>(at(1), log_, 1000u);
  run_on(at(0), [&] {
    for (int n = 0; n < 1000; ++n) caf::anon_send(receiver, n);
  });
  expect_in_order(1000);
}

TEST_F(workers, messages_from_a_foreign_thread_arrive_in_order_on_the_receivers_thread) {
  const auto receiver = spawn<recorder>(at(1), log_, 1000u);
  for (int n = 0; n < 1000; ++n) caf::anon_send(receiver, n);
  expect_in_order(1000);
}

TEST_F(workers, delayed_messages_come_when_it_is_time_and_the_sooner_ones_first) {
  const auto receiver = spawn<recorder>(at(1), log_, 3u);
  const auto began = std::chrono::steady_clock::now();
  run_on(at(0), [&] {
    caf::delayed_anon_send(receiver, std::chrono::milliseconds(120), 2);
    caf::delayed_anon_send(receiver, std::chrono::milliseconds(80), 1);
    caf::delayed_anon_send(receiver, std::chrono::milliseconds(40), 0);
  });
  expect_in_order(3);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(120));
}

TEST_F(workers, delayed_messages_may_be_asked_for_on_any_thread) {
  const auto receiver = spawn<recorder>(at(0), log_, 2u);
  caf::delayed_anon_send(receiver, std::chrono::milliseconds(60), 1);
  run_on(at(1), [&] { caf::delayed_anon_send(receiver, std::chrono::milliseconds(20), 0); });
  expect_in_order(2);
}

struct adder final : caf::event_based_actor {
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[](int a, int b) { return a + b; }};
  }
};

TEST_F(workers, detached_actors_and_blocking_ones_work_beside_them) {
  const auto detached = keep(system_.spawn<adder, caf::detached>());
  const auto on_default_worker = keep(system_.spawn<adder>());
  caf::scoped_actor self{system_};
  int sum = 0;
  for (const auto& each : {detached, on_default_worker}) {
    self->request(each, patience, 2, 3)
        .receive([&](int result) { sum += result; }, [](caf::error&) { FAIL(); });
  }
  EXPECT_EQ(sum, 10);
}

// Asks with a limit, which is the loop's clock's to keep.
class impatient final : public pinned_actor {
 public:
  impatient(caf::actor_config& config, worker& home, caf::actor whom, std::atomic<bool>& failed)
      : pinned_actor(config, home), whom_(std::move(whom)), failed_(failed) {}

  caf::behavior make_behavior() override {
    request(whom_, std::chrono::milliseconds(30), test_order{})
        .then([](const test_reply&) {},
              [this](caf::error& reason) { failed_ = reason == caf::sec::request_timeout; });
    return {[](int) {}};
  }

 private:
  const caf::actor whom_;
  std::atomic<bool>& failed_;
};

TEST_F(workers, a_request_that_is_not_answered_in_time_fails) {
  for (const std::size_t home : {0u, 1u}) {
    std::atomic<bool> failed = false;
    const auto silent = spawn<keeper>(at(1));
    const auto asker = spawn<impatient>(at(home), silent, std::ref(failed));
    EXPECT_TRUE(becomes_true([&] { return failed.load(); }));
    kill(asker);
  }
}

// Sends each number back as the next one, for as long as there are any.
class player final : public pinned_actor {
 public:
  player(caf::actor_config& config, worker& home, std::atomic<int>& handled, int last)
      : pinned_actor(config, home), handled_(handled), last_(last) {}

  caf::behavior make_behavior() override {
    return {[this](int number, const caf::actor& other) {
      EXPECT_TRUE(home().is_current());
      ++handled_;
      if (number < last_) send(other, number + 1, caf::actor(this));
    }};
  }

 private:
  std::atomic<int>& handled_;
  const int last_;
};

TEST_F(workers, two_may_flood_one_another_with_a_hundred_thousand_messages) {
  constexpr int balls = 100;
  constexpr int hits = 1000;
  std::atomic<int> handled = 0;
  const auto first = spawn<player>(at(0), std::ref(handled), hits);
  const auto second = spawn<player>(at(1), std::ref(handled), hits);
  for (int n = 0; n < balls; ++n)
    caf::anon_send(n % 2 == 0 ? first : second, 1, n % 2 == 0 ? second : first);
  EXPECT_TRUE(becomes_true([&] { return handled == balls * hits; })) << handled;
}

// Sockets and timers get their turn however busy the actors are.
TEST_F(workers, a_busy_actor_does_not_keep_the_loop_from_its_events) {
  std::atomic<int> handled = 0;
  const auto first = spawn<player>(at(0), std::ref(handled), 1 << 30);
  const auto second = spawn<player>(at(0), std::ref(handled), 1 << 30);
  caf::anon_send(first, 1, second);
  for (int n = 0; n < 100; ++n) run_on(at(0), [] {});
  EXPECT_TRUE(becomes_true([&] { return handled > 1000; }));
  kill(first);
  kill(second);
}

}  // namespace
}  // namespace baton::runtime
