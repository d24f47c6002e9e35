// What an answer of an OpenAI API, or one event of a streamed one, says about itself: one reader
// for Responses, Chat and embeddings, and for whatever else is worded like them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relay/usage.hpp"

namespace baton::relay {

// A `usage` object, in the words of Responses or of Chat: what of it is there and is a count.
struct openai_usage {
  std::optional<std::int64_t> input;        // input_tokens, prompt_tokens; all of them
  std::optional<std::int64_t> output;       // output_tokens, completion_tokens; all of them
  std::optional<std::int64_t> cache_read;   // cached_tokens; part of the input
  std::optional<std::int64_t> cache_write;  // cache_write_tokens; part of the input
  std::optional<std::int64_t> reasoning;    // reasoning_tokens; part of the output

  // Replaces `total` by the counts, in disjoint classes, none below zero. Where all are zero or
  // missing it stays: some upstreams fill what they do not know with zeros.
  void enter_into(token_usage& total) const;
};

struct openai_answer {
  std::string type;    // of an event
  std::string id;      // of the response
  std::string model;   // that answered
  std::string status;  // of the response: "completed", "failed", …
  std::string tier;    // `service_tier`; empty if it is not named
  openai_usage usage;
  bool has_usage = false;    // there is a `usage` object
  bool has_error = false;    // there is an `error` that is not null, or the whole is one
  std::string error_name;    // of the error, see telling_error_name(); means nothing without one
  bool well_formed = false;  // read to its end, and nothing follows

  // Of a chunk of Chat.
  bool has_choices = false;  // there is a `choices` array with something in it
  bool has_delta = false;    // a choice holds something a client would show or act on
  bool has_finish = false;   // a choice has its finish_reason

  bool failed() const { return has_error || status == "failed"; }
};

// Reads a JSON object. Of a broken one, what came before the break. What is in the `response` of an
// event counts as if it were beside it.
openai_answer read_openai_answer(std::string_view padded);

// The same with its choices.
openai_answer read_openai_chunk(std::string_view padded);

}  // namespace baton::relay
