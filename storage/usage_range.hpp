// Which usage rows answer a question about a range of time, with as few of them as can be.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "storage/store.hpp"

namespace baton::storage {

// Start of the hour, UTC day or UTC month that `time` lies in; the epoch for period::all.
wall_time start_of(period kind, wall_time time);

// Rows of one kind (never period::all) whose start lies in [begin, end).
struct usage_range {
  period kind = period::hour;
  wall_time begin{};
  wall_time end{};
  friend bool operator==(const usage_range&, const usage_range&) = default;
};

// The hours whose start lies in [from, to), each in exactly one range: whole months or days where
// they fit, but no period longer than `granularity`, and hours at the edges. In order of time.
std::vector<usage_range> ranges_covering(std::optional<wall_time> from, std::optional<wall_time> to,
                                         period granularity);

// The starts of the periods in `range`, of which there are no more than `count_max`; else nothing.
std::optional<std::vector<wall_time>> starts_in(const usage_range& range, std::size_t count_max);

}  // namespace baton::storage
