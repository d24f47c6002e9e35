// Reads what the relay must know out of the bodies of requests to OpenAI's APIs.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

// Whether a body must have a `model`.
enum class model_field : bool { required, optional };

// `model`, `stream` and the limits of the output are strict (body_inspection.hpp); other fields
// pass unread, and what is inside them is the upstream's to judge. Errors: malformed_request, the
// text begins with the field; invalid_argument for a model that is written with escapes.

// Responses. The answer is stored unless the body says otherwise. Refused with invalid_argument is
// one that is to be made in the background: the answer comes before the usage is known.
result<request_facts> inspect_responses_request(std::string_view padded_body);

// Chat: `messages` must be an array with something in it. Of a stream whose client has not asked
// for its usage, facts.usage_wish does.
result<request_facts> inspect_chat_request(std::string_view padded_body, model_field model);

// Embeddings: there must be an `input`.
result<request_facts> inspect_embeddings_request(std::string_view padded_body, model_field model);

}  // namespace baton::relay
