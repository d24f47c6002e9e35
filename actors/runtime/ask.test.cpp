#include "actors/runtime/ask.hpp"

#include <atomic>
#include <memory>

#include "actors/runtime/actor_fixture.test.hpp"
#include "actors/runtime/test_messages.test.hpp"

namespace baton::runtime {
namespace {

struct live {
  live() { ++count; }
  live(const live&) = delete;
  ~live() { --count; }
  static inline std::atomic<int> count = 0;
};

// What became of one ask. Written on the asker's worker, read by the test once `done`.
struct outcome {
  std::atomic<bool> asked = false;
  std::atomic<bool> done = false;
  bool failed = false;
  int number = 0;
  worker* resumed_on = nullptr;
};

task<void> ask_once(pinned_actor& self, caf::actor whom, int number, outcome& result) {
  const live here;
  test_order order{number};
  result.asked = true;
  const auto reply = co_await ask<test_reply>(self, whom, order);
  result.resumed_on = worker::current();
  result.failed = !reply;
  if (reply) result.number = reply->number;
  result.done = true;
}

task<void> ask_in_turn(pinned_actor& self, caf::actor whom, int times, outcome& result) {
  const live here;
  for (int n = 0; n < times; ++n) {
    test_order order{n};
    const auto reply = co_await ask<test_reply>(self, whom, order);
    if (!reply || reply->number != n) break;
    ++result.number;
  }
  result.done = true;
}

class asking : public actor_test {
 protected:
  void TearDown() override {
    actor_test::TearDown();
    EXPECT_EQ(live::count, 0);
  }

  bool is_done() {
    return becomes_true([&] { return result_.done.load(); });
  }
  void await_kept(const caf::actor& whom, int orders) {
    ASSERT_TRUE(becomes_true([&] { return ask<int>(whom, count_kept{}) == orders; }));
  }
  std::shared_ptr<lease> take_unit() {
    ++units_out_;
    return std::make_shared<lease>([this] { --units_out_; });
  }

  outcome result_;
  std::atomic<int> units_out_ = 0;
};

TEST_F(asking, a_reply_resumes_the_coroutine_on_its_own_worker) {
  for (const std::size_t home : {0u, 1u}) {
    for (const std::size_t other : {0u, 1u}) {
      result_.done = false;
      const auto answering = spawn<keeper>(at(other));
      caf::anon_send(answering, answer_at_once{});
      host(at(home),
           [&](coroutine_host& self) { self.hold(ask_once(self, answering, 42, result_)); });
      ASSERT_TRUE(is_done());
      EXPECT_FALSE(result_.failed);
      EXPECT_EQ(result_.number, 42);
      EXPECT_EQ(result_.resumed_on, &at(home));
    }
  }
}

TEST_F(asking, many_times_in_a_row_works_as_well) {
  const auto answering = spawn<keeper>(at(1));
  caf::anon_send(answering, answer_at_once{});
  host(at(0),
       [&](coroutine_host& self) { self.hold(ask_in_turn(self, answering, 5000, result_)); });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(result_.number, 5000);
}

TEST_F(asking, may_begin_outside_of_any_message) {
  const auto answering = spawn<keeper>(at(0));
  caf::anon_send(answering, answer_at_once{});
  coroutine_host* self = nullptr;
  std::atomic<bool> ready = false;
  host(at(0), [&](coroutine_host& me) {
    self = &me;
    ready = true;
  });
  ASSERT_TRUE(becomes_true([&] { return ready.load(); }));
  // As a session does when bytes arrive.
  run_on(at(0), [&] { self->hold(ask_once(*self, answering, 3, result_)); });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(result_.number, 3);
}

TEST_F(asking, a_dead_actor_fails_at_once) {
  const auto dead = spawn<keeper>(at(1));
  kill(dead);
  host(at(0), [&](coroutine_host& self) { self.hold(ask_once(self, dead, 1, result_)); });
  ASSERT_TRUE(is_done());
  EXPECT_TRUE(result_.failed);
  EXPECT_EQ(result_.resumed_on, &at(0));
}

TEST_F(asking, nobody_fails_at_once) {
  host(at(0), [&](coroutine_host& self) { self.hold(ask_once(self, nullptr, 1, result_)); });
  ASSERT_TRUE(is_done());
  EXPECT_TRUE(result_.failed);
}

// However far the order has come: on its way, in the mailbox, or taken and kept.
TEST_F(asking, fails_when_the_asked_actor_dies_before_it_answers) {
  for (const std::size_t other : {0u, 1u}) {
    for (const bool wait_until_kept : {false, true}) {
      result_.done = result_.asked = false;
      const auto silent = spawn<keeper>(at(other));
      host(at(0), [&](coroutine_host& self) { self.hold(ask_once(self, silent, 1, result_)); });
      ASSERT_TRUE(becomes_true([&] { return result_.asked.load(); }));
      if (wait_until_kept) await_kept(silent, 1);
      kill(silent);
      ASSERT_TRUE(is_done());
      EXPECT_TRUE(result_.failed);
    }
  }
}

TEST_F(asking, a_reply_carries_its_unit_to_the_asker_who_gives_it_back) {
  const auto silent = spawn<keeper>(at(1));
  host(at(0), [&](coroutine_host& self) { self.hold(ask_once(self, silent, 1, result_)); });
  await_kept(silent, 1);
  EXPECT_EQ(ask<int>(silent, answer_all{take_unit()}), 1);
  ASSERT_TRUE(is_done());
  EXPECT_EQ(result_.number, 1);
  EXPECT_TRUE(becomes_true([&] { return units_out_ == 0; }));
}

TEST_F(asking, a_reply_that_comes_after_the_coroutine_is_gone_gives_its_unit_back) {
  const auto silent = spawn<keeper>(at(1));
  coroutine_host* self = nullptr;
  host(at(0), [&](coroutine_host& me) {
    self = &me;
    for (int n = 0; n < 10; ++n) me.hold(ask_once(me, silent, n, result_));
  });
  await_kept(silent, 10);
  EXPECT_EQ(live::count, 10);
  run_on(at(0), [&] { self->tasks.clear(); });
  EXPECT_EQ(live::count, 0);
  ASSERT_TRUE(ask<int>(silent, answer_all{take_unit()}));
  EXPECT_TRUE(becomes_true([&] { return units_out_ == 0; }));
  EXPECT_FALSE(result_.done);
}

TEST_F(asking, a_reply_that_comes_after_the_asker_died_gives_its_unit_back) {
  const auto silent = spawn<keeper>(at(1));
  const auto asker =
      host(at(0), [&](coroutine_host& self) { self.hold(ask_once(self, silent, 1, result_)); });
  await_kept(silent, 1);
  kill(asker);
  EXPECT_EQ(live::count, 0);
  ASSERT_TRUE(ask<int>(silent, answer_all{take_unit()}));
  EXPECT_TRUE(becomes_true([&] { return units_out_ == 0; }));
  EXPECT_FALSE(result_.done);
}

// The coroutine that is resumed may be the one whose end destroys its host.
task<void> ask_then_quit(coroutine_host& self, caf::actor whom, outcome& result) {
  const live here;
  test_order order;
  const auto reply = co_await ask<test_reply>(self, whom, order);
  result.failed = !reply;
  caf::anon_send_exit(&self, caf::exit_reason::user_shutdown);
  result.done = true;
}

TEST_F(asking, the_reply_may_be_the_last_thing_the_asker_hears) {
  const auto answering = spawn<keeper>(at(0));
  caf::anon_send(answering, answer_at_once{});
  host(at(0), [&](coroutine_host& self) { self.hold(ask_then_quit(self, answering, result_)); });
  ASSERT_TRUE(is_done());
  EXPECT_FALSE(result_.failed);
}

// Coroutines are destroyed while replies to them are anywhere between the two workers.
TEST_F(asking, destroying_askers_at_any_moment_loses_no_unit) {
  const auto answering = spawn<keeper>(at(1));
  for (int round = 0; round < 200; ++round) {
    const auto asker = host(at(0), [this, answering](coroutine_host& self) {
      for (int n = 0; n < 5; ++n) self.hold(ask_once(self, answering, n, result_));
    });
    caf::anon_send(answering, answer_all{take_unit()});
    caf::anon_send_exit(asker, caf::exit_reason::kill);
  }
  ASSERT_TRUE(ask<int>(answering, answer_all{take_unit()}));
  EXPECT_TRUE(becomes_true([&] { return units_out_ == 0; })) << units_out_;
}

}  // namespace
}  // namespace baton::runtime
