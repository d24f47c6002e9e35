#include "relay/stats_views.hpp"

#include <algorithm>
#include <utility>

#include "relay/key_views.hpp"
#include "relay/usd_text.hpp"

namespace baton::relay {
namespace {

using json = nlohmann::ordered_json;

std::string usd(std::int64_t nanousd) {
  return spell_usd(static_cast<std::uint64_t>(std::max<std::int64_t>(nanousd, 0)));
}

json time_json(const std::optional<wall_time>& time) {
  return time ? json(iso_time(*time)) : json(nullptr);
}

json text_or_null(const std::string& text, bool there) {
  return there ? json(text) : json(nullptr);
}

json cost_only_json(const usage_counts& counts) {
  return {{"requests", counts.requests},
          {"costUsd", usd(counts.cost_nanousd)},
          {"ratedCostUsd", usd(counts.rated_nanousd)},
          {"fallbackRequests", counts.fallback_requests}};
}

json item_json(const usage_report& report, const usage_entry& entry,
               json (*counts)(const usage_counts&)) {
  const bool grouped = report.group_by != "none" && !entry.is_rest;
  json item = {
      {"start", report.period == usage_period::all ? json(nullptr) : json(iso_time(entry.start))},
      {"group", text_or_null(entry.group, grouped)},
      {"name", text_or_null(entry.name, grouped)},
      {"rest", entry.is_rest}};
  item.update(counts(entry.counts));
  return item;
}

json report_json(const usage_report& report, page_request page,
                 json (*counts)(const usage_counts&)) {
  const auto count = report.entries.size();
  const auto size = page.page_size == 0 ? std::max<std::size_t>(count, 1) : page.page_size;
  const auto number = std::max<std::size_t>(page.page, 1);
  // Compared so, because (page - 1) * size may be too large for a number.
  const auto begin = number - 1 > count / size ? count : std::min((number - 1) * size, count);
  const auto end = begin + std::min(size, count - begin);
  auto items = json::array();
  for (auto i = begin; i < end; ++i) items.push_back(item_json(report, report.entries[i], counts));
  return {{"from", time_json(report.from)},
          {"to", time_json(report.to)},
          {"granularity", to_string(report.period)},
          {"groupBy", report.group_by},
          {"items", std::move(items)},
          {"total", counts(report.total)},
          {"itemCount", count},
          {"page", number},
          {"pageSize", size}};
}

}  // namespace

json counts_json(const usage_counts& counts) {
  const auto& tokens = counts.tokens;
  return {{"requests", counts.requests},
          {"tokens",
           {{"input", tokens.input},
            {"output", tokens.output},
            {"cacheRead", tokens.cache_read},
            {"cacheWrite5m", tokens.cache_write_5m},
            {"cacheWrite1h", tokens.cache_write_1h},
            {"reasoning", tokens.reasoning},
            {"total", tokens.total()}}},
          {"costUsd", usd(counts.cost_nanousd)},
          {"ratedCostUsd", usd(counts.rated_nanousd)},
          {"fallbackRequests", counts.fallback_requests}};
}

json usage_json(const usage_report& report, page_request page) {
  return report_json(report, page, &counts_json);
}

json cost_json(const usage_report& report, page_request page) {
  return report_json(report, page, &cost_only_json);
}

json key_stats_json(const std::string& id, const std::string& name, const usage_report& periods,
                    const usage_report& models) {
  auto by_period = usage_json(periods);
  auto by_model = usage_json(models);
  return {{"id", id},
          {"name", name},
          {"from", std::move(by_period["from"])},
          {"to", std::move(by_period["to"])},
          {"granularity", std::move(by_period["granularity"])},
          {"items", std::move(by_period["items"])},
          {"total", std::move(by_period["total"])},
          {"models", std::move(by_model["items"])}};
}

}  // namespace baton::relay
