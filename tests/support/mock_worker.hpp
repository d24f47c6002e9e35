// One event loop of the mock upstream: a thread, its listener and its connections.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "tests/support/mock_answer.hpp"
#include "tests/support/mock_behaviour.hpp"
#include "tests/support/mock_body.hpp"
#include "tests/support/mock_credentials.hpp"
#include "tests/support/mock_request.hpp"

namespace baton::mock {

namespace asio = boost::asio;

// Concrete executors: the type-erased default costs an indirect call per operation.
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using loop_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>;

// What the loops of one upstream share; outlives them.
struct shared_state {
  explicit shared_state(behaviour normal) : book(std::move(normal)) {}

  statistics snapshot() const;
  void clear_statistics();

  credential_book book;
  std::optional<asio::ssl::context> tls;
  std::atomic<std::uint64_t> connections_accepted = 0;
  std::atomic<std::uint64_t> connections_open = 0;
  std::atomic<std::uint64_t> tls_handshakes = 0;
  std::atomic<std::uint64_t> tls_sessions_resumed = 0;
};

class connection;

// Constructed and destroyed on the owner's thread, which is another than run()'s.
class worker {
 public:
  // Takes over a listening socket.
  worker(shared_state& shared, unsigned index, const asio::ip::tcp::endpoint& address);
  ~worker();

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void start();
  // Breaks off all connections and joins the thread.
  void stop();
  // Closes every connection; new ones are accepted as before.
  void close_connections(ending how);
  // Waits until the loop has done what it was at: whoever has an answer finds it counted.
  void settle();

  // For the connections, on the loop's thread.
  shared_state& shared() { return shared_; }
  executor loop() { return io_.get_executor(); }
  // A stamp for the next answer.
  const stamp& next_stamp();
  body_reader& bodies() { return bodies_; }
  void remove(connection& closed) { connections_.erase(&closed); }

 private:
  void accept();

  shared_state& shared_;
  asio::io_context io_{1};
  tcp_acceptor acceptor_;
  loop_timer accept_pause_;
  stamp stamp_;
  std::time_t stamp_second_ = 0;
  std::uint64_t stamp_number_;
  body_reader bodies_;
  std::unordered_set<connection*> connections_;  // each holds itself alive by its pending read
  std::thread thread_;
};

}  // namespace baton::mock
