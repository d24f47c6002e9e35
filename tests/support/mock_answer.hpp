// Answers of the mock upstream, built once per behaviour and model; when one is sent only the date,
// the ids and the send time are filled in.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/mock_behaviour.hpp"

namespace baton::mock {

// What is filled in. One per event loop; the date changes once a second, the id with each request.
struct stamp {
  std::array<char, 29> date{};  // IMF-fixdate
  std::array<char, 24> id{};
};

// A text and the places in it to fill in.
class prebuilt {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  prebuilt() = default;
  // Finds the markers of mock_json.hpp and the date's; `text` as it will be sent.
  explicit prebuilt(std::string text);

  void append_to(std::string& out, const stamp& values) const;
  std::size_t size() const { return text_.size(); }

 private:
  std::string text_;
  std::size_t date_at_ = none;
  std::size_t clock_at_ = none;
  std::vector<std::size_t> ids_at_;
};

// One event of a stream: plain, and framed as a chunk.
struct prebuilt_event {
  prebuilt plain;
  prebuilt chunk;
};

// Everything a behaviour can answer to POST …/messages for one model. Immutable, shared by the
// connections.
struct answer_plan {
  behaviour script;
  std::string model;
  prebuilt json;  // complete: the message, or the error if the status says so
  prebuilt stream_head;
  std::vector<prebuilt_event> opening;  // message_start, content_block_start, ping
  std::vector<prebuilt_event> deltas;   // used in turn
  prebuilt_event ping;
  std::vector<prebuilt_event> closing;  // content_block_stop, message_delta, mostly message_stop
  prebuilt_event error;
  prebuilt_event malformed;
};

std::shared_ptr<const answer_plan> make_plan(const behaviour& script, std::string_view model);

// A complete answer with a JSON body; `script` adds headers and faults.
prebuilt make_json_answer(const behaviour& script, int status, std::string body);

std::string as_chunk(std::string_view data);

// Tells the time for a stamp: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::array<char, 29> http_date(std::int64_t seconds_since_1970);

}  // namespace baton::mock
