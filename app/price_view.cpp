#include "app/price_view.hpp"

#include <algorithm>

#include "app/setting_rules.hpp"

namespace baton::app {

// A pico-USD for a token is a millionth of a USD for a million of them.
std::string shown_rate(std::int64_t picousd_per_token) {
  return spell_millionths(picousd_per_token);
}

std::vector<rate_row> rate_rows(const relay::model_price& price) {
  std::vector<rate_row> rows;
  rows.push_back({relay::service_tier::standard, 0, price.rates});
  for (const auto& tier : price.tiers) {
    rows.push_back({relay::service_tier::standard, tier.prompt_tokens_above, tier.rates});
  }
  for (const auto& service : price.services) {
    rows.push_back({service.tier, 0, service.rates});
    for (const auto& tier : service.tiers) {
      rows.push_back({service.tier, tier.prompt_tokens_above, tier.rates});
    }
  }
  return rows;
}

nlohmann::ordered_json price_json(std::string_view model, const relay::model_price& price) {
  auto rates = nlohmann::ordered_json::array();
  for (const auto& row : rate_rows(price)) {
    rates.push_back({{"serviceTier", relay::to_string(row.tier)},
                     {"promptTokensAbove", row.prompt_tokens_above},
                     {"input", shown_rate(row.rates.input)},
                     {"output", shown_rate(row.rates.output)},
                     {"reasoning", shown_rate(row.rates.reasoning_or_output())},
                     {"cacheRead", shown_rate(row.rates.cache_read)},
                     {"cacheWrite5m", shown_rate(row.rates.cache_write_5m)},
                     {"cacheWrite1h", shown_rate(row.rates.cache_write_1h)}});
  }
  return {
      {"model", model},      {"entry", price.entry},   {"maxOutputTokens", price.output_tokens_max},
      {"asOf", price.as_of}, {"source", price.source}, {"usdPerMillionTokens", std::move(rates)}};
}

bool same_rates(const relay::model_price& a, const relay::model_price& b) {
  const auto of_a = rate_rows(a), of_b = rate_rows(b);
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](const rate_row& x, const rate_row& y) {
                      return x.tier == y.tier && x.prompt_tokens_above == y.prompt_tokens_above &&
                             x.rates == y.rates;
                    });
}

}  // namespace baton::app
