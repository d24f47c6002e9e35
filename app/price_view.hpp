// Prices as JSON and as words for people: in USD for a million tokens, as exact decimals.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "relay/price_table.hpp"

namespace baton::app {

std::string shown_rate(std::int64_t picousd_per_token);  // "3", "0.25"

// A model's rates at one service tier and for prompts above one length.
struct rate_row {
  relay::service_tier tier = relay::service_tier::standard;
  std::int64_t prompt_tokens_above = 0;
  const relay::token_rates& rates;
};
// All that a price has, which must live on.
std::vector<rate_row> rate_rows(const relay::model_price& price);

nlohmann::ordered_json price_json(std::string_view model, const relay::model_price& price);

// Whether requests at the one price cost what they cost at the other.
bool same_rates(const relay::model_price& a, const relay::model_price& b);

}  // namespace baton::app
