#include "relay/route.hpp"

#include <array>
#include <cstddef>

#include "relay/platforms/anthropic_api.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view messages_path = "/v1/messages";
constexpr std::string_view count_tokens_path = "/v1/messages/count_tokens";
constexpr std::string_view models_path = "/v1/models";

constexpr route post(std::string_view path, operation op, std::string_view upstream_path,
                     std::string_view label) {
  return {"POST", path, op, &anthropic_messages, upstream_path, label};
}
constexpr route get(std::string_view path, operation op, std::string_view upstream_path,
                    std::string_view label) {
  return {"GET", path, op, &anthropic_messages, upstream_path, label};
}

constexpr route messages(std::string_view path) {
  return post(path, operation::messages, messages_path, "messages");
}
constexpr route count_tokens(std::string_view path) {
  return post(path, operation::count_tokens, count_tokens_path, "count_tokens");
}
constexpr route models(std::string_view path) {
  return get(path, operation::list_models, models_path, "models");
}
constexpr route usage(std::string_view path) {
  return get(path, operation::own_usage, "", "usage");
}
constexpr route key_info(std::string_view path) {
  return get(path, operation::own_key_info, "", "key_info");
}
constexpr route event_logging(std::string_view path) {
  return post(path, operation::event_logging, "", "event_logging");
}

// v1 mounts the same router at /api and /claude, and the router knows its paths with and without
// /claude; a base URL without a prefix is Baton's own. Claude Code posts its telemetry to
// {base}/api/event_logging/batch.
constexpr std::array table{
    messages("/v1/messages"),
    messages("/api/v1/messages"),
    messages("/claude/v1/messages"),
    messages("/api/claude/v1/messages"),
    messages("/claude/claude/v1/messages"),
    count_tokens("/v1/messages/count_tokens"),
    count_tokens("/api/v1/messages/count_tokens"),
    count_tokens("/claude/v1/messages/count_tokens"),
    count_tokens("/api/claude/v1/messages/count_tokens"),
    count_tokens("/claude/claude/v1/messages/count_tokens"),
    models("/v1/models"),
    models("/api/v1/models"),
    models("/claude/v1/models"),
    models("/api/claude/v1/models"),
    models("/claude/claude/v1/models"),
    usage("/v1/usage"),
    usage("/api/v1/usage"),
    usage("/claude/v1/usage"),
    key_info("/v1/key-info"),
    key_info("/api/v1/key-info"),
    key_info("/claude/v1/key-info"),
    event_logging("/api/event_logging/batch"),
    event_logging("/api/api/event_logging/batch"),
    get("/health", operation::health, "", "health"),
    get("/health/ready", operation::ready, "", "ready"),
    get("/metrics", operation::metrics, "", "metrics"),
};

constexpr std::size_t longest_path() {
  std::size_t longest = 0;
  for (const route& row : table) longest = row.path.size() > longest ? row.path.size() : longest;
  return longest;
}

// Rows in order of their path's length, and where each length begins: a path is compared with the
// few rows of its own length only.
struct by_length {
  std::array<route, table.size()> rows = table;
  std::array<std::uint8_t, longest_path() + 2> first{};
};

constexpr by_length sort_by_length() {
  by_length sorted;
  std::size_t filled = 0;
  for (std::size_t length = 0; length <= longest_path(); ++length) {
    sorted.first[length] = static_cast<std::uint8_t>(filled);
    for (const route& row : table) {
      if (row.path.size() == length) sorted.rows[filled++] = row;
    }
  }
  sorted.first[longest_path() + 1] = static_cast<std::uint8_t>(filled);
  return sorted;
}

constexpr by_length routes = sort_by_length();

}  // namespace

// Every path has one method, so the method of the row is the whole of Allow. HEAD is not accepted
// in place of GET.
route_match match_route(std::string_view method, std::string_view path) {
  route_match match{nullptr, {}, &anthropic_messages};
  if (path.size() > longest_path()) return match;
  for (std::size_t i = routes.first[path.size()]; i < routes.first[path.size() + 1]; ++i) {
    const route& row = routes.rows[i];
    if (row.path != path) continue;
    if (row.method == method) {
      match.found = &row;
      match.protocol = row.protocol;
    } else {
      match.allow = row.method;
    }
    return match;
  }
  return match;
}

}  // namespace baton::relay
