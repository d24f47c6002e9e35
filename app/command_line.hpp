// `baton …`: from arguments to an exit code.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "app/config_loader.hpp"

namespace baton::app {

enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_unusable = 2,  // the command line or a setting cannot be used
};

// What a command has to do with the world besides its arguments.
struct command_context {
  std::istream& in;
  std::ostream& out;  // results
  std::ostream& err;  // everything else, as lines "baton: …"
  app::environment environment;
  bool interactive = false;     // in is a terminal, and there is somebody to ask
  std::size_t out_columns = 0;  // width of out, if it is a terminal
};

// `args` without the program's name. Throws nothing; returns an exit_code.
int run_command_line(std::span<const std::string> args, command_context& context);

// With the process's environment and nobody to ask.
int run_command_line(std::span<const std::string> args, std::istream& in, std::ostream& out,
                     std::ostream& err);

}  // namespace baton::app
