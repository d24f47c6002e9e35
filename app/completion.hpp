// Scripts that let shells complete Baton's command line.
#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace baton::app {

std::string bash_completion(const command_help& root);
std::string zsh_completion(const command_help& root);
std::string fish_completion(const command_help& root);

}  // namespace baton::app
