#include "relay/api_key.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t key_random_bytes = 32;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& entry) { return text::iequals(entry, name); });
}

error unauthenticated(std::string text) {
  return downstream_error(error_code::unauthenticated, std::move(text));
}

std::string_view display_name(std::string_view service) {
  if (service == "claude") return "Claude";
  if (service == "openai") return "OpenAI";
  if (service == "gemini") return "Gemini";
  return service;
}

}  // namespace

result<void> check_usable(const api_key& key, wall_time now) {
  if (key.deleted_at) return unauthenticated("API key not found");
  if (!key.is_active) return unauthenticated("API key is disabled");
  if (key.expires_at && *key.expires_at <= now) return unauthenticated("API key has expired");
  return {};
}

result<void> check_service(const api_key& key, std::string_view service) {
  if (key.permissions.empty() || contains(key.permissions, "all") ||
      contains(key.permissions, service)) {
    return {};
  }
  return downstream_error(
      error_code::permission_denied,
      "This API key does not have permission to access " + std::string(display_name(service)));
}

result<void> check_model(const api_key& key, std::string_view model) {
  if (model.empty()) return {};
  const bool allowed = key.allowed_models.empty() || contains(key.allowed_models, model);
  if (allowed && !contains(key.restricted_models, model)) return {};
  return downstream_error(error_code::permission_denied,
                          "This API key is not allowed to use the model " + std::string(model));
}

std::string generate_key_text(std::string_view prefix) {
  return std::string(prefix) + crypto::random_hex(key_random_bytes);
}

std::string hash_key_text(std::string_view key_text, std::string_view encryption_key) {
  std::string hashed(key_text);
  hashed += encryption_key;
  return crypto::sha256_hex(hashed);
}

}  // namespace baton::relay
