// Tells many sockets when they can be read or written: edge-triggered, over one epoll descriptor of
// our own, which the loop's Asio reactor watches. Asio's own sockets would try each read first and
// wait only when that fails, which costs a request two failing system calls.
//
// Belongs to its loop's thread. Only what has members keeps the loop running.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

struct epoll_event;

namespace baton {

class event_loop;

class readiness_set {
 public:
  class member {
   public:
    virtual ~member() = default;
    // `events`: EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR. Told once per change, so what is
    // not used up now must be remembered. May remove any member.
    virtual void on_ready(std::uint32_t events) = 0;
  };

  explicit readiness_set(event_loop& loop);

  // False: the system refuses (errno tells why).
  bool add(int descriptor, member& told);
  // Nothing is told to `told` any more, also not of events that were fetched already.
  void remove(int descriptor, member& told);

 private:
  using descriptor_type =
      boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  void wait();
  void dispatch();

  event_loop& loop_;
  descriptor_type epoll_;
  std::size_t members_ = 0;
  bool waiting_ = false;
  std::span<epoll_event> fetched_;  // what dispatch() is working on
};

}  // namespace baton
