// The bytes' sides of connections and listeners, as the actors see them: net/ implements these, so
// that neither folder needs the other's types.
#pragma once

#include <functional>
#include <memory>

namespace baton::actors {

class session_port;

// The bytes' side of a connection, implemented by net::session.
class session_driver {
 public:
  virtual ~session_driver() = default;
  virtual void start(session_port& port) = 0;
  // Ends when the answer it is sending is complete; at once if it is between requests.
  virtual void finish_up() = 0;
  // Ends now, as if the client had left: what its request has used so far is still recorded.
  virtual void cut_short() = 0;
};

// The sockets' side of a listener, implemented by net::listener.
class acceptor_driver {
 public:
  using on_session = std::function<void(std::unique_ptr<session_driver>)>;
  virtual ~acceptor_driver() = default;
  virtual void start(on_session accept) = 0;
  virtual void stop() = 0;
};

}  // namespace baton::actors
