#include "relay/api_stats_views.hpp"

#include <algorithm>
#include <utility>

#include "relay/service_rates.hpp"
#include "relay/usd_text.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

std::string dump(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string success(json data) {
  return dump({{"success", true}, {"data", std::move(data)}});
}

json key_json(const api_key& key) {
  using std::chrono::hours, std::chrono::days;
  const bool whole_days = key.activation % days(1) == key.activation.zero();
  return {{"id", key.id.value()},
          {"name", key.name},
          {"description", key.description},
          {"isActive", key.is_active},
          {"createdAt", iso_time(key.created_at)},
          {"expiresAt", key.expires_at ? json(iso_time(*key.expires_at)) : json(nullptr)},
          {"expirationMode", key.activation.count() > 0 ? "activation" : "fixed"},
          {"activationDays", whole_days ? key.activation / days(1) : key.activation / hours(1)},
          {"activationUnit", whole_days ? "days" : "hours"},
          {"isActivated", key.activated_at.has_value()},
          {"activatedAt", key.activated_at ? json(iso_time(*key.activated_at)) : json(nullptr)},
          {"permissions", key.permissions}};
}

// v1 binds a key to an account for each service, Baton for all of them.
json accounts_json(const api_key& key) {
  json bound = nullptr;
  if (key.bound_account) bound = key.bound_account->value();
  if (key.bound_group) bound = "group:" + key.bound_group->value();
  return {{"claudeAccountId", bound}, {"geminiAccountId", bound}, {"openaiAccountId", bound}};
}

// The key's own, where they are not 1.
json rates_json(const api_key& key) {
  auto rates = json::object();
  for (const auto& [service, millionths] : key.service_rates) {
    rates[service] = static_cast<double>(millionths) / rate_one;
  }
  return rates;
}

json restrictions_json(const api_key& key) {
  return {{"enableModelRestriction", !key.restricted_models.empty()},
          {"restrictedModels", key.restricted_models},
          {"enableClientRestriction", !key.allowed_clients.empty()},
          {"allowedClients", key.allowed_clients},
          {"allowedModels", key.allowed_models}};
}

}  // namespace

json v1_counters(const usage_counts& counts) {
  const auto& tokens = counts.tokens;
  return {{"requests", counts.requests},
          {"inputTokens", tokens.input},
          {"outputTokens", tokens.output + tokens.reasoning},
          {"reasoningTokens", tokens.reasoning},
          {"cacheCreateTokens", tokens.cache_write()},
          {"cacheReadTokens", tokens.cache_read},
          {"ephemeral5mTokens", tokens.cache_write_5m},
          {"ephemeral1hTokens", tokens.cache_write_1h},
          {"allTokens", tokens.total()},
          {"cost", usd_number(counts.rated_nanousd)},
          {"formattedCost", v1_formatted_usd(counts.rated_nanousd)}};
}

std::string key_id_body(const api_key& key) {
  return success({{"id", key.id.value()}});
}

std::string user_stats_body(const key_usage& usage, const limits_use& use) {
  auto total = v1_counters(usage.total);
  total["tokens"] = usage.total.tokens.total();
  auto data = key_json(*usage.key);
  data["usage"] = {{"total", std::move(total)},
                   {"monthly", v1_counters(usage.month)},
                   {"daily", v1_counters(usage.today)}};
  data["limits"] = limits_json(usage.key->limits, use);
  data["accounts"] = accounts_json(*usage.key);
  data["serviceRates"] = rates_json(*usage.key);
  data["restrictions"] = restrictions_json(*usage.key);
  return success(std::move(data));
}

std::string user_model_stats_body(const std::vector<model_usage>& models, std::string_view period) {
  auto rows = json::array();
  for (const auto& each : models) {
    auto row = v1_counters(each.counts);
    row["model"] = each.model;
    row["costs"] = {{"total", row["cost"]}};
    row["formatted"] = {{"total", row["formattedCost"]}};
    rows.push_back(std::move(row));
  }
  return dump({{"success", true}, {"data", std::move(rows)}, {"period", period}});
}

std::string batch_stats_body(const std::vector<key_usage>& keys, std::size_t unknown) {
  auto individual = json::array();
  usage_counts total, month, today;
  for (const auto& each : keys) {
    total += each.total;
    month += each.month;
    today += each.today;
    auto row = key_json(*each.key);
    row["usage"] = v1_counters(each.total);
    row["dailyUsage"] = v1_counters(each.today);
    row["monthlyUsage"] = v1_counters(each.month);
    individual.push_back(std::move(row));
  }
  return success({{"aggregated",
                   {{"totalKeys", keys.size() + unknown},
                    {"activeKeys", keys.size()},
                    {"invalidKeys", unknown},
                    {"usage", v1_counters(total)},
                    {"dailyUsage", v1_counters(today)},
                    {"monthlyUsage", v1_counters(month)}}},
                  {"individual", std::move(individual)}});
}

std::string api_stats_error_body(const error& failure) {
  return dump({{"success", false}, {"error", to_string(failure.code)}, {"message", failure.text}});
}

}  // namespace baton::relay
