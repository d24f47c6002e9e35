#include "admin/v1/dashboard.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

#include "admin/v1/account_body.hpp"
#include "admin/v1/usage.hpp"
#include "relay/cost_period.hpp"

namespace baton::admin::v1 {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// How many of them are in v1's state of that name.
std::size_t count_in(const std::vector<relay::account_report>& reports, std::string_view word) {
  return static_cast<std::size_t>(std::count_if(
      reports.begin(), reports.end(),
      [word](const relay::account_report& each) { return status_word(&each) == word; }));
}

// {"totalTokensUsed",…} or {"tokensToday",…}
ordered_json tokens_json(const relay::usage_counts& counts, const std::string& before,
                         const std::string& after) {
  const auto& tokens = counts.tokens;
  const auto name = [&](std::string word) {
    if (before.empty()) word.front() = static_cast<char>(std::tolower(word.front()));
    return before + word + after;
  };
  return {{name("Requests"), counts.requests},
          {name("Tokens"), tokens.total()},
          {name("InputTokens"), tokens.input},
          {name("OutputTokens"), tokens.output + tokens.reasoning},
          {name("CacheCreateTokens"), tokens.cache_write()},
          {name("CacheReadTokens"), tokens.cache_read},
          {name("AllTokens"), tokens.total()}};
}

ordered_json overview(const std::vector<relay::api_key>& keys,
                      const std::vector<relay::account>& accounts,
                      const std::vector<relay::account_report>& reports,
                      const relay::usage_counts& total) {
  const auto is_there = [](const relay::api_key& key) { return !key.deleted_at; };
  const auto is_active = [&](const relay::api_key& key) { return is_there(key) && key.is_active; };
  const auto active = count_in(reports, "active");
  const auto limited = count_in(reports, "rate_limited");
  const auto paused = count_in(reports, "inactive");
  auto by_platform = ordered_json::object();
  for (const auto& each : accounts) {
    auto& count = by_platform[each.platform];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  ordered_json shown = {
      {"totalApiKeys", std::count_if(keys.begin(), keys.end(), is_there)},
      {"activeApiKeys", std::count_if(keys.begin(), keys.end(), is_active)},
      {"totalAccounts", accounts.size()},
      {"normalAccounts", active},
      {"rateLimitedAccounts", limited},
      {"pausedAccounts", paused},
      {"abnormalAccounts", accounts.size() - std::min(accounts.size(), active + limited + paused)},
      {"accountsByPlatform", std::move(by_platform)}};
  shown.update(tokens_json(total, "total", "Used"));
  return shown;
}

// Requests and tokens a minute.
ordered_json rates(const relay::usage_counts& counts, minutes length) {
  const auto each = [&](std::int64_t count) {
    return static_cast<double>(count) /
           static_cast<double>(std::max<std::int64_t>(1, length.count()));
  };
  return {{"rpm", each(counts.requests)}, {"tpm", each(counts.tokens.total())}};
}

// Usage is known by the hour, so the window begins with the last one, and says how long it is.
result<ordered_json> realtime(desk& at, wall_time now) {
  const wall_time begin = std::chrono::floor<hours>(now) - hours(1);
  const auto length = std::chrono::floor<minutes>(now - begin);
  const auto used = usage_of_all(at.store, {begin, {}});
  if (!used) return used.error();
  auto shown = rates(*used, length);
  shown["windowMinutes"] = length.count();
  shown["isHistorical"] = false;
  return {boost::system::in_place_value, std::move(shown)};
}

}  // namespace

result<ordered_json> dashboard_json(desk& at, const std::vector<relay::account_report>& reports,
                                    wall_time now) {
  const auto keys = at.known.keys();
  if (!keys) return keys.error();
  const auto accounts = at.known.accounts();
  if (!accounts) return accounts.error();
  const auto total = usage_of_all(at.store, {});
  if (!total) return total.error();
  const auto midnight = relay::day_start(now, at.utc_offset);
  const auto today = usage_of_all(at.store, {midnight, {}});
  if (!today) return today.error();
  const auto now_and_before = realtime(at, now);
  if (!now_and_before) return now_and_before.error();

  auto activity = tokens_json(*today, "", "Today");
  activity["apiKeysCreatedToday"] =
      std::count_if((*keys)->begin(), (*keys)->end(),
                    [&](const relay::api_key& key) { return key.created_at >= midnight; });
  return {
      boost::system::in_place_value,
      ordered_json{{"overview", overview(**keys, **accounts, reports, *total)},
                   {"recentActivity", std::move(activity)},
                   {"systemAverages", rates(*today, std::chrono::floor<minutes>(now - midnight))},
                   {"realtimeMetrics", *now_and_before},
                   {"systemHealth", {{"storageConnected", true}}},
                   {"systemTimezone", at.utc_offset.count()}}};
}

}  // namespace baton::admin::v1
