// For tests of what reads JSON: a text in a heap buffer of its exact size and padding, so that the
// address sanitizer sees every byte read too far. What the padding holds must not matter.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>

#include "relay/api.hpp"

namespace baton::relay {

class padded_text {
 public:
  explicit padded_text(std::string_view text, char filler = '\0')
      : bytes_(new char[text.size() + json_padding_bytes]), size_(text.size()) {
    std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + text.size(), filler, json_padding_bytes);
  }

  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace baton::relay
