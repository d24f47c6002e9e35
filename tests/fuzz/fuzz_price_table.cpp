// Whatever a price file holds, it is refused with a reason or gives prices within their range; and
// no request costs less than nothing, or more than its estimate.
#include <chrono>
#include <string>

#include "relay/price_file.hpp"
#include "relay/pricing.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using baton::relay::token_rates;
using baton::relay::token_usage;

constexpr std::int64_t rate_max = 1'000'000'000'000;

void check_rates(const token_rates& rates) {
  for (const auto rate :
       {rates.input, rates.output, rates.cache_read, rates.cache_write_5m, rates.cache_write_1h}) {
    baton::fuzz::require(rate >= 0 && rate <= rate_max, "a rate is within its range");
  }
  const auto reasoning = rates.reasoning_or_output();
  baton::fuzz::require(reasoning >= 0 && reasoning <= rate_max, "a rate is within its range");
}

void check_model(const baton::relay::model_price& price) {
  check_rates(price.rates);
  for (const auto& service : price.services) {
    check_rates(service.rates);
    for (const auto& tier : service.tiers) check_rates(tier.rates);
  }
  std::int64_t before = 0;
  for (const auto& tier : price.tiers) {
    check_rates(tier.rates);
    baton::fuzz::require(tier.prompt_tokens_above > before, "tiers rise");
    before = tier.prompt_tokens_above;
  }
  baton::fuzz::require(price.output_tokens_max >= 0, "no model gives less than nothing");
}

void check_cost(const baton::relay::price_table& table, std::string_view model,
                std::int64_t prompt) {
  const auto fifth = prompt / 5;
  const auto most = baton::relay::estimate_cost(table, model, prompt, 1);
  for (const auto& usage :
       {token_usage{prompt, 0, 0, 0, 0}, token_usage{0, 1, prompt, 0, 0},
        token_usage{0, 0, 0, prompt, 0}, token_usage{fifth, 1, fifth, fifth, fifth},
        token_usage{prompt, 0, 0, 0, 0, 1}}) {
    const auto cost = baton::relay::cost_of(table, model, usage);
    baton::fuzz::require(cost.nanousd >= 0, "no request gives money back");
    baton::fuzz::require(cost.nanousd <= most.nanousd, "the estimate is enough");
    baton::fuzz::require(cost.by_fallback == (table.find(model) == nullptr), "fallback is marked");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json = baton::fuzz::as_text(data, size);
  const auto on = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1);
  const auto table = baton::relay::parse_price_table(json, on);
  if (!table) {
    baton::fuzz::require(table.error().text.starts_with("prices: "), "an error says what is wrong");
    return 0;
  }
  // What stands between quotes may be a model's name; the whole text tries the ways to shorten one.
  const auto quote = json.find('"');
  const auto name = quote == json.npos ? json : json.substr(quote + 1);
  for (const std::string_view model :
       {name.substr(0, name.find('"')), json, std::string_view("m")}) {
    if (const auto* const price = table->find(model)) check_model(*price);
    for (const std::int64_t prompt : {std::int64_t{0}, std::int64_t{150'000}, INT64_MAX}) {
      check_cost(*table, model, prompt);
    }
  }
  return 0;
}
