#include "admin/route.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "relay/percent_text.hpp"

namespace baton::admin {
namespace {

constexpr std::size_t parameter_bytes_max = 1024;

// Takes the text up to the next "/" off `path`.
std::string_view next_segment(std::string_view& path) {
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

// An escaped slash or NUL in a parameter is part of a name that nothing has.
std::optional<std::string> read_parameter(std::string_view segment) {
  if (segment.empty() || segment.size() > parameter_bytes_max) return std::nullopt;
  return relay::percent_decode(segment);
}

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
  if (std::count(pattern.begin(), pattern.end(), '/') !=
      std::count(path.begin(), path.end(), '/')) {
    return std::nullopt;
  }
  std::vector<std::string> parameters;
  while (!pattern.empty() || !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (!is_parameter(wanted)) {
      if (wanted != given) return std::nullopt;
      continue;
    }
    auto read = read_parameter(given);
    if (!read) return std::nullopt;
    parameters.push_back(*std::move(read));
  }
  return parameters;
}

}  // namespace

bool is_admin_path(std::string_view path) {
  constexpr std::array<std::string_view, 3> folders = {"/api/v2/", "/admin/", "/web/"};
  constexpr std::array<std::string_view, 2> pages = {"/openapi.json", "/docs"};
  const auto is_in = [path](std::string_view folder) { return path.starts_with(folder); };
  return std::any_of(folders.begin(), folders.end(), is_in) ||
         std::find(pages.begin(), pages.end(), path) != pages.end();
}

std::vector<std::span<const route>> all_routes() {
  return {auth_routes(),     key_routes(),     account_routes(), group_routes(),
          tag_routes(),      stats_routes(),   audit_routes(),   system_routes(),
          v1::auth_routes(), v1::key_routes(), v1::tag_routes(), v1::account_routes(),
          v1::stats_routes()};
}

route_match match_route(std::string_view method, std::string_view path) {
  const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
  route_match match;
  const bool is_v1 = path.starts_with("/admin/") || path.starts_with("/web/");
  match.speaks = is_v1 ? dialect::v1 : dialect::v2;
  for (const auto routes : all_routes()) {
    for (const auto& each : routes) {
      auto parameters = match_path(each.path, path);
      if (!parameters) continue;
      if (each.method == wanted) {
        return {&each, *std::move(parameters), {}, each.speaks};
      }
      match.allow.append(match.allow.empty() ? "" : ", ").append(each.method);
    }
  }
  return match;
}

}  // namespace baton::admin
