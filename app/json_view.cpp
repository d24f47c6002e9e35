#include "app/json_view.hpp"

#include "admin/account_fields.hpp"
#include "admin/group_fields.hpp"
#include "admin/key_fields.hpp"
#include "app/setting_rules.hpp"
#include "relay/account_text.hpp"
#include "relay/usd_text.hpp"

namespace baton::app {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t seconds_per_hour = 3600;
constexpr std::int64_t seconds_per_day = 24 * seconds_per_hour;

}  // namespace

ordered_json account_json(const relay::account& account) {
  return admin::show_fields(admin::account_fields(), account);
}

ordered_json key_json(const relay::api_key& key) {
  return admin::show_fields(admin::key_fields(), key);
}

ordered_json group_json(const relay::account_group& group) {
  return admin::show_fields(admin::group_fields(), group);
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
