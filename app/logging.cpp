#include "app/logging.hpp"

#include <unistd.h>

#include <csignal>

#include "base/log.hpp"

namespace baton::app {

void configure_logging(const log_settings& settings) {
  std::signal(SIGPIPE, SIG_IGN);
  static_assert(static_cast<int>(log_level::trace) == static_cast<int>(log::level::trace) &&
                static_cast<int>(log_level::error) == static_cast<int>(log::level::error));
  const bool as_text = settings.format == log_format::automatic
                           ? ::isatty(STDERR_FILENO) == 1
                           : settings.format == log_format::text;
  log::configure({static_cast<log::level>(settings.level),
                  as_text ? log::format::text : log::format::json, STDERR_FILENO});
}

}  // namespace baton::app
