#include "relay/header_source.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::relay {

std::string_view header_lines::find(std::string_view name) const {
  for (std::string_view rest = text_; !rest.empty();) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const auto colon = line.find(':');
    if (colon == line.npos || !text::iequals(line.substr(0, colon), name)) continue;
    return text::trim(line.substr(colon + 1));
  }
  return {};
}

}  // namespace baton::relay
