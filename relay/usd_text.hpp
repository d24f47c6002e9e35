// Amounts of US dollars as decimal text. Costs are kept as whole nano-dollars, so that sums are
// exact; no step on the way from or to text uses floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton::relay {

// "12", "12.5", "0.000000001": digits with up to nine decimals, without sign and exponent. Nothing
// if it is written otherwise or too large.
std::optional<std::uint64_t> parse_usd(std::string_view text);

std::string spell_usd(std::uint64_t nanousd);  // the shortest text parse_usd() reads as that

// With exactly this many decimals (0 to 9), rounded half up: for columns, and for v1's shapes.
std::string spell_usd_rounded(std::uint64_t nanousd, int decimals);

// For v1's shapes, which have numbers: the nearest to the exact amount, negative ones as 0. What is
// summed is summed before.
double usd_number(std::int64_t nanousd);
std::string v1_formatted_usd(std::int64_t nanousd);  // "$0.123457"

}  // namespace baton::relay
