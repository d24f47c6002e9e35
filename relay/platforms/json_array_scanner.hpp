// Finds the elements of one JSON array in a stream as it passes, without keeping the stream: only
// the element at hand is collected. The elements must be objects.
//
// Google answers a stream request that does not ask for events so: [{…}\n,\r\n{…}\n]. Where an
// error comes in place of a stream, some send the object alone; it counts as the only element.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "relay/collected_text.hpp"

namespace baton::relay {

class json_array_scanner {
 public:
  // Longest element that is collected; of a longer one only its end is, unchecked.
  static constexpr std::size_t element_bytes_max = 8 * 1024 * 1024;

  class listener {
   public:
    virtual ~listener() = default;
    // The next element, a JSON object. Valid during the call only; `padded`: json_padding_bytes
    // past its end may be read.
    virtual void on_element(std::string_view padded) = 0;
    // In its place for an element that is too long to be collected: its last 16 KiB.
    virtual void on_long_element(std::string_view end) = 0;
    // The array's end was seen, or that of the object in its place. Once.
    virtual void on_end() = 0;
  };

  explicit json_array_scanner(listener& listener) : listener_(listener) {}

  // The next bytes, split anywhere.
  void feed(std::string_view bytes);

  // The stream is an array, and not an object in its place.
  bool is_array() const { return is_array_; }
  // The bytes are not what they should be. Nothing behind the fault is looked at.
  bool malformed() const { return place_ == place::broken; }

  // How many of the bytes fed belong to the array up to the end of its last whole element: what is
  // put behind them in the array's place begins with a comma or is its bracket. Of an object in the
  // array's place nothing does. Within on_element, up to the element before the one at hand.
  std::uint64_t element_end() const { return element_end_; }

 private:
  enum class place : std::uint8_t {
    before,         // the array's bracket comes next
    first_element,  // an element, or the end
    element,        // within one
    after_element,  // a comma, or the end
    next_element,   // an element
    behind,         // the array's end was seen
    broken,
  };

  // Take a part of the bytes and give back what is left of them.
  std::string_view take_between(std::string_view bytes);
  std::string_view take_element(std::string_view bytes);
  place after(char token);
  void begin_element();
  void end_element(std::uint64_t end);
  bool hand_on_element();

  listener& listener_;

  // Of the element at hand.
  collected_text element_{element_bytes_max};
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;

  // Of the stream.
  place place_ = place::before;
  bool is_array_ = false;
  std::uint64_t fed_ = 0;  // bytes that were taken
  std::uint64_t element_end_ = 0;
};

}  // namespace baton::relay
