#include "relay/key_views.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "relay/api_stats_views.hpp"
#include "relay/usd_text.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

json summed(const std::vector<model_usage>& rows) {
  usage_counts total;
  for (const auto& row : rows) total += row.counts;
  return v1_counters(total);
}

double usd(std::uint64_t nanousd) {
  return usd_number(static_cast<std::int64_t>(nanousd));
}

std::int64_t milliseconds_of(wall_time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

json records(const std::vector<recent_request>& requests) {
  json list = json::array();
  for (const auto& each : requests) {
    auto record = v1_counters(each.counts);
    record.update({{"timestamp", iso_time(each.finished)},
                   {"requestId", each.request_id},
                   {"endpoint", each.route},
                   {"model", each.model},
                   {"statusCode", each.status},
                   {"stream", each.stream},
                   {"durationMs", each.duration.count() / 1000}});
    list.push_back(std::move(record));
  }
  return list;
}

std::string dump(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string usage_body(const api_key& key, const own_usage& usage) {
  json models = json::array();
  for (const auto& row : usage.total) {
    auto entry = v1_counters(row.counts);
    entry["model"] = row.model;
    models.push_back(std::move(entry));
  }
  return dump({{"id", key.id.value()},
               {"name", key.name},
               {"usage",
                {{"total", summed(usage.total)},
                 {"monthly", summed(usage.month)},
                 {"daily", summed(usage.today)}}},
               {"models", std::move(models)}});
}

std::string key_info_body(const api_key& key, const own_usage& usage, const limits_use& use,
                          const std::vector<recent_request>& recent) {
  return dump(
      {{"id", key.id.value()},
       {"name", key.name},
       {"description", key.description},
       {"isActive", key.is_active},
       {"permissions", key.permissions},
       {"allowedModels", key.allowed_models},
       {"restrictedModels", key.restricted_models},
       {"tags", key.tags},
       {"createdAt", iso_time(key.created_at)},
       {"allowedClients", key.allowed_clients},
       {"activatedAt", key.activated_at ? json(iso_time(*key.activated_at)) : json(nullptr)},
       {"expiresAt", key.expires_at ? json(iso_time(*key.expires_at)) : json(nullptr)},
       {"limits", limits_json(key.limits, use)},
       {"usage",
        {{"total", summed(usage.total)},
         {"monthly", summed(usage.month)},
         {"daily", summed(usage.today)},
         {"recentRecords", records(recent)}}}});
}

json limits_json(const key_limits& limits, const limits_use& use) {
  const auto& window = use.window;
  const auto left = std::chrono::floor<std::chrono::seconds>(window.end - use.now);
  return {{"concurrencyLimit", limits.concurrency},
          {"rateLimitWindow", limits.window_minutes},
          {"rateLimitRequests", limits.window_requests},
          {"tokenLimit", limits.window_tokens},
          {"rateLimitCost", usd(limits.window_cost_nanousd)},
          {"dailyCostLimit", usd(limits.daily_cost_nanousd)},
          {"totalCostLimit", usd(limits.total_cost_nanousd)},
          {"weeklyOpusCostLimit", usd(limits.weekly_claude_cost_nanousd)},
          {"weeklyResetDay", limits.week.day},
          {"weeklyResetHour", limits.week.hour},
          {"currentWindowRequests", window.requests},
          {"currentWindowTokens", window.tokens},
          {"currentWindowCost", usd(window.cost_nanousd)},
          {"windowStartTime", window.open() ? json(milliseconds_of(window.start)) : json(nullptr)},
          {"windowEndTime", window.open() ? json(milliseconds_of(window.end)) : json(nullptr)},
          {"windowRemainingSeconds", window.open() ? json(left.count()) : json(nullptr)},
          {"currentDailyCost", usd_number(use.day_nanousd)},
          {"currentTotalCost", usd_number(use.total_nanousd)},
          {"weeklyOpusCost", usd_number(use.week_claude_nanousd)}};
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
