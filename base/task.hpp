// A coroutine that runs on one worker and belongs to whoever holds it.
//
//   task<int> answer();             // lazy: runs when awaited or started
//   int n = co_await answer();      // resumes the caller when it is done, without growing the
//   stack
//
// A co_await never stands in the condition of an if, a loop or a ?: (name its result first): GCC
// before 12.3 then lays the frame out wrongly (GCC bug 106188). scripts/check-coroutines.sh looks.
//
// Destroying a task destroys its suspended frame and, with it, every task that frame awaits. So the
// owner of the outermost task (a session) frees all of it at any moment, as long as whatever would
// have resumed it knows: each awaiter in Baton withdraws itself in its destructor.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "base/frame_pool.hpp"

namespace baton {

template <class T = void>
class task;

namespace detail {

struct task_promise_base {
  std::coroutine_handle<> awaiting = std::noop_coroutine();

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
      return done.promise().awaiting;
    }
    void await_resume() const noexcept {}
  };

  static void* operator new(std::size_t bytes) { return frame_pool::allocate(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept {
    frame_pool::release(frame, bytes);
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  final_awaiter final_suspend() const noexcept { return {}; }
  // Nothing on the relay's path throws but running out of memory, which nobody can handle here.
  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
};

template <class T>
struct task_promise : task_promise_base {
  std::optional<T> value;
  task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
};

template <>
struct task_promise<void> : task_promise_base {
  task<void> get_return_object();
  void return_void() const noexcept {}
};

}  // namespace detail

template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::task_promise<T>;
  using handle = std::coroutine_handle<promise_type>;

  task() = default;
  explicit task(handle frame) : frame_(frame) {}
  task(task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      reset();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  ~task() { reset(); }

  // Runs an outermost task until it first suspends.
  void start() { frame_.resume(); }
  bool done() const { return frame_ && frame_.done(); }
  explicit operator bool() const { return static_cast<bool>(frame_); }
  // Destroys the frame. Must not be called from inside the task itself.
  void reset() {
    if (auto frame = std::exchange(frame_, nullptr)) frame.destroy();
  }

  struct awaiter {
    handle frame;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const noexcept {
      frame.promise().awaiting = caller;
      return frame;
    }
    T await_resume() const {
      if constexpr (!std::is_void_v<T>) return std::move(*frame.promise().value);
    }
  };
  awaiter operator co_await() && noexcept { return awaiter{frame_}; }

  struct join_awaiter {
    handle frame;
    bool await_ready() const noexcept { return !frame || frame.done(); }
    void await_suspend(std::coroutine_handle<> caller) const noexcept {
      frame.promise().awaiting = caller;
    }
    void await_resume() const noexcept {}
  };
  // Waits for the end of a task that has been started, which still belongs to its holder.
  join_awaiter join() const noexcept { return {frame_}; }

 private:
  handle frame_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() {
  return task<T>{std::coroutine_handle<task_promise<T>>::from_promise(*this)};
}

inline task<void> task_promise<void>::get_return_object() {
  return task<void>{std::coroutine_handle<task_promise<void>>::from_promise(*this)};
}

}  // namespace detail
}  // namespace baton
