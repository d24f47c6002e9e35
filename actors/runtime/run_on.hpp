// Work of other threads that must be done on a worker's own: its loop's timers and sockets know no
// other.
#pragma once

#include <exception>
#include <future>
#include <type_traits>

#include "actors/runtime/worker.hpp"

namespace baton::runtime {

// Runs `work` on the worker, waits for it and returns what it returns or throws what it throws. Not
// from a worker's thread.
template <class Work>
auto run_on(worker& home, Work work) {
  using value = decltype(work());
  std::promise<value> done;
  home.post([&] {
    event_loop::scope event(home);
    try {
      if constexpr (std::is_void_v<value>) {
        work();
        done.set_value();
      } else {
        done.set_value(work());
      }
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  return done.get_future().get();
}

}  // namespace baton::runtime
