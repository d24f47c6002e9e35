// An event loop that a test runs on its own thread until what it waits for has happened, and pairs
// of connected sockets on it.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "net/channel.hpp"

namespace baton::net {

class test_loop final : public event_loop {
 public:
  // False if it has not happened after `limit`.
  template <class Condition>
  bool run_until(Condition happened, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    const auto until = steady_now() + limit;
    while (!happened()) {
      if (steady_now() > until) return false;
      context().restart();
      context().run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  // Handles what is ready now.
  void run_ready() {
    context().restart();
    context().poll();
  }

  // Runs `work` to its end and returns its result.
  template <class T>
  std::optional<T> run(task<T> work) {
    std::optional<T> value;
    auto running = keep(std::move(work), value);
    running.start();
    EXPECT_TRUE(run_until([&] { return running.done(); })) << "the task does not end";
    return value;
  }

 private:
  template <class T>
  static task<void> keep(task<T> work, std::optional<T>& value) {
    value.emplace(co_await std::move(work));
  }
  void after_event() override {}
};

using tcp_acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

inline tcp_acceptor listen_on_loopback(event_loop& loop) {
  return {loop.context(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
}

// Both ends of one connection. `near` goes into the channel under test, `far` is the peer.
struct socket_pair {
  explicit socket_pair(event_loop& loop) : near(loop.context()), far(loop.context()) {
    auto acceptor = listen_on_loopback(loop);
    near.connect(acceptor.local_endpoint());
    far = acceptor.accept();
  }
  // Makes the buffers between them so small that a few hundred kilobytes fill them.
  void shrink_buffers() {
    near.set_option(asio::socket_base::send_buffer_size(32 * 1024));
    far.set_option(asio::socket_base::receive_buffer_size(32 * 1024));
  }
  tcp_socket near;
  tcp_socket far;
};

inline void send(tcp_socket& socket, std::string_view bytes) {
  asio::write(socket, asio::buffer(bytes.data(), bytes.size()));
}

// What has arrived at `socket`, without waiting.
inline std::string received_at(tcp_socket& socket) {
  socket.non_blocking(true);
  std::string all;
  for (;;) {
    char piece[64 * 1024];
    boost::system::error_code failure;
    const auto bytes = socket.read_some(asio::buffer(piece), failure);
    if (failure) return all;
    all.append(piece, bytes);
  }
}

// How the peer's side looks from `socket`, once all its bytes are read: would_block while open.
inline boost::system::error_code end_at(tcp_socket& socket) {
  socket.non_blocking(true);
  char byte;
  boost::system::error_code failure;
  while (socket.read_some(asio::buffer(&byte, 1), failure) > 0) {
  }
  return failure;
}

// An awaiter's outcome, noted by a coroutine that can be started and destroyed at will.
inline task<void> note_more(channel& bytes, std::optional<io_status>& outcome) {
  outcome = co_await bytes.more();
}

inline task<void> note_write(channel& bytes, std::string_view text,
                             std::optional<io_status>& outcome) {
  const asio::const_buffer buffers[] = {{text.data(), text.size()}};
  outcome = co_await bytes.write(buffers);
}

}  // namespace baton::net
