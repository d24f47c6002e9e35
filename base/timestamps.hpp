// Dates as operators write and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace baton {

std::string spell_timestamp(wall_time time);  // 2026-01-31T23:59:59.000Z

// ISO 8601: "2026-01-31" (its start in UTC), "2026-01-31T23:59", with seconds, a fraction of them,
// and "Z" or an offset such as "+08:00"; without these UTC is meant.
std::optional<wall_time> parse_timestamp(std::string_view text);

// What parse_timestamp() takes, and moments told from `now`: "now", "today", "yesterday",
// "this-month", "last-month" (their starts in UTC), "12h" (ago, to the hour), "7d" (the start of
// the UTC day so many days ago).
std::optional<wall_time> parse_moment(std::string_view text, wall_time now);
constexpr std::string_view moment_forms =
    "2026-11-01, 2026-11-01T18:00, now, today, yesterday, this-month, last-month, 12h or 7d (ago)";

}  // namespace baton
