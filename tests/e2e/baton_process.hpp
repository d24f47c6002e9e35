// The program as a process of its own: for tests that kill it or count what it needs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "app/config.hpp"

namespace baton::e2e {

// `baton serve`, killed at the latest when this is destroyed.
class baton_process {
 public:
  // Serves with the data folder, encryption key, workers, durability and price file of `settings`.
  // Throws std::runtime_error if it does not answer soon.
  explicit baton_process(const app::config& settings);
  ~baton_process();
  baton_process(const baton_process&) = delete;
  baton_process& operator=(const baton_process&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t id() const { return process_; }
  void send_signal(int number) const;
  // Waits for its end; as waitpid() tells it.
  int wait();
  std::size_t resident_bytes() const;

 private:
  bool answers() const;

  std::uint16_t port_;
  pid_t process_ = -1;
};

}  // namespace baton::e2e
