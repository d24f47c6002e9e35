// Dates as operators write and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace baton::app {

std::string spell_timestamp(wall_time time);  // 2026-01-31T23:59:59.000Z

// ISO 8601: "2026-01-31" (its start in UTC), "2026-01-31T23:59", with seconds, a fraction of them,
// and "Z" or an offset such as "+08:00"; without these UTC is meant.
std::optional<wall_time> parse_timestamp(std::string_view text);

}  // namespace baton::app
