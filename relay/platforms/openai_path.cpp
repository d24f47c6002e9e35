#include "relay/platforms/openai_path.hpp"

#include <algorithm>
#include <array>

namespace baton::relay {
namespace {

constexpr std::array<std::string_view, 4> whole_routes{"/chat/completions", "/responses",
                                                       "/embeddings", "/models"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_leading_digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  return text.substr(static_cast<std::size_t>(end - text.begin()));
}

// v1, v1.1, v2alpha, v1beta3
bool is_version(std::string_view segment) {
  if (segment.size() < 2 || segment[0] != 'v' || !is_digit(segment[1])) return false;
  auto rest = without_leading_digits(segment.substr(1));
  if (rest.starts_with('.')) rest = without_leading_digits(rest.substr(1));
  for (const std::string_view stage : {"alpha", "beta"}) {
    if (rest.starts_with(stage)) rest = without_leading_digits(rest.substr(stage.size()));
  }
  return rest.empty();
}

bool has_version(std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (is_version(path.substr(0, end))) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace

std::string openai_base_path(std::string_view base_path) {
  const auto without_last_slashes = [&base_path] {
    while (base_path.ends_with('/')) base_path.remove_suffix(1);
  };
  without_last_slashes();
  for (const auto route : whole_routes) {
    if (!base_path.ends_with(route)) continue;
    base_path.remove_suffix(route.size());
    break;
  }
  without_last_slashes();
  std::string path(base_path);
  if (!has_version(path)) path += "/v1";
  return path;
}

}  // namespace baton::relay
