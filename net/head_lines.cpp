#include "net/head_lines.hpp"

#include "base/text.hpp"

namespace baton::net {

void remove_line(std::string& lines, std::string_view name) {
  for (std::size_t at = lines.find("\r\n") + 2; at < lines.size();) {
    const auto end = lines.find("\r\n", at) + 2;
    const std::string_view line(lines.data() + at, end - at);
    if (text::iequals(line.substr(0, line.find(':')), name)) {
      lines.erase(at, end - at);
    } else {
      at = end;
    }
  }
}

void replace_line(std::string& lines, std::string_view name, std::string_view value) {
  remove_line(lines, name);
  lines.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace baton::net
