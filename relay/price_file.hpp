// Reads prices in the format of LiteLLM's model_prices_and_context_window.json: an object with a
// model's name and an object of its fields each. The fields read are
//   input_cost_per_token, output_cost_per_token, cache_read_input_token_cost,
//   cache_creation_input_token_cost, cache_creation_input_token_cost_above_1hr: USD for one token,
//   each of these with _above_<N>k_tokens behind it: the same for prompts above N thousand tokens,
//   max_output_tokens, else max_tokens.
// Others are passed over, so are models that are not priced by input and output tokens.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/pricing.hpp"

namespace baton::relay {

// Prices that are not in the file: a write to the cache costs 1.25 times the input, 2 times for an
// hour (Anthropic's rule); reading costs a tenth for Claude models and as much as input for others.
// For long prompts they rise as the input's does.
//
// Errors: invalid_argument, with the model, the field and what is allowed.
result<price_table> parse_price_table(std::string_view json);

}  // namespace baton::relay
