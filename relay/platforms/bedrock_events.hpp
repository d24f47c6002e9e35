// The frames of Bedrock's stream for Anthropic's models, as events of Anthropic Messages.
//
// A chunk's payload is {"bytes":"<base64>",…}, which is the JSON of one event. The stream breaks
// off with an exception (InvokeModelWithResponseStream in AWS's reference of the Bedrock Runtime
// API).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "relay/platforms/aws_event_stream.hpp"

namespace baton::relay {

enum class bedrock_frame : std::uint8_t {
  chunk,
  exception,
  other,  // nothing that is known: to be passed over
};
bedrock_frame kind_of(const aws_frame& frame);

// Of an exception: "throttlingException". Errors that are in no service's model have a code
// instead.
std::string_view exception_name(const aws_frame& frame);

// Lives for one answer.
class bedrock_events {
 public:
  // Appends `event: <type>\ndata: <JSON>\n\n` for a chunk; the JSON stays byte for byte but for
  // line ends between its tokens. A chunk without an event, or whose event has no type, adds
  // nothing. False: the payload is no JSON object, or what it holds is none; nothing was appended.
  bool append_chunk(std::string& into, std::string_view payload);

 private:
  std::string json_;  // of the event at hand
};

// Appends the error event for an exception.
void append_exception_event(std::string& into, const aws_frame& frame);

}  // namespace baton::relay
