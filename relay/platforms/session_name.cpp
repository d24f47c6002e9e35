#include "relay/platforms/session_name.hpp"

namespace baton::relay {

bool is_session_name(std::string_view name) {
  constexpr std::size_t bytes_max = 256;
  return !name.empty() && name.size() <= bytes_max;
}

std::string_view unquoted(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return {};
  return raw.substr(1, raw.size() - 2);
}

}  // namespace baton::relay
