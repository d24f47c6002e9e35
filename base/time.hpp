// Points in time. Decisions take them as arguments and have no clock of their own; whoever performs
// the decisions reads one of these.
#pragma once

#include <chrono>

namespace baton {

// For anything shown, stored or compared with a date. Milliseconds since 1970, UTC.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

// For deadlines, cooldowns and durations within one run of the program.
using steady_time = std::chrono::steady_clock::time_point;

inline wall_time wall_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}
inline steady_time steady_now() {
  return std::chrono::steady_clock::now();
}

// One moment on both clocks, for decisions that need durations and dates.
struct moment {
  steady_time steady{};
  wall_time wall{};

  moment& operator+=(std::chrono::milliseconds later) {
    steady += later;
    wall += later;
    return *this;
  }
  friend moment operator+(moment from, std::chrono::milliseconds later) { return from += later; }
};
inline moment moment_now() {
  return {steady_now(), wall_now()};
}

}  // namespace baton
