#include "app/json_view.hpp"

#include <utility>

#include "app/setting_rules.hpp"
#include "base/text.hpp"
#include "base/timestamps.hpp"
#include "relay/account_text.hpp"
#include "relay/usd_text.hpp"

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

// Exact, since limits and quotas have no more than 15 digits (relay/platforms/account_checks.cpp,
// app/commands/key_cost_options.cpp).
double usd_json(std::uint64_t nanousd) {
  return text::parse_number<double>(relay::spell_usd(nanousd)).value_or(0);
}

ordered_json quota_json(const relay::daily_quota& quota) {
  return {{"tokens", quota.tokens}, {"usd", usd_json(quota.cost_nanousd)}};
}

constexpr std::int64_t seconds_per_hour = 3600;
constexpr std::int64_t seconds_per_day = 24 * seconds_per_hour;

// v1's fields of a life that is counted from the first use.
void add_life(ordered_json& json, const relay::api_key& key) {
  const auto life = key.activation.count();
  const bool whole_days = life % seconds_per_day == 0;
  json["expirationMode"] = life > 0 ? "activation" : "fixed";
  json["activationDays"] = life / (whole_days ? seconds_per_day : seconds_per_hour);
  json["activationUnit"] = whole_days ? "days" : "hours";
  json["isActivated"] = !relay::awaits_first_use(key);
  json["activatedAt"] = time_json(key.activated_at);
}

ordered_json rates_json(const relay::api_key& key) {
  auto rates = ordered_json::object();
  for (const auto& [service, millionths] : key.service_rates) {
    rates[service] = static_cast<double>(millionths) / 1e6;
  }
  return rates;
}

ordered_json group_ids_json(const std::vector<group_id>& groups) {
  auto ids = ordered_json::array();
  for (const auto& each : groups) ids.push_back(each.value());
  return ids;
}

ordered_json timeouts_json(const relay::account_timeouts& timeouts) {
  auto set = ordered_json::object();
  for (const auto& field : relay::timeout_fields) {
    if (const auto& value = timeouts.*field.value) set[field.json_name] = value->count();
  }
  return set;
}

ordered_json cooldowns_json(const relay::account& account) {
  auto set = ordered_json::object();
  for (const auto& [kind, length] : account.cooldowns) set[kind] = length.count();
  return set;
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
          {"region", account.region},
          {"deploymentName", account.deployment_name},
          {"apiVersion", account.api_version},
          {"accessKeyId", account.access_key_id},
          {"apiKeySet", !account.credential.api_key.empty()},
          {"sessionTokenSet", !account.credential.session_token.empty()},
          {"secretAccessKeySet", !account.credential.secret_access_key.empty()},
          {"priority", account.priority},
          {"concurrencyLimit", account.concurrency_limit},
          {"supportedModels", std::move(models)},
          {"accountType", relay::to_string(account.type)},
          {"groupIds", group_ids_json(account.groups)},
          {"dailyQuota", quota_json(account.quota)},
          {"disconnectPolicy", relay::to_string(account.on_disconnect)},
          {"timeouts", timeouts_json(account.timeouts)},
          {"cooldowns", cooldowns_json(account)},
          {"proxy", proxy_json(account.proxy)},
          {"isActive", account.is_active},
          {"schedulable", account.schedulable},
          {"tags", account.tags},
          {"createdAt", spell_timestamp(account.created_at)},
          {"updatedAt", spell_timestamp(account.updated_at)}};
}

ordered_json key_json(const relay::api_key& key) {
  const auto& limits = key.limits;
  ordered_json json = {
      {"id", key.id.value()},
      {"name", key.name},
      {"description", key.description},
      {"permissions", key.permissions},
      {"allowedModels", key.allowed_models},
      {"enableModelRestriction", !key.restricted_models.empty()},
      {"restrictedModels", key.restricted_models},
      {"accountId", key.bound_account ? ordered_json(key.bound_account->value()) : nullptr},
      {"groupId", key.bound_group ? ordered_json(key.bound_group->value()) : nullptr},
      {"bindingFallback", key.binding_fallback},
      {"concurrencyLimit", key.limits.concurrency},
      {"concurrentRequestQueue", key.limits.queue},
      {"queuePriority", key.queue_priority},
      {"rateLimitWindow", key.limits.window_minutes},
      {"rateLimitRequests", key.limits.window_requests},
      {"tokenLimit", key.limits.window_tokens},
      {"rateLimitCost", usd_json(limits.window_cost_nanousd)},
      {"dailyCostLimit", usd_json(limits.daily_cost_nanousd)},
      {"totalCostLimit", usd_json(limits.total_cost_nanousd)},
      {"weeklyOpusCostLimit", usd_json(limits.weekly_claude_cost_nanousd)},
      {"weeklyResetDay", limits.week.day},
      {"weeklyResetHour", limits.week.hour},
      {"serviceRates", rates_json(key)},
      {"enableClientRestriction", !key.allowed_clients.empty()},
      {"allowedClients", key.allowed_clients},
      {"isActive", key.is_active},
      {"isDeleted", key.deleted_at.has_value()},
      {"expiresAt", time_json(key.expires_at)},
      {"deletedAt", time_json(key.deleted_at)},
      {"tags", key.tags},
      {"createdAt", spell_timestamp(key.created_at)},
      {"updatedAt", spell_timestamp(key.updated_at)}};
  add_life(json, key);
  return json;
}

ordered_json group_json(const relay::account_group& group) {
  return {{"id", group.id.value()},
          {"name", group.name},
          {"description", group.description},
          {"createdAt", spell_timestamp(group.created_at)},
          {"updatedAt", spell_timestamp(group.updated_at)}};
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
  if (!credential.secret_access_key.empty()) {
    return credential.session_token.empty() ? "AWS access key set"
                                            : "AWS access key set, temporary";
  }
  if (!credential.session_token.empty()) return "session token set";
  return credential.api_key.empty() ? "not set" : "API key set";
}

std::string shown_quota(const relay::daily_quota& quota) {
  std::vector<std::string> words;
  if (quota.tokens != 0) words.push_back(std::to_string(quota.tokens) + " tokens");
  if (quota.cost_nanousd != 0) words.push_back(relay::spell_usd(quota.cost_nanousd) + " USD");
  return joined(words, "none");
}

std::string shown_timeouts(const relay::account_timeouts& timeouts) {
  std::vector<std::string> words;
  for (const auto& field : relay::timeout_fields) {
    const auto& value = timeouts.*field.value;
    if (value) words.push_back(std::string(field.name) + '=' + spell_duration(*value) + 's');
  }
  return joined(words, "as configured");
}

std::string shown_cooldowns(const relay::account& account) {
  std::vector<std::string> words;
  for (const auto& [kind, length] : account.cooldowns) {
    words.push_back(kind + '=' + std::to_string(length.count()) + 's');
  }
  return joined(words, "usual");
}

std::string shown_limits(const relay::key_limits& limits) {
  std::vector<std::string> words;
  if (limits.concurrency != 0) words.push_back(std::to_string(limits.concurrency) + " at once");
  if (limits.queue != 0) words.push_back(std::to_string(limits.queue) + " waiting");
  const auto window = " per " + std::to_string(limits.window_minutes) + " min";
  if (limits.window_requests != 0) {
    words.push_back(std::to_string(limits.window_requests) + " requests" + window);
  }
  if (limits.window_tokens != 0) {
    words.push_back(std::to_string(limits.window_tokens) + " tokens" + window);
  }
  const auto add_cost = [&](std::uint64_t nanousd, const std::string& period) {
    if (nanousd != 0) words.push_back(relay::spell_usd(nanousd) + " USD" + period);
  };
  add_cost(limits.window_cost_nanousd, window);
  add_cost(limits.daily_cost_nanousd, " per day");
  add_cost(limits.weekly_claude_cost_nanousd, " per week of Claude");
  add_cost(limits.total_cost_nanousd, " in all");
  return joined(words, "none");
}

std::string shown_life(std::chrono::seconds life) {
  const bool whole_days = life.count() % seconds_per_day == 0;
  return std::to_string(life.count() / (whole_days ? seconds_per_day : seconds_per_hour)) +
         (whole_days ? "d" : "h");
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
