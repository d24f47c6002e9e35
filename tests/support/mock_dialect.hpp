// The APIs the mock upstream speaks. A dialect knows how the answers of one API look, as texts;
// what becomes of them (statuses, pace, faults, statistics) is the same for all and does not know
// them.
//
// A dialect has no state: one object each, for the whole program, used by any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/mock_behaviour.hpp"
#include "tests/support/mock_body.hpp"
#include "tests/support/mock_request.hpp"

namespace baton::mock {

class dialect;

// What is asked of the upstream.
enum class operation : std::uint8_t {
  unknown,   // no such route
  generate,  // an answer of the model; the only one with a stream
  compact,
  count_tokens,
  embed,
  embed_batch,
  list_models,
  show_model,
  show_response,
  delete_response,
  cancel_response,
  list_input_items,
  load_code_assist,
  onboard_user,
};

// What a request's target says. The views point into the request's head.
struct route {
  const dialect* speaks = nullptr;
  operation what = operation::unknown;
  bool method_allowed = true;
  std::string model{};       // unescaped; empty: not in the path
  bool model_needed = true;  // for an operation with a body, if the path names none
  std::string_view id{};     // of the response asked for
  bool streamed = false;     // told by the path, not by the body
  bool array = false;        // the stream is a JSON array instead of events
  bool code_assist = false;  // Gemini's answers inside {"response":…}
};

// What of a request decides how the answer to it looks. Plans are kept by it.
struct answer_form {
  const dialect* speaks = nullptr;
  std::string model{};
  std::string tool{};          // not empty: the answer calls it
  bool include_usage = false;  // of a stream of Chat Completions
  bool array = false;
  bool code_assist = false;
  friend bool operator==(const answer_form&, const answer_form&) = default;
};

// An event as it is sent. With `frame`, `text` is what goes into a frame once its marks are filled
// in: a frame with lengths and checksums cannot be changed later.
struct wire_event {
  std::string text{};
  std::string (*frame)(std::string_view text) = nullptr;
};

// The parts of a stream, in the order they are sent in.
struct event_set {
  std::string content_type{};
  // Around and between the events, if they are a JSON array's elements.
  std::string lead{};
  std::string separator{};
  std::string tail{};
  std::vector<wire_event> opening{};
  std::vector<wire_event> deltas{};  // used in turn, never none
  std::uint32_t delta_count = 0;
  std::vector<wire_event> closing{};
  wire_event ping{};  // without text: this API has none
  wire_event error{};
  wire_event malformed{};
};

struct error_document {
  std::string body{};
  std::string header_lines{};
};

class dialect {
 public:
  virtual ~dialect() = default;

  // Header lines that every answer has, each with its CRLF.
  virtual std::string head_lines() const = 0;
  // The JSON answer to `generate`.
  virtual std::string answer(const behaviour& script, const answer_form& form) const = 0;
  virtual event_set events(const behaviour& script, const answer_form& form) const = 0;
  // The answer to any other operation of this API.
  virtual std::string side_answer(const route& way, const behaviour& script,
                                  const answer_form& form) const = 0;

  // `type` empty: the one the API uses with this status. `message` empty: a usual one.
  virtual error_document error(int status, std::string_view type,
                               std::string_view message) const = 0;
  // The status that stands for "too much to do".
  virtual int overload_status() const { return 503; }

  // Whether the answers can be asked for later, by their ids, by the credential that made them.
  virtual bool keeps_answers() const { return false; }

  // What the API has against a request whose body is JSON; status 0: nothing.
  struct refusal {
    int status = 0;
    std::string type{};
    std::string message{};
  };
  virtual refusal check(const request_head& head, const route& way, const body_facts& facts) const;
};

const dialect& anthropic();
const dialect& openai_responses();
const dialect& openai_chat();  // also its embeddings and models
const dialect& azure_responses();
const dialect& azure_chat();
const dialect& gemini();  // also Code Assist
const dialect& bedrock();

}  // namespace baton::mock
