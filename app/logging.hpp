// Sets up base/log.hpp from the configuration.
#pragma once

#include "app/config.hpp"

namespace baton::app {

// Log lines go to stderr, as text if that is a terminal and the format is automatic. Ignores
// SIGPIPE from then on, so that nobody's closed pipe or socket ends the process.
void configure_logging(const log_settings& settings);

}  // namespace baton::app
