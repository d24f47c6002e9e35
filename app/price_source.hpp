// Where prices come from: the operator's file, or the table that Baton brings.
#pragma once

#include "app/config.hpp"
#include "base/error.hpp"
#include "relay/pricing.hpp"

namespace baton::app {

// Errors: invalid_argument, if the file cannot be read or has a price that cannot be used.
result<relay::price_table_ptr> load_prices(const pricing_settings& settings);

}  // namespace baton::app
