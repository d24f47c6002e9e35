#include "relay/platforms/own_routes.hpp"

#include <array>

#include "relay/platforms/anthropic_api.hpp"

namespace baton::relay {
namespace {

constexpr route get(std::string_view path, operation op, std::string_view label) {
  return {"GET", path, op, &anthropic_messages, "", label, false};
}
constexpr route shared(std::string_view path, operation op) {
  route row = get(path, op, "models");
  row.shared = true;
  return row;
}
constexpr route models(std::string_view path) {
  return shared(path, operation::list_models);
}
constexpr route model(std::string_view path) {
  return shared(path, operation::show_model);
}
constexpr route usage(std::string_view path) {
  return get(path, operation::own_usage, "usage");
}
constexpr route key_info(std::string_view path) {
  return get(path, operation::own_key_info, "key_info");
}
constexpr route api_stats(std::string_view path, operation op) {
  return {"POST", path, op, &anthropic_messages, "", "api_stats", false};
}
constexpr route event_logging(std::string_view path) {
  return {"POST", path, operation::event_logging, &anthropic_messages, "", "event_logging", false};
}

// Three APIs have GET /v1/models; which one is called, the request tells (relay/model_list.hpp).
// Claude Code posts its telemetry to {base}/api/event_logging/batch.
constexpr std::array table{
    models("/v1/models"),
    models("/api/v1/models"),
    model("/v1/models/{}"),
    model("/api/v1/models/{}"),
    usage("/v1/usage"),
    usage("/api/v1/usage"),
    usage("/claude/v1/usage"),
    key_info("/v1/key-info"),
    key_info("/api/v1/key-info"),
    key_info("/claude/v1/key-info"),
    api_stats("/apiStats/api/get-key-id", operation::stats_key_id),
    api_stats("/apiStats/api/user-stats", operation::stats_of_key),
    api_stats("/apiStats/api/user-model-stats", operation::stats_of_models),
    api_stats("/apiStats/api/batch-stats", operation::stats_of_keys),
    event_logging("/api/event_logging/batch"),
    event_logging("/api/api/event_logging/batch"),
    get("/health", operation::health, "health"),
    get("/health/ready", operation::ready, "ready"),
    get("/metrics", operation::metrics, "metrics"),
};

}  // namespace

std::span<const route> own_routes() {
  return table;
}

}  // namespace baton::relay
