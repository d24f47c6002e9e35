#include "app/usage_table.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "app/table.hpp"
#include "base/text.hpp"
#include "base/timestamps.hpp"
#include "relay/usd_text.hpp"

namespace baton::app {
namespace {

constexpr int cost_decimals = 4;

std::string shown_cost(std::int64_t nanousd) {
  const auto amount = static_cast<std::uint64_t>(std::max<std::int64_t>(nanousd, 0));
  return relay::spell_usd_rounded(amount, cost_decimals);
}

struct column {
  std::string_view heading;
  std::int64_t (*count)(const relay::usage_counts&);
  bool always = false;
};

constexpr std::array columns{
    column{"REQUESTS", [](const relay::usage_counts& counts) { return counts.requests; }, true},
    column{"INPUT", [](const relay::usage_counts& counts) { return counts.tokens.input; }, true},
    column{"OUTPUT", [](const relay::usage_counts& counts) { return counts.tokens.output; }, true},
    column{"REASONING", [](const relay::usage_counts& counts) { return counts.tokens.reasoning; }},
    column{"CACHE READ",
           [](const relay::usage_counts& counts) { return counts.tokens.cache_read; }},
    column{"CACHE WRITE",
           [](const relay::usage_counts& counts) { return counts.tokens.cache_write(); }},
};

// The columns that have something to tell, and how a row fills them.
class layout {
 public:
  explicit layout(const relay::usage_report& report)
      : with_period_(report.period != relay::usage_period::all),
        with_group_(report.group_by != "none"),
        with_rated_(std::any_of(report.entries.begin(), report.entries.end(),
                                [](const auto& entry) {
                                  return entry.counts.rated_nanousd != entry.counts.cost_nanousd;
                                })),
        period_(report.period) {
    for (const auto& each : columns) {
      if (each.always || each.count(report.total) != 0) shown_.push_back(&each);
    }
    if (with_period_) headings_.emplace_back("PERIOD");
    if (with_group_) headings_.push_back(upper(report.group_by));
    if (headings_.empty()) headings_.emplace_back("");
    first_number_ = headings_.size();
    for (const auto* each : shown_) headings_.emplace_back(each->heading);
    headings_.emplace_back("COST USD");
    if (with_rated_) headings_.emplace_back("RATED USD");
  }

  table make_table() const {
    table rows(headings_);
    for (auto i = first_number_; i < headings_.size(); ++i) rows.align_right(i);
    return rows;
  }

  std::vector<std::string> row(const relay::usage_entry& entry) const {
    std::vector<std::string> cells;
    if (with_period_) cells.push_back(shown_period(period_, entry.start));
    if (with_group_) cells.push_back(entry.is_rest ? "(other)" : entry.name);
    if (cells.empty()) cells.emplace_back("all");
    append_counts(cells, entry.counts);
    return cells;
  }

  std::vector<std::string> total_row(const relay::usage_counts& total) const {
    std::vector<std::string> cells(first_number_);
    cells.front() = "TOTAL";
    append_counts(cells, total);
    return cells;
  }

 private:
  static std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
  }

  void append_counts(std::vector<std::string>& cells, const relay::usage_counts& counts) const {
    for (const auto* each : shown_) cells.push_back(shown_count(each->count(counts)));
    // All costs end below one another, marked or not.
    const auto* mark = counts.fallback_requests != 0 ? "*" : " ";
    cells.push_back(shown_cost(counts.cost_nanousd) + mark);
    if (with_rated_) cells.push_back(shown_cost(counts.rated_nanousd) + mark);
  }

  bool with_period_, with_group_, with_rated_;
  relay::usage_period period_;
  std::vector<const column*> shown_;
  std::vector<std::string> headings_;
  std::size_t first_number_ = 0;
};

}  // namespace

std::string shown_count(std::int64_t count) {
  constexpr std::int64_t exact_max = 99'999;
  constexpr std::string_view units = "kMGT";
  if (count <= exact_max) return std::to_string(count);
  std::int64_t tenths = count / 100;  // of the unit
  std::size_t unit = 0;
  while (tenths >= 10'000 && unit + 1 < units.size()) {
    tenths /= 1000;
    ++unit;
  }
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + units[unit];
}

std::string shown_period(relay::usage_period period, wall_time start) {
  const auto spelled = spell_timestamp(start);  // 2026-01-31T23:59:59.000Z
  switch (period) {
    case relay::usage_period::hour: return spelled.substr(0, 16);
    case relay::usage_period::day: return spelled.substr(0, 10);
    case relay::usage_period::month: return spelled.substr(0, 7);
    case relay::usage_period::all: break;
  }
  return "all";
}

void print_usage_table(std::ostream& out, const relay::usage_report& report,
                       std::size_t width_max) {
  const layout shape(report);
  auto rows = shape.make_table();
  for (const auto& entry : report.entries) rows.add_row(shape.row(entry));
  const bool one_line = report.entries.size() == 1 && report.group_by == "none";
  if (!one_line) rows.add_row(shape.total_row(report.total));
  rows.print(out, width_max);
  if (report.total.fallback_requests == 0) return;
  out << "* includes requests of models that have no price of their own: "
      << report.total.fallback_requests << '\n';
}

}  // namespace baton::app
