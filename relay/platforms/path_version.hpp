// Versions of an API in the paths of URLs.
#pragma once

#include <string_view>

namespace baton::relay {

// Whether a path's segment is a version and no word: v1, v1.1, v2alpha, v1beta3.
bool is_path_version(std::string_view segment);

}  // namespace baton::relay
