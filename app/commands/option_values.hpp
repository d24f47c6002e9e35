// Values that options of several commands have. Errors: invalid_argument naming the option and what
// is allowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::app {

// A time as parse_moment() reads it.
result<wall_time> moment_option(std::string_view option, std::string_view given, wall_time now);

// "a,b"; nothing, if it was not given. An empty list is no filter, and nobody who gives the option
// means that.
result<std::vector<std::string>> list_option(std::string_view option,
                                             const std::optional<std::string>& given);

}  // namespace baton::app
