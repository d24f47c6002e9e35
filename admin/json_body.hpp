// The JSON that an operator sends, before anything is known of its fields.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.hpp"

namespace baton::admin {

// An object that can be read in one way only: valid UTF-8, no member named twice, no control
// characters in names, names of 1 to 256 bytes, at most 16 levels and 1 MiB. Errors:
// malformed_request; the text repeats nothing of the body but a member's name.
result<nlohmann::json> parse_object(std::string_view body);

}  // namespace baton::admin
