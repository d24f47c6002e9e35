// The log: one line per event on stderr, as text for people or as JSON for programs.
//
//   log::info("listening", {{"host", "127.0.0.1"}, {"port", 3000}});
//
// Every function may be called from any thread. A log that nobody reads costs lines, never the
// process: see base/log_sink.hpp. Until configure() is called, warnings and errors go out as text.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/log_format.hpp"

namespace baton::log {

struct options {
  level threshold = level::info;  // lines below it are not written
  format style = format::text;
  int descriptor = 2;  // must stay open; it is not closed
};

// Takes effect for all following lines. SIGPIPE must be ignored for a closed pipe to be harmless.
void configure(const options& settings);

bool enabled(level importance);
bool json();  // whether write_lines() is expected to get JSON lines

void write(level importance, std::string_view message, fields details = {});

inline void trace(std::string_view message, fields details = {}) {
  write(level::trace, message, details);
}
inline void debug(std::string_view message, fields details = {}) {
  write(level::debug, message, details);
}
inline void info(std::string_view message, fields details = {}) {
  write(level::info, message, details);
}
inline void warn(std::string_view message, fields details = {}) {
  write(level::warn, message, details);
}
inline void error(std::string_view message, fields details = {}) {
  write(level::error, message, details);
}

// Writes lines that are formatted already (append_line() or in the same manner), each with its
// newline, as one block between other lines.
void write_lines(std::string_view lines);

}  // namespace baton::log
