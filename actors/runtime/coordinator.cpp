#include "actors/runtime/coordinator.hpp"

#include <algorithm>

namespace baton::runtime {
namespace {

// One actor may handle so many messages in a row. CAF's default is "no limit", which would let a
// busy actor keep sockets waiting.
constexpr std::size_t messages_per_turn = 32;

}  // namespace

coordinator::coordinator(caf::actor_system& system, std::size_t workers)
    : abstract_coordinator(system) {
  for (std::size_t index = 0; index < std::max<std::size_t>(workers, 1); ++index) {
    workers_.push_back(std::make_unique<worker>(system, index, messages_per_turn));
  }
  clock_ = std::make_unique<loop_clock>(*workers_.front());
}

// The base class would spawn a thread for CAF's console printer, which Baton does not use.
void coordinator::start() {
  for (auto& each : workers_) each->start();
}

void coordinator::stop() {
  // All threads first: a worker that still runs may queue actors on one that has stopped.
  for (auto& each : workers_) each->stop();
  clock_->cancel_all();
  for (auto& each : workers_) each->stop();
}

void coordinator::enqueue(caf::resumable* job) {
  workers_.front()->exec_later(job);
}

void use_workers(caf::actor_system_config& config, std::size_t workers) {
  config.set("scheduler.max-threads", workers);
  config.module_factories.emplace_back(
      [workers](caf::actor_system& system) -> caf::actor_system::module* {
        return new coordinator(system, workers);
      });
}

coordinator& workers_of(caf::actor_system& system) {
  return static_cast<coordinator&>(system.scheduler());
}

}  // namespace baton::runtime
