// A protocol that clients speak, without I/O: what a request says about itself, which session it
// belongs to, how an answer is metered and how it ends, how an error is worded. What is particular
// to an upstream is relay::platform. One file each under relay/platforms/.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/answer_meter.hpp"
#include "relay/request_facts.hpp"
#include "relay/route.hpp"
#include "relay/session_key.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

// simdjson reads up to this many bytes past the end of what it parses; whoever hands over a
// `padded` text guarantees that they may be read (their value does not matter).
inline constexpr std::size_t json_padding_bytes = 64;

// Stateless; one instance serves all threads. Two APIs may share a class: they are told apart by
// their address.
class api {
 public:
  virtual ~api() = default;

  // The service a key needs the permission for: "claude", "openai", "gemini".
  virtual std::string_view service() const = 0;

  // Reads the facts out of a request whose body is complete. Errors: malformed_request with what is
  // wrong (not JSON, not an object, a field missing or of the wrong type).
  virtual result<request_facts> inspect(const client_request& request) const = 0;

  // The session a request belongs to, of an operation that has_session(). `facts` are inspect()'s,
  // and what they point into is still there, padded; `scope` is the API key's id: two keys never
  // share a session. What is not understood makes no session. Reads parts of the body again where
  // the session has no name, so call it once.
  virtual session_facts session(const client_request& request, const request_facts& facts,
                                std::string_view scope) const = 0;

  // A meter for an answer to this request.
  virtual std::unique_ptr<answer_meter> make_meter(answer_format format,
                                                   const request_facts& facts) const = 0;

  // What an error of this type inside an answer means; nothing: the client's own mistake.
  virtual std::optional<failure_kind> error_kind(std::string_view error_type) const = 0;

  // The JSON body of an error of Baton's own, in this API's shape.
  virtual std::string error_body(const error& failure, std::string_view request_id) const = 0;
  // Header lines beside it, each with its CRLF.
  virtual std::string error_lines(error_code) const { return {}; }

  // What ends a stream of this format that cannot go on, behind whole events only; empty: nothing
  // does but the end of the connection.
  virtual std::string error_event(const error& failure, std::string_view request_id,
                                  answer_format format) const = 0;
};

// HTTP status for an error of Baton's own; the same for every API.
int error_status(error_code code);

// What an upstream's status amounts to, in Baton's own terms.
error_code error_code_of(int status);

// Whether to tell clients not to try again by themselves (`x-should-retry: false`): Claude Code
// otherwise repeats a 401 without end, and final 429 and 503 answers for minutes.
bool forbids_client_retry(error_code code);

}  // namespace baton::relay
