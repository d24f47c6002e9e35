// What one line of a price file says, and the prices that follow from it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "relay/price_table.hpp"
#include "relay/service_tier.hpp"

namespace baton::relay {

inline constexpr std::int64_t token_rate_max = 1'000'000'000'000;  // 1 USD for a token

struct given_rates {
  std::optional<std::int64_t> input, output, cache_read, cache_write_5m, cache_write_1h, reasoning;
};

// Of one service tier.
struct given_card {
  given_rates rates;
  std::map<std::int64_t, given_rates> tiers;  // by the length of the prompt, in tokens
};

struct given_price {
  std::array<given_card, service_tier_count> cards;  // by service tier
  std::optional<std::int64_t> fast_millionths;       // times the standard prices
  std::optional<std::int64_t> max_output_tokens, max_tokens;

  given_card& standard() { return cards[0]; }
  const given_card& standard() const { return cards[0]; }
  // What `later` says takes the place of what was said before.
  void override_with(const given_price& later);
};

// Where a field's rate belongs.
struct rate_place {
  service_tier tier = service_tier::standard;
  std::int64_t prompt_tokens_above = 0;  // 0: of every prompt
  std::optional<std::int64_t> given_rates::*rate = nullptr;
};

// Of a field such as "input_cost_per_token_above_200k_tokens_priority"; nothing if it is no rate.
std::optional<rate_place> rate_place_of(std::string_view field);

// All prices of a model, those that are not given by the rules of relay/price_file.hpp. Input and
// output must be given.
model_price complete_price(std::string_view model, const given_price& given);

}  // namespace baton::relay
