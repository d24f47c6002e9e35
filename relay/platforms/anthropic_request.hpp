// Reads what the relay must know out of the body of a request to the Anthropic Messages API.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/api.hpp"

namespace baton::relay {

// `model` must be a string and `messages` an array with something in it; where they are given,
// `stream` is a boolean and `max_tokens` a number that is not negative. Other fields pass unread,
// and what is inside them is the upstream's to judge. Errors: malformed_request, the text begins
// with the field; invalid_argument for a model that is written with escapes.
//
// The upstream decides on the same bytes, so nothing may be read in two ways: these four fields
// are refused when they are there twice, when their names are written with escapes, and when they
// differ from the name in case only (some parsers take them all for the same). What tells the
// session decides nothing upstream: `system`, `metadata` and `prompt_cache_key` are pointed out,
// and left out when they are there twice.
result<request_facts> inspect_anthropic_request(std::string_view padded_body);

}  // namespace baton::relay
