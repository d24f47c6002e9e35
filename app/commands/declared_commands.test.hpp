// The tree of all commands, as the program declares them.
#pragma once

#include <CLI/CLI.hpp>
#include <sstream>

#include "app/command_tree.hpp"
#include "app/commands/command.hpp"

namespace baton::app {

inline command_help declared_commands() {
  std::stringstream nothing;
  command_context context{nothing, nothing, nothing, {}};
  command_choice choice{context, {}};
  CLI::App root("Baton", "baton");
  add_commands(root, choice);
  return read_command_tree(root);
}

}  // namespace baton::app
