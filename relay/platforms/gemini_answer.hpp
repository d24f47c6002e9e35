// What an answer of Gemini's generateContent, or one event of a streamed one, says about itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "relay/usage.hpp"

namespace baton::relay {

// `usageMetadata`, https://ai.google.dev/api/generate-content#UsageMetadata; 0: not told.
struct gemini_usage {
  std::int64_t prompt = 0;  // with what was cached of it
  std::int64_t cached = 0;
  std::int64_t tool_use = 0;    // of prompts that tools made; not in `prompt`
  std::int64_t candidates = 0;  // without thoughts
  std::int64_t thoughts = 0;

  // The counts of a stream are cumulative, so a later one replaces an earlier one; but not every
  // event has them all.
  void update(const gemini_usage& later);

  token_usage in_classes() const;
};

struct gemini_answer {
  gemini_usage usage;
  std::string model;         // `modelVersion`; empty if it is not named
  bool has_content = false;  // something a client would show or act on
  bool finished = false;     // a candidate has a finishReason, or the prompt was blocked
  bool has_error = false;    // there is an `error` field
  std::string error_status;  // its google.rpc name; empty if it has none
  bool well_formed = false;  // read to its end, and nothing follows
};

// Reads a JSON object. Of a broken one, what came before the break. Code Assist puts the answer
// into a field `response`.
gemini_answer read_gemini_answer(std::string_view padded);

}  // namespace baton::relay
