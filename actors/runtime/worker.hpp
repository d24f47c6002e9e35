// A worker: one thread with one event loop, which at the same time is a CAF execution unit. Actors
// that were spawned on it (pinned_actor) and the sockets, timers and pools on its loop share the
// thread, so none of them needs a lock.
//
// Life: made by the coordinator, runs from start() to stop(). Everything but exec_later(), post()
// and stop() belongs to the worker's own thread.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "base/event_loop.hpp"

namespace baton::runtime {

class worker final : public caf::execution_unit, public event_loop {
 public:
  // `max_throughput`: messages an actor may handle before others get their turn.
  worker(caf::actor_system& system, std::size_t index, std::size_t max_throughput);
  ~worker() override;

  void start();
  // Ends the loop after what it is doing now, joins the thread and drops what was still queued.
  void stop();

  // Queues an actor that has messages to run on this worker, from any thread.
  void exec_later(caf::resumable* job) override;

  std::size_t index() const { return index_; }
  bool is_current() const { return current() == this; }
  // The worker whose thread this is, or null.
  static worker* current();

 private:
  void run();
  void after_event() override;
  void drain();
  void post_drain();
  void run_job(caf::resumable* job);
  void take_remote_jobs();
  void drop_jobs();

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
  const std::size_t index_;
  const std::size_t max_throughput_;
  std::vector<caf::resumable*> ready_;  // own thread only
  std::vector<caf::resumable*> batch_;  // what drain() works on
  bool draining_ = false;
  bool drain_posted_ = false;
  std::mutex remote_mutex_;
  std::vector<caf::resumable*> remote_;  // queued by other threads
  std::thread thread_;
};

}  // namespace baton::runtime
