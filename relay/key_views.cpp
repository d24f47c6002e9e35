#include "relay/key_views.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace baton::relay {
namespace {

using nlohmann::json;

// v1's names for the counters; to v1, reasoning is output.
json counters(std::int64_t requests, const token_usage& tokens) {
  return {{"requests", requests},
          {"inputTokens", tokens.input},
          {"outputTokens", tokens.output + tokens.reasoning},
          {"reasoningTokens", tokens.reasoning},
          {"cacheCreateTokens", tokens.cache_write()},
          {"cacheReadTokens", tokens.cache_read},
          {"ephemeral5mTokens", tokens.cache_write_5m},
          {"ephemeral1hTokens", tokens.cache_write_1h},
          {"allTokens", tokens.total()}};
}

json summed(const std::vector<model_usage>& rows) {
  std::int64_t requests = 0;
  token_usage tokens;
  for (const auto& row : rows) {
    requests += row.requests;
    tokens += row.tokens;
  }
  return counters(requests, tokens);
}

std::string dump(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string usage_body(const api_key& key, const usage_report& report) {
  json models = json::array();
  for (const auto& row : report.total) {
    auto entry = counters(row.requests, row.tokens);
    entry["model"] = row.model;
    models.push_back(std::move(entry));
  }
  return dump({{"id", key.id.value()},
               {"name", key.name},
               {"usage",
                {{"total", summed(report.total)},
                 {"monthly", summed(report.month)},
                 {"daily", summed(report.today)}}},
               {"models", std::move(models)}});
}

std::string key_info_body(const api_key& key) {
  return dump({{"id", key.id.value()},
               {"name", key.name},
               {"description", key.description},
               {"isActive", key.is_active},
               {"permissions", key.permissions},
               {"allowedModels", key.allowed_models},
               {"restrictedModels", key.restricted_models},
               {"tags", key.tags},
               {"createdAt", iso_time(key.created_at)},
               {"expiresAt", key.expires_at ? json(iso_time(*key.expires_at)) : json(nullptr)},
               {"limits",
                {{"concurrencyLimit", key.limits.concurrency},
                 {"rateLimitWindow", key.limits.window_minutes},
                 {"rateLimitRequests", key.limits.window_requests},
                 {"tokenLimit", key.limits.window_tokens}}}});
}

wall_time month_start(wall_time moment) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
  return std::chrono::sys_days(date.year() / date.month() / std::chrono::day(1));
}

std::string iso_time(wall_time moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  std::array<char, 40> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ", int(date.year()),
      unsigned(date.month()), unsigned(date.day()), long(time.hours().count()),
      long(time.minutes().count()), long(time.seconds().count()), long(time.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace baton::relay
