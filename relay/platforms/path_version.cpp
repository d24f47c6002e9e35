#include "relay/platforms/path_version.hpp"

#include <algorithm>

namespace baton::relay {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_leading_digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  return text.substr(static_cast<std::size_t>(end - text.begin()));
}

}  // namespace

bool is_path_version(std::string_view segment) {
  if (segment.size() < 2 || segment[0] != 'v' || !is_digit(segment[1])) return false;
  auto rest = without_leading_digits(segment.substr(1));
  if (rest.starts_with('.')) rest = without_leading_digits(rest.substr(1));
  for (const std::string_view stage : {"alpha", "beta"}) {
    if (rest.starts_with(stage)) rest = without_leading_digits(rest.substr(stage.size()));
  }
  return rest.empty();
}

}  // namespace baton::relay
