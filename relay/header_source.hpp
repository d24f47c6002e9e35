// The header fields of a message, for whoever decides by them without reading HTTP.
#pragma once

#include <string_view>

namespace baton::relay {

class header_source {
 public:
  virtual ~header_source() = default;

  // The value of the first field of this name (in any case), or an empty view.
  virtual std::string_view find(std::string_view name) const = 0;
};

// Header lines as text: "name: value" and a CRLF each. Does not own the text.
class header_lines final : public header_source {
 public:
  explicit header_lines(std::string_view text) : text_(text) {}
  std::string_view find(std::string_view name) const override;

 private:
  std::string_view text_;
};

}  // namespace baton::relay
