#include "tests/support/mock_worker.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <future>
#include <vector>

#include "tests/support/mock_connection.hpp"

namespace baton::mock {

namespace {

using asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// Out of descriptors: try again when some may have been given back.
constexpr std::chrono::milliseconds accept_retry{20};
constexpr int backlog = 4096;

}  // namespace

statistics shared_state::snapshot() const {
  statistics values;
  values.connections_accepted = connections_accepted;
  values.connections_open = connections_open;
  values.tls_handshakes = tls_handshakes;
  values.tls_sessions_resumed = tls_sessions_resumed;
  book.add_to(values);
  return values;
}

void shared_state::clear_statistics() {
  connections_accepted = 0;
  tls_handshakes = 0;
  tls_sessions_resumed = 0;
  book.clear();
}

worker::worker(shared_state& shared, unsigned index, const tcp::endpoint& address)
    : shared_(shared),
      acceptor_(io_),
      accept_pause_(io_),
      stamp_number_(static_cast<std::uint64_t>(index) << 48) {
  stamp_.id.fill('0');
  acceptor_.open(address.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  // The first one makes sure that the port is nobody's, the others share it.
  if (index > 0) acceptor_.set_option(reuse_port(true));
  acceptor_.bind(address);
  if (index == 0) acceptor_.set_option(reuse_port(true));
  acceptor_.listen(backlog);
}

worker::~worker() {
  stop();
}

void worker::start() {
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

void worker::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    const std::vector<connection*> open(connections_.begin(), connections_.end());
    for (connection* each : open) each->close();
    // Whatever is still queued holds only closed connections.
    io_.stop();
  });
  thread_.join();
}

void worker::close_connections(ending how) {
  asio::post(io_, [this, how] {
    const std::vector<connection*> open(connections_.begin(), connections_.end());
    for (connection* each : open) each->break_off(how);
  });
}

void worker::settle() {
  // Twice: the completion of a write that the first round met is queued behind it.
  for (int round = 0; round < 2; ++round) {
    std::promise<void> passed;
    asio::post(io_, [&passed] { passed.set_value(); });
    passed.get_future().wait();
  }
}

void worker::accept() {
  acceptor_.async_accept(
      io_.get_executor(), [this](boost::system::error_code failure, auto socket) {
        if (failure == asio::error::operation_aborted) return;
        if (failure) {
          accept_pause_.expires_after(accept_retry);
          accept_pause_.async_wait([this](boost::system::error_code stopped) {
            if (!stopped) accept();
          });
          return;
        }
        const auto accepted = std::make_shared<connection>(*this, std::move(socket));
        connections_.insert(accepted.get());
        accepted->start();
        accept();
      });
}

const stamp& worker::next_stamp() {
  const std::time_t now = std::time(nullptr);
  if (now != stamp_second_) {
    stamp_second_ = now;
    stamp_.date = http_date(now);
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t rest = ++stamp_number_;
  for (std::size_t at = stamp_.id.size(); at > 0 && rest != 0; rest >>= 4) {
    stamp_.id[--at] = digits[rest & 15];
  }
  return stamp_;
}

}  // namespace baton::mock
