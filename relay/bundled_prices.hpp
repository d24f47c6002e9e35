// The prices that come with Baton: list prices of Anthropic's, OpenAI's and Google's own APIs for
// their current models.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// For parse_price_table().
std::string bundled_prices();

// The members of that JSON object, by vendor. The number before e-6 is USD for a million tokens.
// as_of: the day to which the source is known to have said so; source: what was read, a vendor's
// page where it could be had. until: the last day of an introductory price. The reader
// passes over all three.
std::string_view claude_prices();
std::string_view openai_prices();
std::string_view gemini_prices();

}  // namespace baton::relay
