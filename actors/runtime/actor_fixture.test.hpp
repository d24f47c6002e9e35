// An actor system of a test's own on Baton's workers, and actors that do what a test tells them.
#pragma once

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "actors/runtime/coordinator.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/runtime/run_on.hpp"
#include "base/task.hpp"

namespace baton::runtime {

// Longer than anything takes, even on a busy machine with sanitizers.
inline constexpr std::chrono::seconds patience{20};

// Waits for what other threads do.
template <class Condition>
bool becomes_true(Condition condition, std::chrono::milliseconds limit = patience) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

// Holds coroutines, as a connection holds its session. Dies with them.
class coroutine_host final : public pinned_actor {
 public:
  coroutine_host(caf::actor_config& config, worker& home,
                 std::function<void(coroutine_host&)> begin)
      : pinned_actor(config, home), begin_(std::move(begin)) {}

  caf::behavior make_behavior() override {
    begin_(*this);
    return {[](int) {}};
  }
  void on_exit() override { tasks.clear(); }

  void hold(task<void> work) {
    tasks.push_back(std::move(work));
    tasks.back().start();
  }

  std::vector<task<void>> tasks;  // own thread only

 private:
  std::function<void(coroutine_host&)> begin_;
};

class actor_test : public ::testing::Test {
 protected:
  explicit actor_test(std::size_t workers = 2) : system_(on_workers(config_, workers)) {}

  // Everything spawned through the fixture ends with the test, before what it refers to.
  void TearDown() override {
    for (const auto& each : spawned_) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    spawned_.clear();
    system_.await_all_actors_done();
  }

  worker& at(std::size_t index) { return worker_at(system_, index); }

  template <class Actor, class... Args>
  caf::actor spawn(worker& home, Args&&... args) {
    spawned_.push_back(spawn_on<Actor>(home, std::forward<Args>(args)...));
    return spawned_.back();
  }
  caf::actor keep(caf::actor made) {
    spawned_.push_back(made);
    return made;
  }
  // A host whose coroutines `begin` starts.
  caf::actor host(worker& home, std::function<void(coroutine_host&)> begin) {
    return spawn<coroutine_host>(home, std::move(begin));
  }

  void kill(const caf::actor& victim) {
    caf::scoped_actor self{system_};
    self->monitor(victim);
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    self->receive([](const caf::down_msg&) {},
                  caf::after(patience) >> [] { ADD_FAILURE() << "it does not die"; });
  }

  // Asks from the test's thread and waits for the answer.
  template <class Reply, class Message>
  std::optional<Reply> ask(const caf::actor& whom, Message message) {
    std::optional<Reply> answer;
    caf::scoped_actor self{system_};
    self->request(whom, patience, std::move(message))
        .receive([&](Reply& reply) { answer.emplace(std::move(reply)); }, [](caf::error&) {});
    return answer;
  }

  static caf::actor_system_config& on_workers(caf::actor_system_config& config,
                                              std::size_t workers) {
    use_workers(config, workers);
    return config;
  }

  caf::actor_system_config config_;
  caf::actor_system system_;
  std::vector<caf::actor> spawned_;
};

}  // namespace baton::runtime
