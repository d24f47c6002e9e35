// What a message costs on Baton's workers, on one of them and between two. Measured in batches, so
// that starting and ending a batch from the benchmark's own thread does not count.
#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <future>
#include <optional>

#include "actors/runtime/ask.hpp"
#include "actors/runtime/coordinator.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "base/task.hpp"

namespace {

using namespace baton;
using runtime::pinned_actor;
using runtime::worker;

constexpr int batch = 10'000;

struct order {
  int number = 0;
};
struct answer {
  int number = 0;
};
struct numbered {
  int number = 0;
  std::promise<void>* done = nullptr;
};
struct run_batch {
  caf::actor partner;
  std::promise<void>* done = nullptr;
};

}  // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(numbered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(run_batch)

namespace {

// Two workers, and what they run until the benchmark ends.
class bench_system {
 public:
  bench_system() : system_(on_two_workers(config_)) {}
  ~bench_system() {
    for (const auto& each : spawned_) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }

  template <class Actor>
  caf::actor spawn(std::int64_t index) {
    auto& home = runtime::worker_at(system_, static_cast<std::size_t>(index));
    return spawned_.emplace_back(runtime::spawn_on<Actor>(home));
  }
  void run(const caf::actor& runner, const caf::actor& partner) {
    std::promise<void> done;
    caf::anon_send(runner, run_batch{partner, &done});
    done.get_future().get();
  }

 private:
  static caf::actor_system_config& on_two_workers(caf::actor_system_config& config) {
    runtime::use_workers(config, 2);
    return config;
  }
  caf::actor_system_config config_;
  caf::actor_system system_;
  std::vector<caf::actor> spawned_;
};

// Answers orders, and takes what is numbered until a batch is full.
class partner_actor final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {
        [](const order& asked) { return answer{asked.number}; },
        [](const numbered& each) {
          if (each.number + 1 == batch) each.done->set_value();
        },
    };
  }
};

class sender_actor final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[this](const run_batch& wanted) {
      for (int n = 0; n < batch; ++n) send(wanted.partner, numbered{n, wanted.done});
    }};
  }
};

// Asks again when it has the answer, in CAF's own way.
class requester_actor final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[this](const run_batch& wanted) {
      wanted_ = wanted;
      ask_next(0);
    }};
  }

 private:
  void ask_next(int number) {
    request(wanted_.partner, caf::infinite, order{number}).then([this](const answer& reply) {
      if (reply.number + 1 < batch) {
        ask_next(reply.number + 1);
      } else {
        wanted_.done->set_value();
      }
    });
  }
  run_batch wanted_;
};

// The same as a coroutine, as sessions do it.
class asking_actor final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[this](const run_batch& wanted) {
      running_ = ask_all(wanted);
      running_.start();
    }};
  }
  void on_exit() override { running_.reset(); }

 private:
  task<void> ask_all(run_batch wanted) {
    for (int n = 0; n < batch; ++n) {
      order next{n};
      const auto reply = co_await runtime::ask<answer>(*this, wanted.partner, next);
      if (!reply) break;
    }
    wanted.done->set_value();
  }
  task<void> running_;
};

// The argument: the worker of the partner; the other side is on worker 0.
template <class Runner>
void run_batches(benchmark::State& state) {
  bench_system system;
  const auto partner = system.spawn<partner_actor>(state.range(0));
  const auto runner = system.spawn<Runner>(0);
  while (state.KeepRunningBatch(batch)) system.run(runner, partner);
  state.SetItemsProcessed(state.iterations());
}

void message_one_way(benchmark::State& state) {
  run_batches<sender_actor>(state);
}
BENCHMARK(message_one_way)->ArgName("worker")->Arg(0)->Arg(1)->UseRealTime();

void request_and_reply(benchmark::State& state) {
  run_batches<requester_actor>(state);
}
BENCHMARK(request_and_reply)->ArgName("worker")->Arg(0)->Arg(1)->UseRealTime();

void ask_from_a_coroutine(benchmark::State& state) {
  run_batches<asking_actor>(state);
}
BENCHMARK(ask_from_a_coroutine)->ArgName("worker")->Arg(0)->Arg(1)->UseRealTime();

}  // namespace
