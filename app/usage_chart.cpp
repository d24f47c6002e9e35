#include "app/usage_chart.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>
#include <string>

#include "app/usage_table.hpp"
#include "base/text.hpp"
#include "relay/key_views.hpp"
#include "relay/usd_text.hpp"

namespace baton::app {
namespace {

using namespace std::chrono;

constexpr std::size_t width_min = 40;
constexpr std::size_t lines_max = 2000;  // an hourly chart of years is of no use
constexpr std::size_t gap = 2;

wall_time next_start(relay::usage_period period, wall_time start) {
  switch (period) {
    case relay::usage_period::hour: return start + hours(1);
    case relay::usage_period::month: return relay::month_start(start + days(31));
    default: return start + days(1);
  }
}

struct bar {
  wall_time start;
  std::int64_t value = 0;
};

// One for each period, also for those without usage, unless they are too many.
std::vector<bar> bars_of(const relay::usage_report& report, bool of_cost) {
  std::map<wall_time, std::int64_t> values;
  for (const auto& entry : report.entries) {
    values[entry.start] += of_cost ? entry.counts.cost_nanousd : entry.counts.requests;
  }
  std::vector<bar> bars;
  for (const auto& [start, value] : values) {
    while (!bars.empty() && bars.size() < lines_max) {
      const auto next = next_start(report.period, bars.back().start);
      if (next >= start) break;
      bars.push_back({next, 0});
    }
    bars.push_back({start, value});
  }
  return bars;
}

// `eighths` of a character's width.
std::string drawn(std::size_t eighths, bool utf8) {
  constexpr const char* parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!utf8) return std::string((eighths + 4) / 8, '#');
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + parts[eighths % 8];
}

// What is there at all is seen.
std::size_t length_of(std::int64_t value, std::int64_t highest, std::size_t eighths_max,
                      bool utf8) {
  if (value <= 0 || highest <= 0) return 0;
  const auto share = static_cast<double>(value) / static_cast<double>(highest);
  const auto length = static_cast<std::size_t>(share * static_cast<double>(eighths_max));
  return std::max<std::size_t>(length, utf8 ? 1 : 8);
}

std::string shown_value(std::int64_t value, bool of_cost) {
  if (!of_cost) return shown_count(value);
  return relay::spell_usd_rounded(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)), 4);
}

}  // namespace

bool speaks_utf8(const environment& variables) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto found = variables.find(std::string_view(name));
    if (found == variables.end() || found->second.empty()) continue;
    return text::icontains(found->second, "utf-8") || text::icontains(found->second, "utf8");
  }
  return false;
}

void print_usage_chart(std::ostream& out, const relay::usage_report& report, std::size_t width,
                       bool utf8) {
  const bool of_cost = report.total.cost_nanousd > 0;
  const auto bars = bars_of(report, of_cost);
  if (bars.empty()) return;
  std::int64_t highest = 0;
  std::size_t value_width = 0;
  for (const auto& each : bars) {
    highest = std::max(highest, each.value);
    value_width = std::max(value_width, shown_value(each.value, of_cost).size());
  }
  const auto label_width = shown_period(report.period, bars.front().start).size();
  const auto room = std::max(width, width_min) - label_width - value_width - 2 * gap;
  out << (of_cost ? "Cost in USD" : "Requests") << " by " << to_string(report.period) << '\n';
  for (const auto& each : bars) {
    const auto value = shown_value(each.value, of_cost);
    out << shown_period(report.period, each.start) << std::string(gap, ' ')
        << std::string(value_width - value.size(), ' ') << value;
    const auto line = drawn(length_of(each.value, highest, room * 8, utf8), utf8);
    if (!line.empty()) out << std::string(gap, ' ') << line;
    out << '\n';
  }
}

}  // namespace baton::app
