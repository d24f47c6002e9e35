// What both head parsers check because Beast lets it pass; private to them.
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>

namespace baton::net {

// Whether a field's value was continued on further lines (RFC 9112 section 5.2). Beast then shows
// it in a buffer of its own, or, if the first line was empty, where the next one begins.
inline bool is_folded(std::string_view input, std::string_view name, std::string_view value) {
  const std::less<const char*> before;
  const char* const name_end = name.data() + name.size();
  if (before(value.data(), name_end) || before(input.data() + input.size(), value.data())) {
    return true;
  }
  return std::find(name_end, value.data(), '\n') != value.data();
}

// Whether a chunk's extension has bytes in it that another server might take for the line's end.
inline bool hides_a_line_end(std::string_view chunk_extension) {
  return std::any_of(chunk_extension.begin(), chunk_extension.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

// "0\r\n\r\n". Beast asserts that a body whose first chunk is its last is given to it whole.
inline constexpr std::size_t shortest_chunked_body = 5;

}  // namespace baton::net
