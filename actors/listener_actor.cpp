#include "actors/listener_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace baton::actors {

listener_actor::listener_actor(caf::actor_config& config, runtime::worker& home,
                               std::unique_ptr<acceptor_driver> acceptor,
                               const connection_peers& peers)
    : pinned_actor(config, home), acceptor_(std::move(acceptor)), peers_(peers) {}

caf::behavior listener_actor::make_behavior() {
  set_down_handler([this](caf::down_msg& down) { forget(down.source); });
  acceptor_->start([this](std::unique_ptr<session_driver> session) { admit(std::move(session)); });
  return {
      [this](stop_accepting) { stop(); },
      [this](cut_connections) {
        stop();
        for (const auto& each : connections_) send(each, cut_short{});
      },
      [this](kill_connections) {
        stop();
        for (const auto& each : connections_) send_exit(each, caf::exit_reason::kill);
      },
      [this](await_connections) -> caf::result<connections_ended> {
        if (connections_.empty()) return connections_ended{};
        waiting_.push_back(make_response_promise());
        return waiting_.back();
      },
  };
}

void listener_actor::on_exit() {
  runtime::fail_all(waiting_);
  acceptor_->stop();
  acceptor_.reset();
  for (const auto& each : connections_) caf::anon_send_exit(each, caf::exit_reason::kill);
  connections_.clear();
}

void listener_actor::admit(std::unique_ptr<session_driver> session) {
  auto connection =
      runtime::spawn_on<connection_actor>(home(), std::cref(peers_), std::move(session));
  monitor(connection);
  connections_.insert(std::move(connection));
}

void listener_actor::forget(const caf::actor_addr& ended) {
  connections_.erase(caf::actor_cast<caf::actor>(ended));
  tell_if_empty();
}

void listener_actor::stop() {
  acceptor_->stop();
  for (const auto& each : connections_) send(each, finish_up{});
}

void listener_actor::tell_if_empty() {
  if (!connections_.empty()) return;
  for (auto& promise : waiting_) promise.deliver(connections_ended{});
  waiting_.clear();
}

}  // namespace baton::actors
