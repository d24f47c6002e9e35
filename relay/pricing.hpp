// What requests cost, in nano-USD (10^-9 USD): computed in integers, so that every request costs
// the same however often it is counted.
#pragma once

#include <cstdint>
#include <string_view>

#include "relay/price_table.hpp"
#include "relay/service_rates.hpp"
#include "relay/usage.hpp"

namespace baton::relay {

struct cost {
  std::int64_t nanousd = 0;
  std::int64_t rated_nanousd = 0;  // times the rates of its service and its key
  bool by_fallback = false;        // the table does not have the model
  friend bool operator==(const cost&, const cost&) = default;
};

// Rounded half up, once for the whole request, and once more when the rates are applied to it. What
// is too much for the type is its largest value; a negative count is none.
cost cost_of(const price_table& table, std::string_view model, const token_usage& usage,
             const rates& by = {}, service_tier tier = service_tier::standard);

inline constexpr std::int64_t unlimited_output_tokens = 128'000;  // the longest of current models

// What a request may cost at most, to reserve it: all of its input at the highest rate there is for
// input, and as much output as it asks for and the model gives. `input_tokens` must not be too low
// an estimate; `output_tokens_max` 0: the request does not limit it, so that it may be as long as
// the model's longest, or if that is not known unlimited_output_tokens. At the prices of the
// standard service tier, as only the answer says which one it had.
cost estimate_cost(const price_table& table, std::string_view model, std::int64_t input_tokens,
                   std::int64_t output_tokens_max, const rates& by = {});

}  // namespace baton::relay
