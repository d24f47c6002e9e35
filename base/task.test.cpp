#include "base/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace baton {
namespace {

// Counts the frames it lives in.
struct live {
  live() { ++count; }
  live(const live&) { ++count; }
  ~live() { --count; }
  static inline int count = 0;
};

// Lets a coroutine wait until it is resumed by hand.
struct pause {
  std::coroutine_handle<>& waiting;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> caller) { waiting = caller; }
  void await_resume() const {}
};

task<int> number(int n) {
  co_return n;
}

task<int> sum_to(int n) {
  if (n == 0) co_return 0;
  const int rest = co_await sum_to(n - 1);
  co_return n + rest;
}

task<void> keep(task<int> work, int& result) {
  result = co_await std::move(work);
}

TEST(task, does_nothing_before_it_is_started) {
  int result = 0;
  auto work = keep(number(7), result);
  EXPECT_TRUE(work);
  EXPECT_FALSE(work.done());
  EXPECT_EQ(result, 0);
  work.start();
  EXPECT_TRUE(work.done());
  EXPECT_EQ(result, 7);
}

TEST(task, a_default_one_is_empty) {
  task<> nothing;
  EXPECT_FALSE(nothing);
  EXPECT_FALSE(nothing.done());
  nothing.reset();
}

TEST(task, tasks_may_await_tasks_to_any_depth) {
  int result = 0;
  auto work = keep(sum_to(1000), result);
  work.start();
  EXPECT_EQ(result, 500'500);
}

task<void> count_up(int times, long& sum) {
  for (int n = 0; n < times; ++n) sum += co_await number(1);
}

// So many awaits in a row would overflow the stack if each resumed its caller from inside. With a
// sanitizer they do: GCC then turns no call into a jump.
TEST(task, awaiting_in_a_loop_does_not_grow_the_stack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int times = 1000;
#else
  constexpr int times = 1'000'000;
#endif
  long sum = 0;
  auto work = count_up(times, sum);
  work.start();
  EXPECT_TRUE(work.done());
  EXPECT_EQ(sum, times);
}

task<std::unique_ptr<std::string>> make_text() {
  co_return std::make_unique<std::string>("only once");
}

task<void> take_text(std::string& text) {
  const auto made = co_await make_text();
  text = *made;
}

TEST(task, returns_what_can_only_be_moved) {
  std::string text;
  auto work = take_text(text);
  work.start();
  EXPECT_EQ(text, "only once");
}

task<int> wait_in(std::coroutine_handle<>& waiting) {
  const live here;
  pause until_resumed{waiting};
  co_await until_resumed;
  co_return 3;
}

task<int> wait_below(std::coroutine_handle<>& waiting, int depth) {
  const live here;
  if (depth == 0) co_return co_await wait_in(waiting);
  co_return co_await wait_below(waiting, depth - 1);
}

TEST(task, goes_on_where_it_waited) {
  std::coroutine_handle<> waiting;
  int result = 0;
  auto work = keep(wait_below(waiting, 3), result);
  work.start();
  EXPECT_FALSE(work.done());
  EXPECT_EQ(live::count, 5);
  waiting.resume();
  EXPECT_TRUE(work.done());
  EXPECT_EQ(result, 3);
  EXPECT_EQ(live::count, 0);
}

TEST(task, destroying_a_waiting_one_destroys_every_frame_below) {
  std::coroutine_handle<> waiting;
  int result = 0;
  {
    auto work = keep(wait_below(waiting, 10), result);
    work.start();
    EXPECT_EQ(live::count, 12);
  }
  EXPECT_EQ(live::count, 0);
  EXPECT_EQ(result, 0);
}

TEST(task, destroying_one_that_was_never_started_frees_its_arguments) {
  std::coroutine_handle<> waiting;
  int result = 0;
  { auto work = keep(wait_below(waiting, 1), result); }
  EXPECT_EQ(live::count, 0);
}

TEST(task, moving_hands_over_and_frees_what_was_held_before) {
  std::coroutine_handle<> first_waiting, second_waiting;
  int result = 0;
  auto first = keep(wait_in(first_waiting), result);
  auto second = keep(wait_in(second_waiting), result);
  first.start();
  second.start();
  EXPECT_EQ(live::count, 2);
  first = std::move(second);
  EXPECT_EQ(live::count, 1);
  EXPECT_FALSE(second);  // NOLINT(bugprone-use-after-move): empty by contract
  second_waiting.resume();
  EXPECT_TRUE(first.done());
  auto& self = first;
  first = std::move(self);
  EXPECT_TRUE(first.done());
}

// `helper` belongs to somebody else, who has started it.
task<void> join(const task<void>& helper, std::string& log) {
  log += "waits;";
  co_await helper.join();
  log += "goes on;";
}

TEST(task, may_be_joined_by_another_one) {
  std::coroutine_handle<> waiting;
  int result = 0;
  std::string log;
  auto helper = keep(wait_in(waiting), result);
  helper.start();
  auto work = join(helper, log);
  work.start();
  EXPECT_EQ(log, "waits;");
  EXPECT_FALSE(work.done());
  waiting.resume();
  EXPECT_EQ(log, "waits;goes on;");
  EXPECT_TRUE(work.done());
  EXPECT_TRUE(helper.done()) << "it still belongs to its holder";
  EXPECT_EQ(result, 3);
}

TEST(task, joining_one_that_is_over_or_never_was_does_not_wait) {
  int result = 0;
  std::string log;
  auto over = keep(number(7), result);
  over.start();
  auto after_it = join(over, log);
  after_it.start();
  EXPECT_TRUE(after_it.done());
  const task<> nothing;
  auto after_nothing = join(nothing, log);
  after_nothing.start();
  EXPECT_TRUE(after_nothing.done());
  EXPECT_EQ(log, "waits;goes on;waits;goes on;");
}

TEST(task, destroying_a_joined_one_leaves_nothing_behind) {
  std::coroutine_handle<> waiting;
  int result = 0;
  std::string log;
  {
    auto helper = keep(wait_below(waiting, 2), result);
    helper.start();
    auto work = join(helper, log);
    work.start();
    EXPECT_EQ(live::count, 4);
  }
  EXPECT_EQ(live::count, 0);
  EXPECT_EQ(log, "waits;");
}

TEST(task, many_at_once_keep_apart) {
  std::vector<std::coroutine_handle<>> waiting(100);
  std::vector<int> results(100);
  std::vector<task<void>> all;
  for (std::size_t n = 0; n < waiting.size(); ++n) {
    all.push_back(keep(wait_below(waiting[n], static_cast<int>(n % 7)), results[n]));
    all.back().start();
  }
  for (std::size_t n = 0; n < waiting.size(); n += 2) waiting[n].resume();
  all.resize(50);
  for (std::size_t n = 1; n < 50; n += 2) waiting[n].resume();
  for (std::size_t n = 0; n < 50; ++n) EXPECT_EQ(results[n], 3) << n;
  EXPECT_EQ(live::count, 0);
}

}  // namespace
}  // namespace baton
