// Decimal numbers as text, made into integers without ever being a floating-point number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace baton::relay {

// The value of a JSON number times 10^digits, rounded half up: "3e-06" with 12 digits is 3'000'000.
// Nothing if the text is no JSON number (RFC 8259 section 6), longer than 64 characters, negative,
// or if the outcome is above `max`.
std::optional<std::int64_t> parse_decimal(std::string_view text, int digits, std::int64_t max);

}  // namespace baton::relay
