// Where clients and administrators come in: which addresses, what is behind each, and on every
// worker a listener for each of them.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "actors/connection_actor.hpp"
#include "app/certificate_source.hpp"
#include "app/config.hpp"
#include "net/listener.hpp"
#include "net/worker_context.hpp"

namespace baton::app {

struct listening_place {
  net::tcp::endpoint address;
  net::entrance behind;
};

struct listening_plan {
  std::vector<listening_place> places;  // the relay's, then the administration's if it has its own
  std::vector<certificate_source> certificates;
};

// Finds out whether there can be listened as configured. Errors: one line that names what is in the
// way.
result<listening_plan> plan_listening(const config& settings);

class server_listeners {
 public:
  explicit server_listeners(caf::actor_system& system) : system_(system) {}

  // Listens from now on, on every worker. Contexts and peers, one for each worker, must outlive the
  // listeners. Throws if an address is taken meanwhile.
  void start(const std::vector<listening_place>& places,
             const std::vector<std::unique_ptr<net::worker_context>>& contexts,
             const std::vector<actors::connection_peers>& peers);

  net::tcp::endpoint relay_address() const { return addresses_.front(); }
  net::tcp::endpoint admin_address() const { return addresses_.back(); }

  template <class Order>
  void tell(Order order) {
    for (const auto& each : listeners_) caf::anon_send(each, order);
  }
  // False: after `patience` there are connections left.
  bool await_connections(std::chrono::milliseconds patience);
  // Ends the listeners, with the connections that they still have.
  void end();

 private:
  caf::actor_system& system_;
  std::vector<caf::actor> listeners_;
  std::vector<net::tcp::endpoint> addresses_;
};

}  // namespace baton::app
