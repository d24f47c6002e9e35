#include "relay/platforms/openai_error.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "relay/api.hpp"
#include "relay/platforms/json_text.hpp"

namespace baton::relay {
namespace {

struct known_name {
  std::string_view name;
  std::optional<failure_kind> kind;
};

constexpr auto own_mistake = std::nullopt;

// Types and codes of Chat, Responses and Azure, and those that compatible services made of
// Anthropic's.
constexpr std::array<known_name, 33> known_names = {{
    {"rate_limit_exceeded", failure_kind::rate_limited},
    {"rate_limit_error", failure_kind::rate_limited},
    {"insufficient_quota", failure_kind::rate_limited},
    {"billing_hard_limit_reached", failure_kind::rate_limited},
    {"usage_limit_reached", failure_kind::rate_limited},
    {"tokens", failure_kind::rate_limited},
    {"requests", failure_kind::rate_limited},
    {"429", failure_kind::rate_limited},
    {"invalid_api_key", failure_kind::unauthorized},
    {"authentication_error", failure_kind::unauthorized},
    {"401", failure_kind::unauthorized},
    {"permission_error", failure_kind::forbidden},
    {"permission_denied", failure_kind::forbidden},
    {"usage_not_included", failure_kind::forbidden},
    {"DeploymentNotFound", failure_kind::forbidden},
    {"unsupported_country_region_territory", failure_kind::forbidden},
    {"server_error", failure_kind::server_error},
    {"internal_error", failure_kind::server_error},
    {"internal_server_error", failure_kind::server_error},
    {"api_error", failure_kind::server_error},
    {"timeout", failure_kind::server_error},
    {"vector_store_timeout", failure_kind::server_error},
    {"server_is_overloaded", failure_kind::overloaded},
    {"overloaded", failure_kind::overloaded},
    {"overloaded_error", failure_kind::overloaded},
    {"engine_overloaded", failure_kind::overloaded},
    {"service_unavailable", failure_kind::overloaded},
    {"slow_down", failure_kind::overloaded},
    {"context_length_exceeded", own_mistake},
    {"content_filter", own_mistake},
    {"content_policy_violation", own_mistake},
    {"previous_response_not_found", own_mistake},
    {"string_above_max_length", own_mistake},
}};

// invalid_request_error, invalid_prompt, invalid_image_url, image_too_large, unsupported_value, …
constexpr std::array<std::string_view, 6> own_mistake_beginnings{
    "invalid_", "image_", "unsupported_", "missing_", "empty_image", "failed_to_download_image"};

const known_name* find_name(std::string_view name) {
  const auto found = std::find_if(known_names.begin(), known_names.end(),
                                  [name](const known_name& one) { return one.name == name; });
  return found == known_names.end() ? nullptr : &*found;
}

bool names_own_mistake(std::string_view name) {
  return std::any_of(own_mistake_beginnings.begin(), own_mistake_beginnings.end(),
                     [name](std::string_view beginning) { return name.starts_with(beginning); });
}

bool is_known(std::string_view name) {
  return find_name(name) != nullptr || names_own_mistake(name);
}

struct error_names {
  std::string_view type;
  std::string_view code;  // empty: null
};

// v1 words what it knows the same way.
error_names names_of(error_code code) {
  switch (code) {
    case error_code::unauthenticated: return {"invalid_request_error", "invalid_api_key"};
    case error_code::permission_denied: return {"permission_denied", "permission_denied"};
    case error_code::client_not_allowed: return {"permission_denied", "client_not_allowed"};
    case error_code::quota_exceeded: return {"insufficient_quota", "insufficient_quota"};
    case error_code::not_found: return {"invalid_request_error", "not_found"};
    case error_code::rate_limited: return {"rate_limit_error", "rate_limit_exceeded"};
    case error_code::no_account:
    case error_code::overloaded: return {"service_unavailable", "service_unavailable"};
    case error_code::upstream_timeout: return {"server_error", "upstream_timeout"};
    default: break;
  }
  return {error_status(code) < 500 ? "invalid_request_error" : "server_error", ""};
}

}  // namespace

std::optional<failure_kind> openai_error_kind(std::string_view name) {
  if (const auto* known = find_name(name)) return known->kind;
  if (names_own_mistake(name)) return std::nullopt;
  return failure_kind::error_event;
}

std::string_view telling_error_name(std::string_view code, std::string_view type) {
  if (is_known(code)) return code;
  if (is_known(type)) return type;
  return code.empty() ? type : code;
}

nlohmann::ordered_json openai_error_object(const error& failure) {
  const auto names = names_of(failure.code);
  nlohmann::ordered_json object{
      {"message", failure.text}, {"type", names.type}, {"param", nullptr}};
  const bool has_own = failure.details && !failure.details->name.empty();
  const std::string_view code = has_own ? std::string_view(failure.details->name) : names.code;
  object["code"] = code.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(code);
  return object;
}

std::string openai_error_body(const error& failure) {
  nlohmann::ordered_json body{{"error", openai_error_object(failure)}};
  append_details(body, failure);
  return dump_json(body);
}

}  // namespace baton::relay
