#include "relay/platforms/anthropic_routes.hpp"

#include <array>

#include "relay/platforms/anthropic_api.hpp"

namespace baton::relay {
namespace {

constexpr route messages(std::string_view path) {
  return {"POST",     path, operation::generate, &anthropic_messages, "/v1/messages",
          "messages", false};
}
constexpr route count_tokens(std::string_view path) {
  return {"POST",
          path,
          operation::count_tokens,
          &anthropic_counting,
          "/v1/messages/count_tokens",
          "count_tokens",
          false};
}
constexpr route models(std::string_view path) {
  return {"GET", path, operation::list_models, &anthropic_messages, "", "models", false};
}
constexpr route model(std::string_view path) {
  return {"GET", path, operation::show_model, &anthropic_messages, "", "models", false};
}

// v1 mounts the same router at /api and /claude, and the router knows its paths with and without
// /claude; a base URL without a prefix is Baton's own.
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
    models("/claude/v1/models"),
    models("/api/claude/v1/models"),
    models("/claude/claude/v1/models"),
    model("/claude/v1/models/{}"),
    model("/api/claude/v1/models/{}"),
    model("/claude/claude/v1/models/{}"),
};

}  // namespace

std::span<const route> anthropic_routes() {
  return table;
}

}  // namespace baton::relay
