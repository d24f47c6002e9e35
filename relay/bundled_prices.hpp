// The prices that come with Baton: list prices of Anthropic's own API for its current models.
#pragma once

#include <string_view>

namespace baton::relay {

// For parse_price_table().
std::string_view bundled_prices();

}  // namespace baton::relay
