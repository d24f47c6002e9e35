// Keeps requests away from an account that answers badly, and finds out by single requests whether
// it has recovered. Without I/O and without a clock. Owned by the account's actor.
//
//   closed ── enough failures in the window ──> open ── its time is over ──> half-open
//      ^                                         ^                              │
//      └──────────────── the probe succeeded ────┼──────────────────────────────┤
//                                                └──── it failed: twice as long ┘
//
// An account that flaps does not take traffic with every probe that succeeds: opened again within
// open_max after it closed, it stays open for twice as long as the last time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string_view>

#include "base/time.hpp"

namespace baton::relay {

struct circuit_settings {
  std::uint32_t failures_min = 5;            // in the window, to open
  std::uint32_t failure_share_percent = 50;  // of the attempts in the window, to open
  std::chrono::milliseconds window = std::chrono::seconds(60);
  std::chrono::milliseconds open = std::chrono::seconds(30);       // the first time
  std::chrono::milliseconds open_max = std::chrono::seconds(600);  // the longest
};

class circuit_breaker {
 public:
  enum class state : std::uint8_t { closed, open, half_open };

  explicit circuit_breaker(const circuit_settings& settings) : settings_(settings) {}

  state at(steady_time now) const;
  // When it may be probed; the epoch if it is closed.
  steady_time open_until() const { return open_until_; }

  // A failure. `attempts`: made on the account by the worker that reports it, this one included,
  // since it last reported one; so that successes are counted without a word about each.
  void on_failure(std::uint32_t attempts, steady_time now);

  // Whether this request may be the probe: one at a time, while half-open.
  bool try_probe(steady_time now);
  bool is_probed() const { return probed_; }
  void probe_succeeded(steady_time now);
  void probe_failed(steady_time now);
  // It has ended without telling anything; the next request may probe.
  void probe_abandoned() { probed_ = false; }

  // The operator has mended something: as new.
  void reset();

 private:
  struct failure {
    steady_time when;
    std::uint32_t attempts;
  };

  void open(steady_time now);

  circuit_settings settings_;
  std::deque<failure> failures_;  // in the window, at most failures_max
  steady_time open_until_{};
  std::chrono::milliseconds open_for_{0};  // the last time; 0: it was not open lately
  steady_time closed_at_{};
  bool probed_ = false;
};

std::string_view to_string(circuit_breaker::state state);  // "half_open"

}  // namespace baton::relay
