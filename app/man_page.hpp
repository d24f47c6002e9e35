// The manual page of the program, baton(1), in roff.
#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace baton::app {

std::string man_page(const command_help& root);

}  // namespace baton::app
