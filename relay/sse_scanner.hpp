// Finds the events in a text/event-stream as it passes, without keeping the stream: only the data
// of events somebody wants is collected (WHATWG HTML, section 9.2.6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "relay/collected_text.hpp"

namespace baton::relay {

class sse_scanner {
 public:
  // Longest data of one event that is collected; of a longer one only its ends are.
  static constexpr std::size_t event_bytes_max = 8 * 1024 * 1024;
  // Of a longer event name the rest is cut off.
  static constexpr std::size_t name_bytes_max = 64;

  // Told of complete events. The views are valid during the call only.
  class listener {
   public:
    virtual ~listener() = default;
    // Asked when the event's name is known (empty if it has none, then once more is not asked):
    // whether to collect its data. That is at the event's first data line: a name that comes after
    // it reaches on_event, but is not asked for.
    virtual bool wants(std::string_view event_name) = 0;
    // The event's data lines, joined by newlines. `padded`: 64 bytes past its end may be read.
    virtual void on_event(std::string_view event_name, std::string_view padded_data) = 0;
    // In its place for an event that is too long to be collected: the first 256 bytes of its data,
    // and the last 16 KiB.
    virtual void on_long_event(std::string_view /*event_name*/, std::string_view /*beginning*/,
                               std::string_view /*end*/) {}
  };

  explicit sse_scanner(listener& listener) : listener_(listener) {}

  // The next bytes, split anywhere (also inside CRLF or a UTF-8 character). CR, LF and CRLF all end
  // a line.
  void feed(std::string_view bytes);

  // Whether the stream stands between two events: nothing of an unfinished event was fed.
  bool at_event_boundary() const;

  // How many of the bytes fed belong to whole events, and to comments between them; within
  // on_event, to those before the one at hand.
  std::uint64_t event_end() const { return event_end_; }
  // Within on_event: the same with the one at hand.
  std::uint64_t this_event_end() const { return line_end_; }

 private:
  enum class line_kind : std::uint8_t {
    undecided,  // its first bytes do not tell yet; they are in prefix_
    data,
    event,
    ignored,
    comment,
  };

  static line_kind kind_of(std::string_view start);
  void scan(const char* begin, std::string_view bytes);
  std::string_view skip_byte_order_mark(std::string_view bytes);
  void take(std::string_view part);  // a part of the line at hand, without its end
  void take_value(std::string_view part);
  void begin_line(line_kind kind);
  bool end_line();
  void dispatch();
  std::string_view name() const { return {name_.data(), name_bytes_}; }

  listener& listener_;

  // Of the line at hand.
  line_kind kind_ = line_kind::undecided;
  std::uint8_t prefix_bytes_ = 0;
  bool value_begun_ = false;  // the space after the colon has been dealt with
  std::array<char, 6> prefix_{};

  // Of the event at hand.
  std::array<char, name_bytes_max> name_{};
  std::uint8_t name_bytes_ = 0;
  bool has_fields_ = false;
  bool has_data_ = false;
  bool collecting_ = false;
  collected_text data_{event_bytes_max};

  // Of the stream.
  std::uint64_t fed_ = 0;  // bytes of earlier calls of feed()
  std::uint64_t event_end_ = 0;
  std::uint64_t line_end_ = 0;  // of the line that ended last
  bool after_cr_ = false;
  std::uint8_t mark_bytes_ = 0;  // how much of a byte order mark came; 3: no more is looked for
};

}  // namespace baton::relay
