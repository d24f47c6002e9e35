// Usage as a table for people.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "relay/usage_report.hpp"

namespace baton::app {

// Up to 99,999 as it is, above that in thousands and so on with one decimal: "1.2M".
std::string shown_count(std::int64_t count);

// "2026-11", "2026-11-01", "2026-11-01T18:00" (UTC); "all".
std::string shown_period(relay::usage_period period, wall_time start);

// A line for each entry and one for the total. Classes of tokens that nobody has used are left out,
// as are rated costs where they are the same. Costs of requests without a price of their own are
// marked, with a footnote. `width_max` as of table::print().
void print_usage_table(std::ostream& out, const relay::usage_report& report, std::size_t width_max);

}  // namespace baton::app
