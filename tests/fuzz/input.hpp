// What the fuzzers share: how they read their input and how they report a finding.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "relay/api.hpp"

namespace baton::fuzz {

// A broken property is a finding, in every build type.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", property);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The first byte of the input, which steers the run; `rest` is the input proper.
inline std::uint8_t take_steering(std::string_view& rest) {
  if (rest.empty()) return 0;
  const auto steering = static_cast<std::uint8_t>(rest.front());
  rest.remove_prefix(1);
  return steering;
}

// Cuts `text` into pieces of a few bytes, the same ones for the same steering.
template <class Feed>
void feed_in_pieces(std::string_view text, std::uint8_t steering, Feed feed) {
  std::uint32_t state = 1 + steering;
  while (!text.empty()) {
    state = state * 1664525 + 1013904223;
    const std::size_t bytes =
        std::min<std::size_t>((state >> 24) % (1 + steering % 32), text.size());
    feed(text.substr(0, bytes));
    text.remove_prefix(bytes);
    if (bytes == 0 && steering % 32 == 0) {
      feed(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

// `text` in a buffer of its exact size and padding, so that a byte read too far is a finding.
class padded_copy {
 public:
  padded_copy(std::string_view text, std::uint8_t filler)
      : bytes_(new char[text.size() + relay::json_padding_bytes]), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
    std::memset(bytes_.get() + size_, filler, relay::json_padding_bytes);
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace baton::fuzz
