// All commands and their options, read from the command line's own declaration: what completions
// and the man page are made of, so that they never lag behind.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace baton::app {

struct option_help {
  std::vector<std::string> names;    // "--json", "-h"; of an argument its name
  std::string value;                 // the name of its value; empty: it takes none
  std::vector<std::string> choices;  // the values it takes; empty: others
  std::string description;
  bool required = false;
};

struct command_help {
  std::string path;  // "baton account add"
  std::string name;  // "add"
  std::string description;
  std::string footer;  // examples
  std::vector<option_help> arguments;
  std::vector<option_help> options;
  std::vector<command_help> commands;  // below it
};

command_help read_command_tree(const CLI::App& root);

// The command itself and all below it, in the order of help.
std::vector<const command_help*> all_commands(const command_help& root);

}  // namespace baton::app
