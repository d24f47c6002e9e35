#include "app/secret_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <istream>
#include <ostream>

#include "base/text.hpp"

namespace baton::app {
namespace {

// Of the terminal before its echo was switched off, for the signal handler.
termios terminal_before;

void restore_and_stop(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Switches the terminal's echo off for its lifetime, also if that ends by Ctrl-C; does nothing
// where there is no terminal. One at a time.
class echo_off {
 public:
  echo_off() : active_(::tcgetattr(STDIN_FILENO, &terminal_before) == 0) {
    if (!active_) return;
    handler_before_ = std::signal(SIGINT, &restore_and_stop);
    termios silent = terminal_before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~echo_off() {
    if (!active_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
    std::signal(SIGINT, handler_before_);
  }
  echo_off(const echo_off&) = delete;
  echo_off& operator=(const echo_off&) = delete;

 private:
  bool active_;
  void (*handler_before_)(int) = SIG_DFL;
};

}  // namespace

result<std::string> read_secret_line(command_context& context, const std::string& what) {
  std::string line;
  std::getline(context.in, line);
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos) {
    return downstream_error(error_code::invalid_argument,
                            what + ": nothing was given on standard input");
  }
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

result<std::string> ask_secret(command_context& context, const std::string& what) {
  context.err << what << " (not shown): " << std::flush;
  const echo_off silence;
  return read_secret_line(context, what);
}

bool confirm(command_context& context, const std::string& question) {
  context.err << question << " [y/N] " << std::flush;
  std::string line;
  std::getline(context.in, line);
  const auto answer = text::to_lower(text::trim(line));
  return answer == "y" || answer == "yes";
}

}  // namespace baton::app
