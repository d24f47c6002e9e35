// The scheduler module that makes Baton's workers CAF's workers. CAF owns it:
//
//   caf::actor_system_config config;
//   runtime::use_workers(config, 2);
//   caf::actor_system system{config};
//   auto actor = runtime::spawn_on<my_actor>(runtime::worker_at(system, 0), …);
//
// Actors that are not pinned (CAF's own) run on worker 0. Detached actors keep their own threads.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "actors/runtime/loop_clock.hpp"
#include "actors/runtime/worker.hpp"

namespace baton::runtime {

class coordinator final : public caf::scheduler::abstract_coordinator {
 public:
  coordinator(caf::actor_system& system, std::size_t workers);

  worker& at(std::size_t index) { return *workers_[index]; }
  std::size_t size() const { return workers_.size(); }

  void start() override;
  void stop() override;
  void enqueue(caf::resumable* job) override;
  bool detaches_utility_actors() const override { return false; }
  caf::actor_clock& clock() noexcept override { return *clock_; }

 private:
  std::vector<std::unique_ptr<worker>> workers_;
  std::unique_ptr<loop_clock> clock_;
};

// Makes actor systems of this configuration run on `workers` workers (at least one).
void use_workers(caf::actor_system_config& config, std::size_t workers);

// The workers of a system made with use_workers().
coordinator& workers_of(caf::actor_system& system);
inline worker& worker_at(caf::actor_system& system, std::size_t index) {
  return workers_of(system).at(index);
}

}  // namespace baton::runtime
