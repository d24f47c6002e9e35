// What the relay must know of a client's request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "relay/answer_format.hpp"
#include "relay/header_source.hpp"
#include "relay/route.hpp"

namespace baton::relay {

// A request as an API looks at it. Does not own anything.
struct client_request {
  const relay::route& route;
  const header_source& headers;
  std::string_view parameter;    // what stands for {} in the route's path, unescaped
  std::string_view query;        // without "?"
  std::string_view padded_body;  // json_padding_bytes past its end may be read
};

// A member of the body's top-level object, from its name's quote to its value's end.
struct body_member {
  std::size_t begin = 0;
  std::size_t end = 0;

  explicit operator bool() const { return end != 0; }
};

// Bytes of the body that others take the place of. `text` is static.
struct body_insertion {
  std::size_t offset = 0;
  std::size_t removed_bytes = 0;
  std::string_view text;
};

// The views point into the request.
struct request_facts {
  std::string_view model;  // without quotes and escapes; empty: the request names none
  // Of `model` in the body, for replacing it there; unset: the path names the model.
  std::optional<std::size_t> model_offset;
  bool stream = false;
  answer_format stream_format = answer_format::sse;  // of the answer, if it is streamed
  std::uint64_t max_output_tokens = 0;               // as asked for; 0: the request does not say
  std::uint64_t estimated_input_tokens = 0;          // body bytes / 4; for reservations only

  // The account's upstream keeps the answer, for requests that name it later.
  bool stored = false;
  // Usage is in the answer because Baton asks for it: the change to the body that does, and what it
  // adds to the answer is withheld from the client.
  std::optional<body_insertion> usage_wish;

  // What tells the session: the fields' values as they stand in the body, strings with their
  // quotes. Unchecked. Empty: the field is not there, or is there twice.
  std::string_view system;        // system, instructions, systemInstruction
  std::string_view messages;      // messages, input, contents
  std::string_view metadata;      // Anthropic's
  std::string_view session_name;  // prompt_cache_key; session_id of Code Assist
  std::string_view previous;      // previous_response_id

  // Anthropic's: what an upstream may want elsewhere than in the body; those that are not there are
  // empty.
  body_member model_member, stream_member, version_member, betas_member;
};

}  // namespace baton::relay
