// Reads what the relay must know out of a request to the Gemini API.
#pragma once

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

// The path names the model and whether the answer is a stream; the query, which kind of stream
// (gemini_query.hpp). Errors: malformed_request, the text begins with the field; invalid_argument
// for a query.
//
// Strict (body_inspection.hpp) are `contents`, an array, which a request for an answer has
// something in, and `generationConfig`, an object; in there, what is no count is as good as not
// there. What embedContent and its like have instead passes unread.
result<request_facts> inspect_gemini_request(const client_request& request);

}  // namespace baton::relay
