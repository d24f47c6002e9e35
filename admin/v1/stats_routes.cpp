// Usage by v1's paths.
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "admin/list_query.hpp"
#include "admin/v1/answers.hpp"
#include "admin/v1/dashboard.hpp"
#include "admin/v1/usage.hpp"
#include "base/timestamps.hpp"
#include "relay/cost_period.hpp"
#include "relay/key_views.hpp"

namespace baton::admin::v1 {
namespace {

using std::chrono::hours;

constexpr std::string_view usage_parameters[] = {"period", "startDate", "endDate"};

struct period {
  std::string name;  // as it was asked for; "custom" for dates
  time_range range;
};

error unusable(std::string_view parameter) {
  return downstream_error(error_code::invalid_argument,
                          std::string(parameter) + ": allowed: 2026-11-01, 2026-11-01T18:00Z");
}

// A date is a day of time.utc_offset.
result<std::optional<wall_time>> read_date(const query_parameters& given, std::string_view name,
                                           hours utc_offset, hours whole_day) {
  const auto text = given.text(name);
  if (text.empty()) return std::optional<wall_time>();
  const auto time = parse_timestamp(text);
  if (!time) return unusable(name);
  const bool is_date = text.find('T') == text.npos;
  return std::optional<wall_time>(is_date ? *time - utc_offset + whole_day : *time);
}

result<period> read_dates(const call& made, const query_parameters& given) {
  const auto from = read_date(given, "startDate", made.at.utc_offset, hours(0));
  if (!from) return from.error();
  const auto to = read_date(given, "endDate", made.at.utc_offset, hours(24));
  if (!to) return to.error();
  period asked{"custom", {}};
  if (*from) asked.range.from = std::chrono::floor<hours>(**from);
  if (*to) asked.range.to = std::chrono::ceil<hours>(**to);
  return asked;
}

result<period> read_period(const call& made) {
  constexpr std::array<std::string_view, 4> periods = {"daily", "weekly", "monthly", "all"};
  const auto given = query_parameters::read(made.asked.query, usage_parameters);
  if (!given) return given.error();
  if (!given->text("startDate").empty() || !given->text("endDate").empty()) {
    return read_dates(made, *given);
  }
  const auto name = given->choice("period", periods, periods.front());
  if (!name) return name.error();
  const auto offset = made.at.utc_offset;
  const auto today = relay::day_start(made.now.wall, offset);
  period asked{std::string(*name), {}};
  if (*name == "daily") asked.range.from = today;
  if (*name == "weekly") asked.range.from = today - hours(6 * 24);
  if (*name == "monthly") asked.range.from = relay::month_start(made.now.wall + offset) - offset;
  return asked;
}

// What comes before: everything that ended before the call is counted. Nothing: it is.
std::optional<outcome> missing(const call& made) {
  if (!made.found.flushed) return errand(flush_usage{});
  if (!*made.found.flushed) return made.found.flushed->error();
  return std::nullopt;
}

outcome show_dashboard(call& made) {
  if (auto first = missing(made)) return *std::move(first);
  if (!made.found.accounts) return errand(look_at_accounts{});
  if (!*made.found.accounts) return made.found.accounts->error();
  auto shown = dashboard_json(made.at, **made.found.accounts, made.now.wall);
  if (!shown) return shown.error();
  return success(*std::move(shown));
}

outcome show_keys(call& made) {
  if (auto first = missing(made)) return *std::move(first);
  const auto asked = read_period(made);
  if (!asked) return asked.error();
  const auto keys = made.at.known.keys();
  if (!keys) return keys.error();
  const auto used = usage_by(made.at.store, relay::usage_group::key, asked->range);
  if (!used) return used.error();
  auto stats = ordered_json::array();
  for (const auto& each : **keys) {
    if (each.deleted_at) continue;
    stats.push_back({{"keyId", each.id.value()},
                     {"keyName", each.name},
                     {"usage", usage_json(*used, each.id.value())}});
  }
  return success({{"period", asked->name}, {"stats", std::move(stats)}});
}

// Those with most tokens first, as v1 has them.
outcome show_models(call& made) {
  if (auto first = missing(made)) return *std::move(first);
  const auto asked = read_period(made);
  if (!asked) return asked.error();
  const auto used = usage_by(made.at.store, relay::usage_group::model, asked->range);
  if (!used) return used.error();
  std::vector<std::pair<std::string, relay::usage_counts>> models(used->begin(), used->end());
  std::stable_sort(models.begin(), models.end(), [](const auto& a, const auto& b) {
    return a.second.tokens.total() > b.second.tokens.total();
  });
  auto models_told = ordered_json::array();
  for (const auto& [model, counts] : models) {
    auto shown = usage_json(counts);
    const auto cost = shown["cost"];
    const auto formatted = shown["formattedCost"];
    shown["model"] = model;
    shown["period"] = asked->name;
    shown["costs"] = {{"total", cost}};
    shown["formatted"] = {{"total", formatted}};
    models_told.push_back(std::move(shown));
  }
  return success(std::move(models_told));
}

constexpr route rows[] = {
    row("GET", "/admin/dashboard", &show_dashboard, "An overview of keys, accounts and usage"),
    row("GET", "/admin/usage-stats", &show_keys, "Usage of each key", {}, usage_parameters),
    row("GET", "/admin/model-stats", &show_models, "Usage of each model", {}, usage_parameters),
};

}  // namespace

std::span<const route> stats_routes() {
  return rows;
}

}  // namespace baton::admin::v1
