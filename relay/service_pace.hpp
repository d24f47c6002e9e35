// How fast a line of waiting requests moves, as measured: the Retry-After of whoever finds it full
// or waited in vain. Without a clock. A member of the line it measures.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/time.hpp"

namespace baton::relay {

class service_pace {
 public:
  // Somebody joined a line that was empty. What passed before says nothing: nobody was there to be
  // served.
  void waiting_began(steady_time now) { since_ = now; }
  // One of those who wait had his turn.
  void served(steady_time now);

  // How long it takes until `ahead` of those who wait have had their turn: 1 s to 300 s.
  std::chrono::seconds time_for(std::size_t ahead, steady_time now) const;

 private:
  using seconds = std::chrono::duration<double>;

  std::optional<seconds> average_;  // interval between two turns while somebody waited
  steady_time since_{};             // the last turn, or when the line began
};

}  // namespace baton::relay
