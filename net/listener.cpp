#include "net/listener.hpp"

#include <boost/asio/ip/address.hpp>

#include "base/log.hpp"
#include "net/session.hpp"
#include "net/tls.hpp"

namespace baton::net {
namespace {

// Enough for the head of nearly every client; it grows for others.
constexpr std::size_t client_buffer_bytes = 4 * 1024;
// When the process is out of descriptors, accepting again at once would only spin.
constexpr std::chrono::milliseconds retry_delay{100};
// Of each worker, so that clients that use up all connections do not lock the administrator out.
constexpr std::uint64_t admin_connections = 32;

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

struct listener::state : std::enable_shared_from_this<listener::state> {
  state(worker_context& owner, const tcp::endpoint& address, port_sharing sharing, entrance behind)
      : worker(owner),
        door(std::move(behind)),
        connections_max(owner.settings.connections_max +
                        (door.role == listener_role::admin ? admin_connections : 0)),
        sockets(owner.loop.context()),
        retry(owner.loop.context()) {
    sockets.open(address.protocol());
    sockets.set_option(asio::socket_base::reuse_address(true));
    if (sharing == port_sharing::joins) sockets.set_option(reuse_port(true));
    sockets.bind(address);
    if (sharing == port_sharing::begins) sockets.set_option(reuse_port(true));
    sockets.listen(asio::socket_base::max_listen_connections);
  }

  void accept_next() {
    sockets.async_accept(
        [self = shared_from_this()](const boost::system::error_code& failure, tcp_socket socket) {
          // Stopped: the worker's context may be gone already.
          if (!self->deliver || failure == asio::error::operation_aborted) return;
          event_loop::scope event(self->worker.loop);
          if (failure) return self->retry_later(failure);
          self->take(std::move(socket));
          self->accept_next();
        });
  }

  void take(tcp_socket socket) {
    if (worker.connections >= connections_max) return;  // closes it
    deliver(std::make_unique<session>(worker, make_channel(std::move(socket)), door.role));
  }

  channel_ptr make_channel(tcp_socket socket) {
    if (!door.tls) return make_plain_channel(worker.loop, std::move(socket), client_buffer_bytes);
    return channel_ptr(
        new tls_channel(worker.loop, std::move(socket), *door.tls->current(), client_buffer_bytes));
  }

  void retry_later(const boost::system::error_code& failure) {
    log::warn("a connection could not be accepted", {{"reason", failure.message()}});
    retry.expires_after(retry_delay);
    retry.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled && self->deliver) self->accept_next();
    });
  }

  worker_context& worker;
  const entrance door;
  const std::uint64_t connections_max;  // of the worker, when one more is accepted
  acceptor sockets;
  asio::steady_timer retry;
  on_session deliver;
};

result<tcp::endpoint> probe_listen_address(const std::string& host, std::uint16_t port) {
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(host, failure);
  if (failure) {
    return downstream_error(error_code::invalid_argument,
                            "\"" + host + "\" is not an IP address to listen on");
  }
  asio::io_context context;
  tcp::acceptor probe(context);
  const tcp::endpoint wanted(address, port);
  probe.open(wanted.protocol(), failure);
  if (!failure) probe.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure) probe.bind(wanted, failure);
  if (!failure) probe.listen(1, failure);
  if (failure) {
    return downstream_error(
        error_code::invalid_argument,
        "cannot listen on " + host + ":" + std::to_string(port) + ": " + failure.message());
  }
  return probe.local_endpoint();
}

listener::listener(worker_context& worker, const tcp::endpoint& address, port_sharing sharing,
                   entrance behind)
    : state_(std::make_shared<state>(worker, address, sharing, std::move(behind))) {}

listener::~listener() {
  stop();
}

void listener::start(on_session accept) {
  state_->deliver = std::move(accept);
  state_->accept_next();
}

void listener::stop() {
  state_->deliver = nullptr;
  state_->retry.cancel();
  boost::system::error_code ignored;
  state_->sockets.close(ignored);
}

}  // namespace baton::net
