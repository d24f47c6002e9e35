#include "relay/pricing.hpp"

#include <algorithm>
#include <limits>

namespace baton::relay {
namespace {

__extension__ typedef __int128 wide_int;  // holds the product of any two counts

constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();

wide_int count(std::int64_t tokens) {
  return std::max<std::int64_t>(tokens, 0);
}

std::int64_t prompt_tokens(const token_usage& usage) {
  const auto sum = count(usage.input) + count(usage.cache_read) + count(usage.cache_write_5m) +
                   count(usage.cache_write_1h);
  return static_cast<std::int64_t>(std::min<wide_int>(sum, int64_max));
}

// Above int64_max nano-USD it is cut, so that a sum of products stays in range.
wide_int product(std::int64_t tokens, std::int64_t rate) {
  return std::min<wide_int>(count(tokens) * rate, wide_int{int64_max} * 1001);
}

std::int64_t nanousd(const token_rates& rates, const token_usage& usage) {
  const auto picousd = product(usage.input, rates.input) + product(usage.output, rates.output) +
                       product(usage.cache_read, rates.cache_read) +
                       product(usage.cache_write_5m, rates.cache_write_5m) +
                       product(usage.cache_write_1h, rates.cache_write_1h) +
                       product(usage.reasoning, rates.reasoning_or_output());
  return static_cast<std::int64_t>(std::min<wide_int>((picousd + 500) / 1000, int64_max));
}

// The highest ones that a prompt of up to this length can have; `input` is that of all its tokens.
token_rates dearest_rates(const model_price& price, std::int64_t prompt_tokens) {
  token_rates most;
  const auto raise = [&most](const token_rates& rates) {
    most.input = std::max(
        {most.input, rates.input, rates.cache_read, rates.cache_write_5m, rates.cache_write_1h});
    most.output = std::max({most.output, rates.output, rates.reasoning_or_output()});
  };
  raise(price.rates);
  for (const auto& tier : price.tiers) {
    if (prompt_tokens > tier.prompt_tokens_above) raise(tier.rates);
  }
  return most;
}

cost charged(std::int64_t spent, const rates& by, bool by_fallback) {
  return {spent, rated(spent, by.service, by.key), by_fallback};
}

}  // namespace

cost cost_of(const price_table& table, std::string_view model, const token_usage& usage,
             const rates& by, service_tier tier) {
  const auto* const known = table.find(model);
  const auto& price = known == nullptr ? table.unknown() : *known;
  return charged(nanousd(price.rates_for(prompt_tokens(usage), tier), usage), by, known == nullptr);
}

cost estimate_cost(const price_table& table, std::string_view model, std::int64_t input_tokens,
                   std::int64_t output_tokens_max, const rates& by) {
  const auto* const known = table.find(model);
  const auto& price = known == nullptr ? table.unknown() : *known;
  const bool model_limits = price.output_tokens_max > 0 &&
                            (output_tokens_max <= 0 || price.output_tokens_max < output_tokens_max);
  token_usage most;
  most.input = input_tokens;
  most.output = model_limits ? price.output_tokens_max : output_tokens_max;
  if (most.output <= 0) most.output = unlimited_output_tokens;
  return charged(nanousd(dearest_rates(price, input_tokens), most), by, known == nullptr);
}

}  // namespace baton::relay
