// Reads what the relay must know out of the body of a request to the Anthropic Messages API.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

// `model` must be a string and `messages` an array with something in it; where they are given,
// `stream` is a boolean and `max_tokens` a number that is not negative. These four are strict
// (body_inspection.hpp), and so are `anthropic_version` and `anthropic_beta`, whatever they hold:
// Baton may add them. Other fields pass unread, and what is inside them is the upstream's to judge;
// `system`, `metadata` and `prompt_cache_key` are pointed out. Errors: malformed_request, the
// text begins with the field; invalid_argument for a model that is written with escapes.
result<request_facts> inspect_anthropic_request(std::string_view padded_body);

// The same for a request whose path names the model and whether it streams (Bedrock's): a body with
// `messages` alone will do.
result<request_facts> inspect_modelless_anthropic_request(std::string_view padded_body);

}  // namespace baton::relay
