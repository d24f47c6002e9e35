#include "base/text.hpp"

#include <algorithm>

namespace baton::text {

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool icontains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); }) != text.end() ||
         part.empty();
}

std::string to_lower(std::string_view s) {
  std::string lowered(s);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::string_view trim(std::string_view s) {
  const auto first = s.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(std::string_view s, char separator) {
  std::vector<std::string> parts;
  while (!s.empty()) {
    const auto end = std::min(s.find(separator), s.size());
    if (const auto part = trim(s.substr(0, end)); !part.empty()) parts.emplace_back(part);
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  return parts;
}

}  // namespace baton::text
