// The base of Baton's actors: an event-based actor that stays on the worker it was spawned on,
// whoever sends to it.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>
#include <utility>
#include <vector>

#include "actors/runtime/fault_handlers.hpp"
#include "actors/runtime/worker.hpp"

namespace baton::runtime {

class pinned_actor : public caf::event_based_actor {
 public:
  pinned_actor(caf::actor_config& config, worker& home)
      : caf::event_based_actor(config), home_(home) {
    handle_faults(*this);
  }

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) final {
    caf::event_based_actor::enqueue(std::move(what), &home_);
  }
  void launch(caf::execution_unit*, bool lazy, bool hide) final {
    caf::event_based_actor::launch(&home_, lazy, hide);
  }

  worker& home() const { return home_; }

 private:
  worker& home_;
};

// Tells everybody in `waiting` that there will be no answer: for on_exit(). CAF leaves whoever
// asked waiting when a promise is dropped, and never frees an actor that keeps one of its own.
inline void fail_all(std::vector<caf::response_promise>& waiting) {
  for (auto& promise : waiting) promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  waiting.clear();
}

// Spawns Actor(config, home, args...) on `home`, from any thread.
template <class Actor, class... Args>
caf::actor spawn_on(worker& home, Args&&... args) {
  return home.system().spawn<Actor>(std::ref(home), std::forward<Args>(args)...);
}

}  // namespace baton::runtime
