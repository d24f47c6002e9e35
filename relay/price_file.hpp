// Reads prices in the format of LiteLLM's model_prices_and_context_window.json: an object with a
// model's name and an object of its fields each. The fields read are
//   input_cost_per_token, output_cost_per_token, output_cost_per_reasoning_token,
//   cache_read_input_token_cost, cache_creation_input_token_cost,
//   cache_creation_input_token_cost_above_1hr: USD for one token, each of these
//     with _above_<N>k_tokens behind it: the same for prompts above N thousand tokens,
//     with _priority or _flex at the end: the same of that service tier,
//   provider_specific_entry.fast: how many times as much fast mode costs,
//   max_output_tokens, else max_tokens,
//   source, and two of Baton's own: as_of, the day to which the line is known to hold, and from,
//     an object with a day (UTC) and the fields that change on it each.
// Others are passed over, so are models that are not priced by input and output tokens.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/price_table.hpp"

namespace baton::relay {

inline constexpr std::size_t price_file_bytes_max = 16 << 20;

// Prices that are not in the file: a write to the cache costs 1.25 times the input, 2 times for an
// hour (Anthropic's rule); reading costs a tenth for Claude models and as much as input for others;
// reasoning costs as much as output. For long prompts and other service tiers they rise as the
// input's does.
//
// The table is that of the day `on`; without one, as if no day in it had come. Where days have
// come, its version gets the latest of them: "file-0123456789ab@2026-12-01".
//
// Errors: invalid_argument, with the model, the field and what is allowed.
result<price_table> parse_price_table(std::string_view json, std::chrono::sys_days on = {},
                                      std::string version = {});

// The same with a version that tells its content: "file-" and twelve hex digits of its SHA-256.
result<price_table> read_price_file(std::string_view json, std::chrono::sys_days on);

}  // namespace baton::relay
