// Reading secrets, which never come as arguments: other users can see those.
#pragma once

#include <string>

#include "app/command_line.hpp"
#include "base/error.hpp"

namespace baton::app {

// The next line of context.in without the white space around it. Errors: invalid_argument naming
// `what` if there is none.
result<std::string> read_secret_line(command_context& context, const std::string& what);

// Asks on context.err and reads without echo. Only where context.interactive.
result<std::string> ask_secret(command_context& context, const std::string& what);

// "y" or "yes". Only where context.interactive.
bool confirm(command_context& context, const std::string& question);

}  // namespace baton::app
