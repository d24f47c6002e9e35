// How the body of an answer is put together.
#pragma once

#include <cstdint>

namespace baton::relay {

enum class answer_format : std::uint8_t {
  document,    // one document, mostly JSON
  sse,         // events (WHATWG HTML, section 9.2)
  json_array,  // events as the elements of one JSON array: Gemini's stream without alt=sse
  aws_frames,  // events in frames of application/vnd.amazon.eventstream: Bedrock's stream
};

// Whether it is a stream of events, which come one by one.
inline bool is_stream(answer_format format) {
  return format != answer_format::document;
}

}  // namespace baton::relay
