#include "base/log_sink.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace baton::log {
namespace {

bool is_regular_file(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// As many whole lines as a pipe takes without blocking once poll() says it is writable; a longer
// line is cut.
std::string_view first_piece(std::string_view lines) {
  if (lines.size() <= PIPE_BUF) return lines;
  const auto last_newline = lines.substr(0, PIPE_BUF).rfind('\n');
  return lines.substr(0, last_newline == std::string_view::npos ? PIPE_BUF : last_newline + 1);
}

}  // namespace

descriptor_writer::descriptor_writer(int descriptor, format style,
                                     std::chrono::milliseconds patience)
    : descriptor_(descriptor),
      style_(style),
      patience_(patience),
      is_file_(is_regular_file(descriptor)) {}

void descriptor_writer::write(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (report_dropped() && write_all(lines)) return;
  dropped_lines_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
}

bool descriptor_writer::write_all(std::string_view lines) {
  while (!lines.empty()) {
    const auto piece = is_file_ ? lines : first_piece(lines);
    if (!write_piece(piece)) return false;
    lines.remove_prefix(piece.size());
  }
  return true;
}

bool descriptor_writer::write_piece(std::string_view piece) {
  while (!piece.empty()) {
    if (!writable()) return false;
    const auto written = ::write(descriptor_, piece.data(), piece.size());
    if (written >= 0) {
      piece.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool descriptor_writer::writable() {
  if (is_file_) return true;
  pollfd waited{descriptor_, POLLOUT, 0};
  const int timeout_ms = stuck_ ? 0 : static_cast<int>(patience_.count());
  const int ready = ::poll(&waited, 1, timeout_ms);
  stuck_ = ready == 0 || (ready < 0 && errno != EINTR);
  return !stuck_;
}

bool descriptor_writer::report_dropped() {
  if (dropped_lines_ == 0) return true;
  std::string report;
  append_line(report, style_, wall_now(), level::warn, "log lines were dropped",
              {{"lines", dropped_lines_}});
  if (!write_all(report)) return false;
  dropped_lines_ = 0;
  return true;
}

}  // namespace baton::log
