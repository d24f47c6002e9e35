// A single-threaded Asio loop that knows when one of its events ends. Sockets and timers run their
// completion handlers inside an event_loop::scope; what the handlers woke (actors) is run when the
// outermost scope ends, without another turn of the loop.
//
// Everything but post() belongs to the loop's own thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "base/readiness_set.hpp"

namespace baton {

class event_loop {
 public:
  // The reactor needs no locking, since sockets and timers belong to one thread; posting from other
  // threads stays safe.
  event_loop() : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) {}
  virtual ~event_loop() { readiness_.reset(); }
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  boost::asio::io_context& context() { return context_; }
  // Made when it is first asked for; null once the loop is being destroyed.
  readiness_set& readiness() {
    if (!readiness_) readiness_ = std::make_unique<readiness_set>(*this);
    return *readiness_;
  }
  readiness_set* existing_readiness() { return readiness_.get(); }

  // Runs `work` on the loop's thread, from any thread.
  template <class Work>
  void post(Work&& work) {
    boost::asio::post(context_, std::forward<Work>(work));
  }

  class scope {
   public:
    explicit scope(event_loop& loop) : loop_(loop) { ++loop_.depth_; }
    ~scope() {
      if (--loop_.depth_ == 0) loop_.after_event();
    }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    event_loop& loop_;
  };

 protected:
  // Called when the outermost scope has ended.
  virtual void after_event() = 0;
  bool in_event() const { return depth_ > 0; }

 private:
  // Outlives the context, whose last handlers may still hold channels.
  std::unique_ptr<readiness_set> readiness_;
  boost::asio::io_context context_;
  int depth_ = 0;
};

}  // namespace baton
