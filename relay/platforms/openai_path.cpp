#include "relay/platforms/openai_path.hpp"

#include <algorithm>
#include <array>

#include "relay/platforms/path_version.hpp"

namespace baton::relay {
namespace {

constexpr std::array<std::string_view, 4> whole_routes{"/chat/completions", "/responses",
                                                       "/embeddings", "/models"};

bool has_version(std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (is_path_version(path.substr(0, end))) return true;
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
