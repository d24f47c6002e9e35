// "Did you mean …?"
#pragma once

#include <string_view>
#include <vector>

namespace baton {

// The one of `names` that `wrong` was probably meant to be, or "" if none is near. A name is
// also near to its own beginning, and one of two parts ("server.port") to its last part alone.
std::string_view nearest_name(std::string_view wrong, const std::vector<std::string_view>& names);

}  // namespace baton
