// What the query of a request to one of Google's APIs decides about its answer.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/answer_format.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

// The format of the answer, if it is a stream: events for alt=sse, else an array.
//
// Refused with invalid_argument is what would make an answer that cannot be metered: other values
// of `alt` (protocol buffers among them), choosing fields of the answer by `fields` or by the
// header x-goog-fieldmask, and wrapping it into JavaScript by `callback`
// (https://cloud.google.com/apis/docs/system-parameters).
result<answer_format> read_gemini_query(const client_request& request);

}  // namespace baton::relay
