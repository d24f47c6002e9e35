#include "app/server_listeners.hpp"

#include <algorithm>
#include <caf/scoped_actor.hpp>

#include "actors/listener_actor.hpp"
#include "actors/runtime/coordinator.hpp"
#include "actors/runtime/run_on.hpp"
#include "app/setting_rules.hpp"

namespace baton::app {
namespace {

using tls_ptr = std::shared_ptr<const net::tls_server>;

// Null if there is no certificate in the section.
result<tls_ptr> load_certificate(const std::string& section, const std::string& certificate_file,
                                 const std::string& key_file, listening_plan& plan) {
  if (certificate_file.empty()) return tls_ptr();
  certificate_source source(section, certificate_file, key_file);
  if (const auto loaded = source.load(wall_now()); !loaded) return loaded.error();
  const tls_ptr shown = source.shown();
  plan.certificates.push_back(std::move(source));
  return shown;
}

result<void> add_admin_place(const admin_settings& admin, const tls_ptr& relays,
                             listening_plan& plan) {
  const auto wanted = parse_listen_address(admin.listen).value();
  const auto address = net::probe_listen_address(wanted.host, wanted.port);
  if (!address) {
    return downstream_error(address.error().code, "admin.listen: " + address.error().text);
  }
  const auto own = load_certificate("admin", admin.tls_cert_file, admin.tls_key_file, plan);
  if (!own) return own.error();
  plan.places.push_back({*address, {net::listener_role::admin, *own ? *own : relays}});
  return {};
}

}  // namespace

result<listening_plan> plan_listening(const config& settings) {
  const auto& server = settings.server;
  const auto& admin = settings.admin;
  const auto address = net::probe_listen_address(server.host, server.port);
  if (!address) return address.error();
  listening_plan plan;
  const auto tls = load_certificate("server", server.tls_cert_file, server.tls_key_file, plan);
  if (!tls) return tls.error();
  const bool is_alone = admin.listen.empty();
  plan.places.push_back(
      {*address, {is_alone ? net::listener_role::all : net::listener_role::relay, *tls}});
  if (!is_alone) {
    if (auto added = add_admin_place(admin, *tls, plan); !added) return added.error();
  }
  return plan;
}

void server_listeners::start(const std::vector<listening_place>& places,
                             const std::vector<std::unique_ptr<net::worker_context>>& contexts,
                             const std::vector<actors::connection_peers>& peers) {
  for (const auto& [address, behind] : places) {
    std::vector<std::unique_ptr<net::listener>> acceptors(contexts.size());
    for (std::size_t index = 0; index < contexts.size(); ++index) {
      const auto sharing = index == 0 ? net::port_sharing::begins : net::port_sharing::joins;
      acceptors[index] = runtime::run_on(runtime::worker_at(system_, index), [&, at = address] {
        return std::make_unique<net::listener>(*contexts[index], at, sharing, behind);
      });
    }
    for (std::size_t index = 0; index < contexts.size(); ++index) {
      listeners_.push_back(runtime::spawn_on<actors::listener_actor>(
          runtime::worker_at(system_, index), std::move(acceptors[index]),
          std::cref(peers[index])));
    }
    addresses_.push_back(address);
  }
}

bool server_listeners::await_connections(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  bool all_ended = true;
  caf::scoped_actor self{system_};
  for (const auto& listener : listeners_) {
    const auto left = std::max(until - std::chrono::steady_clock::now(),
                               std::chrono::steady_clock::duration(std::chrono::milliseconds(1)));
    self->request(listener, std::chrono::duration_cast<std::chrono::milliseconds>(left),
                  actors::await_connections{})
        .receive([](actors::connections_ended) {}, [&](caf::error&) { all_ended = false; });
  }
  return all_ended;
}

void server_listeners::end() {
  for (const auto& each : listeners_) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  listeners_.clear();
}

}  // namespace baton::app
