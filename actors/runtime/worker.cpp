#include "actors/runtime/worker.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace baton::runtime {
namespace {

thread_local worker* current_worker = nullptr;

// Actors run in one go before sockets and timers get their turn again: more than the actors one
// request wakes, and little enough to keep an event waiting for microseconds only.
constexpr std::size_t drain_budget = 64;

// Opens a protected function of CAF's: ends an actor that will not be run any more.
struct job_dropper : caf::scheduler::abstract_coordinator {
  using abstract_coordinator::cleanup_and_release;
};

}  // namespace

worker::worker(caf::actor_system& system, std::size_t index, std::size_t max_throughput)
    : caf::execution_unit(&system),
      keep_running_(boost::asio::make_work_guard(context())),
      index_(index),
      max_throughput_(max_throughput) {}

worker::~worker() {
  stop();
}

worker* worker::current() {
  return current_worker;
}

void worker::start() {
  thread_ = std::thread([this] { run(); });
}

void worker::run() {
  current_worker = this;
  system().thread_started();
  context().run();
  system().thread_terminates();
  current_worker = nullptr;
}

void worker::stop() {
  context().stop();
  if (thread_.joinable()) thread_.join();
  drop_jobs();
}

void worker::exec_later(caf::resumable* job) {
  if (is_current()) {
    ready_.push_back(job);
    if (!in_event() && !draining_) post_drain();
    return;
  }
  bool wake = false;
  {
    std::lock_guard guard(remote_mutex_);
    wake = remote_.empty();
    remote_.push_back(job);
  }
  if (wake) post([this] { take_remote_jobs(); });
}

void worker::take_remote_jobs() {
  scope event(*this);
  std::lock_guard guard(remote_mutex_);
  ready_.insert(ready_.end(), remote_.begin(), remote_.end());
  remote_.clear();
}

void worker::after_event() {
  if (!ready_.empty() && !draining_) drain();
}

void worker::post_drain() {
  if (drain_posted_) return;
  drain_posted_ = true;
  post([this] {
    drain_posted_ = false;
    drain();
  });
}

void worker::drain() {
  draining_ = true;  // what actors wake meanwhile joins ready_ and is run below
  std::size_t budget = drain_budget;
  while (!ready_.empty() && budget > 0) {
    batch_.swap(ready_);
    for (auto* job : batch_) run_job(job);
    budget -= std::min(budget, batch_.size());
    batch_.clear();
  }
  draining_ = false;
  if (!ready_.empty()) post_drain();
}

void worker::run_job(caf::resumable* job) {
  switch (job->resume(this, max_throughput_)) {
    case caf::resumable::resume_later: ready_.push_back(job); break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
    case caf::resumable::shutdown_execution_unit: context().stop(); break;
  }
}

void worker::drop_jobs() {
  // The cleanup of one actor may queue others here.
  for (;;) {
    {
      std::lock_guard guard(remote_mutex_);
      ready_.insert(ready_.end(), remote_.begin(), remote_.end());
      remote_.clear();
    }
    if (ready_.empty()) return;
    auto* job = ready_.back();
    ready_.pop_back();
    job_dropper::cleanup_and_release(job);
  }
}

}  // namespace baton::runtime
