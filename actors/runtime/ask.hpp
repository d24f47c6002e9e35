// co_await ask<reply>(self, actor, message): a request to an actor that reads like a call.
//
//   acquire_lease order{…};
//   auto granted = co_await ask<lease_granted>(*self, account, order);
//   if (!granted) co_return granted.error();
//
// The message is a named object, which is moved from: GCC 12 destroys a braced temporary in a
// co_await twice.
//
// `self` is the pinned actor that the coroutine belongs to; the coroutine runs on self's worker. An
// actor that has terminated, or terminates before it answers, makes the ask fail at once.
// Destroying the suspended coroutine withdraws the ask; a reply that comes later is dropped, so
// whatever it carries must give itself back (RAII).
#pragma once

#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <cassert>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "actors/runtime/pinned_actor.hpp"
#include "base/error.hpp"

namespace baton::runtime {

template <class Reply, class Message>
class ask_awaiter {
 public:
  ask_awaiter(pinned_actor& self, const caf::actor& to, Message& message)
      : self_(self), to_(to), message_(message) {}
  ask_awaiter(const ask_awaiter&) = delete;
  ask_awaiter& operator=(const ask_awaiter&) = delete;
  ~ask_awaiter() {
    if (pending_) pending_->awaiter = nullptr;
  }

  bool await_ready() const noexcept { return false; }

  void await_suspend(std::coroutine_handle<> caller) {
    // CAF's table of pending responses belongs to self's worker.
    assert(self_.home().is_current());
    caller_ = caller;
    pending_ = std::make_shared<link>(link{this});
    self_.request(to_, caf::infinite, std::move(message_))
        .then(
            [pending = pending_](Reply& reply) {
              if (pending->awaiter) pending->awaiter->complete(std::move(reply));
            },
            [pending = pending_](caf::error&) {
              if (pending->awaiter) pending->awaiter->complete(gone());
            });
  }

  result<Reply> await_resume() { return std::move(*outcome_); }

 private:
  struct link {
    ask_awaiter* awaiter;
  };

  static result<Reply> gone() {
    return {boost::system::in_place_error,
            internal_error(error_code::internal, "an actor that was asked is gone")};
  }

  void complete(result<Reply> outcome) {
    outcome_.emplace(std::move(outcome));
    std::exchange(pending_, nullptr)->awaiter = nullptr;
    caller_.resume();
  }

  pinned_actor& self_;
  const caf::actor& to_;
  Message& message_;
  std::coroutine_handle<> caller_;
  std::shared_ptr<link> pending_;
  std::optional<result<Reply>> outcome_;
};

template <class Reply, class Message>
ask_awaiter<Reply, Message> ask(pinned_actor& self, const caf::actor& to, Message& message) {
  return {self, to, message};
}

}  // namespace baton::runtime
