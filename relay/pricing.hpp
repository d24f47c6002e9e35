// What models cost, and what a request cost, in integers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relay/usage.hpp"

namespace baton::relay {

// In pico-USD (10^-12 USD) for one token: 3 USD for a million tokens is 3'000'000.
struct token_rates {
  std::int64_t input = 0;
  std::int64_t output = 0;  // and reasoning
  std::int64_t cache_read = 0;
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  friend bool operator==(const token_rates&, const token_rates&) = default;
};

// Rates of all tokens of a request whose prompt is longer than this.
struct price_tier {
  std::int64_t prompt_tokens_above = 0;
  token_rates rates;
};

struct model_price {
  token_rates rates;
  std::vector<price_tier> tiers;       // the longest prompts last
  std::int64_t output_tokens_max = 0;  // 0: not known

  // `prompt_tokens`: input, and what is read from and written to the cache.
  const token_rates& rates_for(std::int64_t prompt_tokens) const;
};

// Prices by the models' names. Never changes: a new file makes a new table, which those who count
// are given as a price_table_ptr.
class price_table {
 public:
  using prices = std::map<std::string, model_price, std::less<>>;

  price_table() = default;  // knows no model
  explicit price_table(prices by_name);

  // The name as it is, else without what clouds and clients put around it: Gemini's "models/",
  // ":latest", the region and "anthropic." of Bedrock, its version ("-v1:0"), the date of a
  // snapshot ("-20250929", "-2025-08-07"). A name without a date finds the latest snapshot. Null if
  // none of these is known.
  const model_price* find(std::string_view model) const;

  // Calls `visit` with each name, in order.
  template <class Visit>
  void each_name(Visit visit) const {
    for (const auto& [name, price] : by_name_) visit(name);
  }

 private:
  const model_price* named(std::string_view name) const;

  prices by_name_;
};
using price_table_ptr = std::shared_ptr<const price_table>;

struct cost {
  std::int64_t nanousd = 0;
  std::int64_t rated_nanousd = 0;  // times the rates of its service and its key
  bool by_fallback = false;        // the table does not have the model
  friend bool operator==(const cost&, const cost&) = default;
};

// Of models that the table does not have, as in v1: 3 USD for a million tokens of input and so on.
inline constexpr token_rates fallback_rates = {.input = 3'000'000,
                                               .output = 15'000'000,
                                               .cache_read = 300'000,
                                               .cache_write_5m = 3'750'000,
                                               .cache_write_1h = 6'000'000};

// Rounded half up, once for the whole request. What is too much for the type is its largest value;
// a negative count is none.
cost cost_of(const price_table& table, std::string_view model, const token_usage& usage);

// What a request may cost at most, to reserve it: all of its input at the highest rate there is for
// input, and as much output as it asks for and the model gives. `input_tokens` must not be too low
// an estimate; `output_tokens_max` 0: the request does not limit it.
cost estimate_cost(const price_table& table, std::string_view model, std::int64_t input_tokens,
                   std::int64_t output_tokens_max);

}  // namespace baton::relay
