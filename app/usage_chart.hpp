// Usage over time as bars in a terminal.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "app/config_loader.hpp"
#include "relay/usage_report.hpp"

namespace baton::app {

// Whether the terminal's character set is UTF-8, by LC_ALL, LC_CTYPE and LANG.
bool speaks_utf8(const environment& variables);

// A line for each period from the first to the last of `report`, which is not by
// usage_period::all: its cost over all groups, or its requests where nothing has cost anything.
// Bars are of blocks, or of '#' without `utf8`. Lines are `width` wide at most, and 40 at least.
void print_usage_chart(std::ostream& out, const relay::usage_report& report, std::size_t width,
                       bool utf8);

}  // namespace baton::app
