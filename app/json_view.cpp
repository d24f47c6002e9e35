#include "app/json_view.hpp"

#include <utility>

#include "app/timestamps.hpp"

namespace baton::app {
namespace {

using nlohmann::ordered_json;

ordered_json time_json(const std::optional<wall_time>& time) {
  return time ? ordered_json(spell_timestamp(*time)) : ordered_json(nullptr);
}

ordered_json proxy_json(const relay::proxy_settings& proxy) {
  if (!proxy.enabled()) return nullptr;
  return {{"type", proxy.type},
          {"host", proxy.host},
          {"port", proxy.port},
          {"username", proxy.username},
          {"passwordSet", !proxy.password.empty()}};
}

}  // namespace

ordered_json account_json(const relay::account& account) {
  auto models = ordered_json::object();
  for (const auto& [asked, sent] : account.models) models[asked] = sent;
  return {{"id", account.id.value()},
          {"platform", account.platform},
          {"name", account.name},
          {"description", account.description},
          {"apiUrl", account.api_url},
          {"apiKeySet", !account.credential.api_key.empty()},
          {"sessionTokenSet", !account.credential.session_token.empty()},
          {"priority", account.priority},
          {"concurrencyLimit", account.concurrency_limit},
          {"supportedModels", std::move(models)},
          {"proxy", proxy_json(account.proxy)},
          {"isActive", account.is_active},
          {"schedulable", account.schedulable},
          {"tags", account.tags},
          {"createdAt", spell_timestamp(account.created_at)},
          {"updatedAt", spell_timestamp(account.updated_at)}};
}

ordered_json key_json(const relay::api_key& key) {
  return {{"id", key.id.value()},
          {"name", key.name},
          {"description", key.description},
          {"permissions", key.permissions},
          {"allowedModels", key.allowed_models},
          {"enableModelRestriction", !key.restricted_models.empty()},
          {"restrictedModels", key.restricted_models},
          {"accountId", key.bound_account ? ordered_json(key.bound_account->value()) : nullptr},
          {"concurrencyLimit", key.limits.concurrency},
          {"rateLimitWindow", key.limits.window_minutes},
          {"rateLimitRequests", key.limits.window_requests},
          {"tokenLimit", key.limits.window_tokens},
          {"isActive", key.is_active},
          {"isDeleted", key.deleted_at.has_value()},
          {"expiresAt", time_json(key.expires_at)},
          {"deletedAt", time_json(key.deleted_at)},
          {"tags", key.tags},
          {"createdAt", spell_timestamp(key.created_at)},
          {"updatedAt", spell_timestamp(key.updated_at)}};
}

std::string spell_json(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

std::string joined(const std::vector<std::string>& words, std::string_view empty) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all.empty() ? std::string(empty) : all;
}

std::string shown_models(const relay::account& account) {
  std::vector<std::string> words;
  for (const auto& [asked, sent] : account.models) {
    words.push_back(asked == sent ? asked : asked + '=' + sent);
  }
  return joined(words, "all");
}

std::string shown_credential(const relay::account_credential& credential) {
  if (!credential.session_token.empty()) return "session token set";
  return credential.api_key.empty() ? "not set" : "API key set";
}

std::string shown_limits(const relay::key_limits& limits) {
  std::vector<std::string> words;
  if (limits.concurrency != 0) words.push_back(std::to_string(limits.concurrency) + " at once");
  const auto window = " per " + std::to_string(limits.window_minutes) + " min";
  if (limits.window_requests != 0) {
    words.push_back(std::to_string(limits.window_requests) + " requests" + window);
  }
  if (limits.window_tokens != 0) {
    words.push_back(std::to_string(limits.window_tokens) + " tokens" + window);
  }
  return joined(words, "none");
}

std::string shown_state(const relay::account& account) {
  if (!account.is_active) return "off";
  return account.schedulable ? "active" : "not scheduled";
}

std::string shown_state(const relay::api_key& key, wall_time now) {
  if (key.deleted_at) return "revoked";
  if (!key.is_active) return "off";
  return key.expires_at && *key.expires_at <= now ? "expired" : "active";
}

}  // namespace baton::app
