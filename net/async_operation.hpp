// co_await for any Asio operation, for the paths that are not hot (connecting):
//
//   async_operation<tcp::resolver::results_type> lookup;
//   auto [failure, endpoints] = co_await lookup.start([&](auto done) { resolver.async_resolve(…,
//   done); });
//
// The operation's own objects may be destroyed while it runs, as Asio allows of the members of
// sockets and resolvers; not so of its free functions async_connect(), async_read() and
// async_write(), which look at them again afterwards. abandon() makes the awaiting coroutine go on
// at once without the operation.
#pragma once

#include <boost/asio/error.hpp>
#include <coroutine>
#include <memory>
#include <tuple>
#include <utility>

#include "base/event_loop.hpp"

namespace baton::net {

template <class... Results>
class async_operation {
 public:
  using outcome = std::tuple<boost::system::error_code, Results...>;

  explicit async_operation(event_loop& loop) : loop_(loop) {}
  async_operation(const async_operation&) = delete;
  async_operation& operator=(const async_operation&) = delete;
  ~async_operation() { detach(); }

  template <class Start>
  auto start(Start&& begin) {
    link_ = std::make_shared<link>(link{this});
    begin([link = link_, &loop = loop_](const boost::system::error_code& failure,
                                        Results... results) {
      event_loop::scope event(loop);
      if (link->operation) link->operation->complete({failure, std::move(results)...});
    });
    return awaiter{*this};
  }

  // The coroutine goes on with `operation_aborted`, soon and not from inside this call; what the
  // operation brings is ignored.
  void abandon() {
    if (!link_) return;
    loop_.post([link = link_, &loop = loop_] {
      event_loop::scope event(loop);
      if (link->operation == nullptr) return;
      link->operation->complete({boost::asio::error::operation_aborted, Results{}...});
    });
  }

 private:
  struct link {
    async_operation* operation;
  };
  struct awaiter {
    async_operation& self;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) { self.caller_ = caller; }
    outcome await_resume() { return std::move(self.outcome_); }
  };

  void detach() {
    if (auto held = std::exchange(link_, nullptr)) held->operation = nullptr;
  }
  void complete(outcome brought) {
    detach();
    outcome_ = std::move(brought);
    caller_.resume();
  }

  event_loop& loop_;
  std::shared_ptr<link> link_;
  std::coroutine_handle<> caller_;
  outcome outcome_;
};

}  // namespace baton::net
