// A protocol that clients speak (Anthropic Messages; OpenAI and Gemini follow), without I/O: what a
// request says about itself, how an answer is metered, how an error is worded. What is particular
// to an upstream is relay::platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/route.hpp"
#include "relay/session_key.hpp"
#include "relay/usage.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

// simdjson reads up to this many bytes past the end of what it parses; whoever hands over a
// `padded` text guarantees that they may be read (their value does not matter).
inline constexpr std::size_t json_padding_bytes = 64;

// What the relay must know of a request's body. The views point into that body.
struct request_facts {
  std::string_view model;        // without the quotes, as in the body
  std::size_t model_offset = 0;  // of `model` in the body, for replacing it in place
  bool stream = false;
  std::uint64_t max_output_tokens = 0;       // as asked for; 0 if the request does not say
  std::uint64_t estimated_input_tokens = 0;  // body bytes / 4; for reservations only
  // What tells the session: the fields' values as they stand in the body, strings with their
  // quotes. Unchecked. Empty: the field is not there, or is there twice.
  std::string_view system;
  std::string_view messages;
  std::string_view metadata;
  std::string_view prompt_cache_key;
};

// Follows one answer's body as it passes and keeps a running count, so that the count is right
// whenever the answer ends. Lives for one answer; not shared.
class answer_meter {
 public:
  virtual ~answer_meter() = default;

  // The next bytes of the body, split anywhere.
  virtual void feed(std::string_view bytes) = 0;
  // The body is complete; a JSON answer is read here.
  virtual void finish() = 0;

  const token_usage& usage() const { return usage_; }
  std::string_view model() const { return model_; }  // as the upstream named it; may be empty
  bool complete() const { return complete_; }        // the API's end marker was seen
  bool has_begun() const { return has_begun_; }      // the first event, or byte, was seen
  bool has_content() const { return has_content_; }  // something a client would show or act on
  // An error event was seen, or the whole document is an error; its type, if it has one.
  bool failed() const { return failed_; }
  const std::string& error_type() const { return error_type_; }
  // An event was seen that is none of the API's. Nothing behind it counts; so many bytes came
  // before it.
  bool malformed() const { return malformed_; }
  std::uint64_t bytes_before_fault() const { return bytes_before_fault_; }
  // Of the bytes fed so far, those of whole events: behind them something may be put between.
  virtual std::uint64_t whole_bytes() const = 0;

 protected:
  token_usage usage_;
  std::string model_;
  std::string error_type_;
  std::uint64_t bytes_before_fault_ = 0;
  bool complete_ = false;
  bool has_begun_ = false;
  bool has_content_ = false;
  bool failed_ = false;
  bool malformed_ = false;
};

class api {
 public:
  virtual ~api() = default;

  // The service a key needs the permission for: "claude", "openai", "gemini".
  virtual std::string_view service() const = 0;

  // Reads the facts out of a complete JSON body. Errors: malformed_request with what is wrong
  // (not JSON, not an object, a field missing or of the wrong type).
  virtual result<request_facts> inspect(std::string_view padded_body, operation op) const = 0;

  // The session a request belongs to. `facts` are inspect()'s, and the body they point into is
  // still there, padded; `named_session` is what the client's header calls the session, or empty;
  // `scope` is the API key's id: two keys never share a session. What is not understood makes no
  // session. Reads parts of the body again where the session has no name, so call it once.
  virtual session_facts session(const request_facts& facts, std::string_view named_session,
                                std::string_view scope) const = 0;

  // A meter for an answer of this content type (an event stream or one JSON document).
  virtual std::unique_ptr<answer_meter> make_meter(bool event_stream) const = 0;

  // What an error of this type inside an answer means; nothing: the client's own mistake.
  virtual std::optional<failure_kind> error_kind(std::string_view error_type) const = 0;

  // The JSON body of an error of Baton's own, in this API's shape.
  virtual std::string error_body(const error& failure, std::string_view request_id) const = 0;

  // An event that ends a stream which cannot go on, complete with its blank line.
  virtual std::string error_event(const error& failure, std::string_view request_id) const = 0;
};

// HTTP status for an error of Baton's own; the same for every API.
int error_status(error_code code);

// Whether to tell clients not to try again by themselves (`x-should-retry: false`): Claude Code
// otherwise repeats a 401 without end, and final 429 and 503 answers for minutes.
bool forbids_client_retry(error_code code);

}  // namespace baton::relay
