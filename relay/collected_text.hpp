// Text that is collected as it comes, for a reader that wants it whole: all of it up to a bound,
// and of a longer one its two ends. Memory is kept from one text to the next, but not that of a
// rare large one for the rest of a long stream.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton::relay {

class collected_text {
 public:
  // Of a text that is too long. Types and names stand at the beginning, usage near the end.
  static constexpr std::size_t beginning_bytes = 256;
  static constexpr std::size_t end_bytes = 16 * 1024;

  // `bytes_max`: end_bytes at least.
  explicit collected_text(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void append(std::string_view part);
  bool too_long() const { return too_long_; }

  // All of it, unless it is too long; json_padding_bytes past its end may be read. Once, when the
  // text has ended; valid until clear().
  std::string_view padded();
  // Of a text that is too long.
  std::string_view beginning() const { return text_; }
  std::string_view end() const;

  // For the next text.
  void clear();

 private:
  void shorten(std::string_view part);
  void append_to_end(std::string_view part);

  std::size_t bytes_max_;
  std::string text_;  // all of it, or its beginning
  std::string end_;   // up to twice of what is wanted
  bool too_long_ = false;
};

}  // namespace baton::relay
