// Answers of the mock upstream, built once per behaviour and form; when one is sent only the date,
// the ids, the send time and the events' numbers are filled in.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/mock_behaviour.hpp"
#include "tests/support/mock_dialect.hpp"

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
  // Finds the markers of mock_words.hpp and the date's; `text` as it will be sent.
  explicit prebuilt(std::string text);

  void append_to(std::string& out, const stamp& values, std::uint32_t sequence = 0) const;
  bool empty() const { return text_.empty(); }
  bool numbered() const { return sequence_at_ != none; }
  bool marked() const { return clock_at_ != none || numbered() || !ids_at_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t date_at_ = none;
  std::size_t clock_at_ = none;
  std::size_t sequence_at_ = none;
  std::vector<std::size_t> ids_at_;
};

// One event of a stream: plain, and as a chunk. Only what has both a frame and something to fill in
// is framed when it is sent.
class prebuilt_event {
 public:
  prebuilt_event() = default;
  explicit prebuilt_event(const wire_event& event);

  bool empty() const { return plain_.empty(); }
  bool numbered() const { return plain_.numbered(); }
  void append_plain_to(std::string& out, const stamp& values, std::uint32_t sequence) const;
  void append_chunk_to(std::string& out, const stamp& values, std::uint32_t sequence) const;

 private:
  prebuilt plain_;
  prebuilt chunk_;
  std::string (*frame_)(std::string_view text) = nullptr;  // null: it is framed
};

// Everything a behaviour can answer to a request of one form for the model. Immutable, shared by
// the connections.
struct answer_plan {
  behaviour script;
  answer_form form;
  prebuilt json;  // complete: the answer, or the error if the status says so
  prebuilt stream_head;
  // As in event_set.
  std::string lead;
  std::string separator;
  std::string tail;
  std::vector<prebuilt_event> opening;
  std::vector<prebuilt_event> deltas;
  std::uint32_t delta_count = 0;
  prebuilt_event ping;
  std::vector<prebuilt_event> closing;
  prebuilt_event error;
  prebuilt_event malformed;
};

std::shared_ptr<const answer_plan> make_plan(const behaviour& script, const answer_form& form);

// A complete answer with a JSON body; `script` adds headers and faults, `header_lines` more
// headers.
prebuilt make_json_answer(const dialect& speaks, const behaviour& script, int status,
                          std::string body, std::string_view header_lines = {});

std::string as_chunk(std::string_view data);

// Tells the time for a stamp: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::array<char, 29> http_date(std::int64_t seconds_since_1970);

}  // namespace baton::mock
