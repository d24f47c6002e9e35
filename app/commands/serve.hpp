// `baton serve`: the relay itself, from start to the end of its shutdown.
#pragma once

#include <cstdint>
#include <functional>

#include "app/config.hpp"

namespace baton::app {

struct serve_options {
  // Called once, on the calling thread or a worker, when the port accepts connections.
  std::function<void(std::uint16_t port)> on_listening;
};

// Blocks until SIGINT or SIGTERM has been obeyed; SIGHUP reads prices and certificates anew.
// Logging is set up already (app/logging.hpp). Returns the exit code: 0, or 1 after an error that
// it has logged.
int serve(const config& settings, const serve_options& options);

}  // namespace baton::app
