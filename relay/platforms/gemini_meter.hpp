// Reads the tokens out of an answer of the Gemini API or of Code Assist as it passes.
//
//   document    one GenerateContentResponse, or what the other methods answer
//   sse         one in each event (alt=sse)
//   json_array  one in each element (a stream without alt=sse)
//
// No event says that it is the last one. A stream counts as complete when it has told why it ended
// (finishReason, blockReason), and an array when it is closed, too. An object in the place of a
// stream's array is complete as it is.
#pragma once

#include <memory>

#include "relay/answer_format.hpp"
#include "relay/answer_meter.hpp"

namespace baton::relay {

std::unique_ptr<answer_meter> make_gemini_meter(answer_format format);

}  // namespace baton::relay
