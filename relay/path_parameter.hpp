// What stands for {} in the path of a request: the name of a model, a deployment or an answer.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace baton::relay {

// Unescapes it. It goes on into an upstream's path, into error texts and records, so it must be
// UTF-8 of at most 256 bytes without control characters, quotes and backslashes, and no segment of
// it may be "." or "..", escaped or not: it must not lead anywhere else. Errors: malformed_request.
result<std::string> read_path_parameter(std::string_view escaped);

}  // namespace baton::relay
