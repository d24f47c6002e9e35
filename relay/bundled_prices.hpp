// The prices that come with Baton: list prices of Anthropic's, OpenAI's and Google's own APIs for
// their current models.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/price_table.hpp"

namespace baton::relay {

// For parse_price_table().
std::string bundled_prices();

// "bundled-" and the newest as_of of its lines.
std::string bundled_version();

// The table as of a day. It is always readable.
result<price_table> bundled_price_table(std::chrono::sys_days on);

// The members of that JSON object, by vendor. The number before e-6 is USD for a million tokens.
// as_of: the day to which the source is known to have said so; source: what was read, a vendor's
// page where it could be had.
std::string_view claude_prices();
std::string_view openai_prices();
std::string_view gemini_prices();

}  // namespace baton::relay
