#include "storage/usage_range.hpp"

#include <algorithm>
#include <chrono>

namespace baton::storage {
namespace {

using namespace std::chrono;

constexpr wall_time earliest = sys_days{January / 1 / 1970};
constexpr wall_time latest = sys_days{January / 1 / 10000};

wall_time start_of_next(period kind, wall_time start) {
  switch (kind) {
    case period::hour: return start + hours(1);
    case period::day: return start + days(1);
    case period::month: return start_of(period::month, start + days(31));
    case period::all: break;
  }
  return latest;
}

wall_time first_start_from(period kind, wall_time time) {
  const auto start = start_of(kind, time);
  return start == time ? time : start_of_next(kind, start);
}

// Covers [begin, end), which are starts of hours, with periods of `kind` and shorter.
void cover(period kind, wall_time begin, wall_time end, std::vector<usage_range>& ranges) {
  if (begin >= end) return;
  if (kind == period::hour) {
    ranges.push_back({kind, begin, end});
    return;
  }
  const auto shorter = kind == period::month ? period::day : period::hour;
  const auto first = first_start_from(kind, begin);
  const auto last = start_of(kind, end);
  if (first >= last) return cover(shorter, begin, end, ranges);
  cover(shorter, begin, first, ranges);
  ranges.push_back({kind, first, last});
  cover(shorter, last, end, ranges);
}

}  // namespace

wall_time start_of(period kind, wall_time time) {
  switch (kind) {
    case period::hour: return floor<hours>(time);
    case period::day: return floor<days>(time);
    case period::month: {
      const year_month_day date(floor<days>(time));
      return sys_days(date.year() / date.month() / 1);
    }
    case period::all: break;
  }
  return wall_time{};
}

std::optional<std::vector<wall_time>> starts_in(const usage_range& range, std::size_t count_max) {
  std::vector<wall_time> starts;
  for (auto start = range.begin; start < range.end; start = start_of_next(range.kind, start)) {
    if (starts.size() == count_max) return std::nullopt;
    starts.push_back(start);
  }
  return starts;
}

std::vector<usage_range> ranges_covering(std::optional<wall_time> from, std::optional<wall_time> to,
                                         period granularity) {
  const auto begin = std::clamp(from.value_or(earliest), earliest, latest);
  const auto end = std::clamp(to.value_or(latest), earliest, latest);
  std::vector<usage_range> ranges;
  cover(granularity == period::all ? period::month : granularity,
        first_start_from(period::hour, begin), first_start_from(period::hour, end), ranges);
  return ranges;
}

}  // namespace baton::storage
