// Reads what the relay must know out of a request to Code Assist, which puts a request of the
// Gemini API into one of its own: {"model", "project", "user_prompt_id", "request": {"contents",
// …}}.
#pragma once

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

// Strict (body_inspection.hpp) are `model`, which a request for an answer has, and `request`, an
// object that is read as the Gemini API's (gemini_request.hpp). The model of countTokens is inside
// of that, behind "models/". Errors: malformed_request, the text begins with the field;
// invalid_argument.
//
// A request of operation::assist has any JSON object as its body, or nothing. It is refused with
// not_found if it names no method that is about the account: what a model does must not pass
// uncounted, under whatever name.
result<request_facts> inspect_code_assist_request(const client_request& request);

}  // namespace baton::relay
