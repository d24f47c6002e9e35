// Accepts client connections on one worker. Every worker listens on the same ports (SO_REUSEPORT);
// the kernel spreads connections over them.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "actors/drivers.hpp"
#include "net/channel.hpp"
#include "net/listener_role.hpp"
#include "net/tls_server.hpp"
#include "net/worker_context.hpp"

namespace baton::net {

// Finds out whether `host`:`port` can be listened on, which SO_REUSEPORT alone would not tell, and
// which port it is when `port` is 0. Errors: invalid_argument saying why not.
result<tcp::endpoint> probe_listen_address(const std::string& host, std::uint16_t port);

// SO_REUSEPORT would let a port be shared with another process of the same user, and the system
// even choose such a port where it is to choose one.
enum class port_sharing : std::uint8_t {
  begins,  // the port must be nobody's yet
  joins,   // another listener of this process has begun
};

// What clients of a port find behind it.
struct entrance {
  listener_role role = listener_role::all;
  std::shared_ptr<const tls_server> tls = nullptr;  // null: plain HTTP
};

class listener final : public actors::acceptor_driver {
 public:
  // Listens from now on, so that connections queue before start().
  listener(worker_context& worker, const tcp::endpoint& address, port_sharing sharing,
           entrance behind);
  ~listener() override;

  void start(on_session accept) override;
  void stop() override;

 private:
  using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
  struct state;

  std::shared_ptr<state> state_;  // outlives the listener while an accept is running
};

}  // namespace baton::net
