#include "relay/pricing.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace baton::relay {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

// Of Sonnet: 3, 15, 0.30, 3.75 and 6 USD for a million tokens.
constexpr token_rates sonnet = {3'000'000, 15'000'000, 300'000, 3'750'000, 6'000'000};
constexpr token_rates sonnet_long = {6'000'000, 22'500'000, 600'000, 7'500'000, 12'000'000};

price_table table_of(std::string name, model_price price) {
  price_table::prices prices;
  prices.emplace(std::move(name), std::move(price));
  return price_table(std::move(prices));
}

price_table table_of_names(std::initializer_list<std::pair<std::string_view, std::int64_t>> names) {
  price_table::prices prices;
  for (const auto& [name, input] : names) {
    prices[std::string(name)].rates.input = input;
  }
  return price_table(std::move(prices));
}

std::int64_t input_rate(const price_table& table, std::string_view model) {
  const auto* const price = table.find(model);
  return price == nullptr ? -1 : price->rates.input;
}

TEST(pricing, adds_up_every_class_of_tokens_at_its_own_rate) {
  const auto table = table_of("m", {sonnet, {}, 0});
  token_usage usage;
  usage.input = 1'000;           //  3'000'000 nano-USD
  usage.output = 500;            //  7'500'000
  usage.cache_read = 10'000;     //  3'000'000
  usage.cache_write_5m = 2'000;  //  7'500'000
  usage.cache_write_1h = 300;    //  1'800'000
  usage.reasoning = 100;         //  1'500'000, as output
  EXPECT_EQ(cost_of(table, "m", usage), (cost{24'300'000, 24'300'000, false}));
  EXPECT_EQ(cost_of(table, "m", {}), (cost{0, 0, false}));
}

TEST(pricing, a_long_prompt_has_the_rates_of_its_tier_for_all_its_tokens) {
  const auto table = table_of("m", {sonnet, {{200'000, sonnet_long}}, 0});
  token_usage usage;
  usage.input = 50'000;
  usage.cache_read = 100'000;
  usage.cache_write_5m = 30'000;
  usage.cache_write_1h = 20'000;
  usage.output = 1'000;
  // 150'000'000 + 30'000'000 + 112'500'000 + 120'000'000 + 15'000'000: 200'000 is not above it.
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 427'500'000);
  usage.cache_read += 1;
  // Twice the prompt's and 22.5 USD for a million of output.
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 2 * 412'500'000 + 600 + 22'500'000);
}

TEST(pricing, output_does_not_make_a_prompt_long) {
  const auto table = table_of("m", {sonnet, {{200'000, sonnet_long}}, 0});
  token_usage usage;
  usage.output = 300'000;
  usage.reasoning = 300'000;
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 9'000'000'000);
}

TEST(pricing, the_highest_tier_reached_counts) {
  token_rates low, middle, high;
  low.input = 1'000, middle.input = 2'000, high.input = 3'000;
  const model_price price{low, {{100, middle}, {200, high}}, 0};
  EXPECT_EQ(price.rates_for(100), low);
  EXPECT_EQ(price.rates_for(101), middle);
  EXPECT_EQ(price.rates_for(200), middle);
  EXPECT_EQ(price.rates_for(201), high);
}

TEST(pricing, an_unknown_model_has_the_fallback_rates_and_is_marked) {
  token_usage usage;
  usage.input = 1'000'000;
  usage.output = 1'000'000;
  usage.cache_write_5m = 1'000'000;
  usage.cache_read = 1'000'000;
  EXPECT_EQ(cost_of(price_table(), "who", usage), (cost{22'050'000'000, 22'050'000'000, true}));
  EXPECT_EQ(cost_of(price_table(), "", {}), (cost{0, 0, true}));
}

TEST(pricing, rounds_half_up_and_only_once) {
  token_rates rates;
  rates.input = 250;
  rates.output = 249;
  const auto table = table_of("m", {rates, {}, 0});
  token_usage usage;
  usage.input = 1;
  usage.output = 1;
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 0);  // 499 pico-USD
  usage.input = 2;
  usage.output = 0;
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 1);  // 500
  usage.input = 3;
  usage.output = 3;
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 1);  // 1497; each rounded alone would be 2
}

TEST(pricing, too_much_is_the_largest_value_and_less_than_nothing_is_nothing) {
  const token_rates dearest = {largest, largest, largest, largest, largest};
  const auto table = table_of("m", {dearest, {}, 0});
  token_usage usage{largest, largest, largest, largest, largest, largest};
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, largest);
  EXPECT_EQ(cost_of(price_table(), "m", usage).nanousd, largest);
  EXPECT_EQ(estimate_cost(price_table(), "m", largest, largest).nanousd, largest);
  const auto tiered = table_of("m", {sonnet, {{largest - 1, sonnet_long}}, 0});
  EXPECT_EQ(cost_of(tiered, "m", usage).nanousd, largest);
  usage = {-1, -2, -3, -4, std::numeric_limits<std::int64_t>::min(), -5};
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 0);
  EXPECT_EQ(estimate_cost(table_of("m", {sonnet, {}, 0}), "m", -1, -1).nanousd,
            unlimited_output_tokens * 15'000);
}

TEST(pricing, finds_a_model_behind_what_clouds_put_around_its_name) {
  const auto table = table_of_names({{"claude-x-4", 4}, {"llama3", 3}});
  for (const auto* name :
       {"claude-x-4", "claude-x-4-20260131", "anthropic.claude-x-4-20260131-v1:0",
        "us.anthropic.claude-x-4-20260131-v2:0", "eu.anthropic.claude-x-4-v1",
        "apac.anthropic.claude-x-4", "global.anthropic.claude-x-4-v1:0", "claude-x-4-latest"}) {
    EXPECT_EQ(input_rate(table, name), 4) << name;
  }
  EXPECT_EQ(input_rate(table, "llama3:latest"), 3);
  for (const auto* name : {"claude-x", "claude-x-45", "claude-x-4-2026", "xclaude-x-4", "", "-v1:0",
                           "us.", "claude-x-4-v:0", "claude-x-4:0", "Claude-X-4"}) {
    EXPECT_EQ(table.find(name), nullptr) << name;
  }
}

TEST(pricing, the_nearest_spelling_of_a_name_wins) {
  const auto table = table_of_names({{"claude-x-4", 1},
                                     {"claude-x-4-20260131", 2},
                                     {"anthropic.claude-x-4-20260131-v1:0", 3},
                                     {"us.anthropic.claude-x-4-20260131-v1:0", 4}});
  EXPECT_EQ(input_rate(table, "claude-x-4"), 1);
  EXPECT_EQ(input_rate(table, "claude-x-4-20260131"), 2);
  EXPECT_EQ(input_rate(table, "claude-x-4-20260202"), 1);
  EXPECT_EQ(input_rate(table, "eu.anthropic.claude-x-4-20260131-v1:0"), 3);
  EXPECT_EQ(input_rate(table, "us.anthropic.claude-x-4-20260131-v1:0"), 4);
}

TEST(pricing, a_name_without_a_date_means_the_latest_snapshot) {
  const auto table = table_of_names({{"claude-x-20250101", 1}, {"claude-x-20260101", 2}});
  EXPECT_EQ(input_rate(table, "claude-x"), 2);
  EXPECT_EQ(input_rate(table, "claude-x-20250101"), 1);
  EXPECT_EQ(input_rate(table, "anthropic.claude-x-v1:0"), 2);
}

TEST(pricing, a_date_can_have_dashes) {
  const auto table = table_of_names({{"gpt-x", 1}, {"gpt-x-2024-05-13", 2}, {"o9-2025-04-16", 3}});
  EXPECT_EQ(input_rate(table, "gpt-x-2024-08-06"), 1);
  EXPECT_EQ(input_rate(table, "gpt-x-2024-05-13"), 2);
  EXPECT_EQ(input_rate(table, "o9"), 3);
  EXPECT_EQ(input_rate(table, "o9-2026-01-01"), 3);
  for (const auto* name : {"gpt-x-2024-08-6", "gpt-x-2024-0806", "gpt-x-2024-08-06-", "-2024-08-06",
                           "gpt-x-20240-8-06", "gpt-x2024-08-06", "2024-08-06"}) {
    EXPECT_EQ(table.find(name), nullptr) << name;
  }
}

TEST(pricing, finds_a_model_behind_the_name_of_geminis_collection) {
  const auto table = table_of_names({{"gemini-x", 1}, {"models/gemini-y", 2}});
  EXPECT_EQ(input_rate(table, "models/gemini-x"), 1);
  EXPECT_EQ(input_rate(table, "models/gemini-x-latest"), 1);
  EXPECT_EQ(input_rate(table, "models/gemini-y"), 2);
  for (const auto* name : {"models/", "models/models/gemini-x", "tunedModels/gemini-x"}) {
    EXPECT_EQ(table.find(name), nullptr) << name;
  }
}

TEST(pricing, an_estimate_is_never_below_the_cost) {
  const auto table = table_of("m", {sonnet, {{200'000, sonnet_long}}, 64'000});
  // All of the input could be written to the cache for an hour.
  EXPECT_EQ(estimate_cost(table, "m", 1'000, 2'000),
            (cost{6'000'000 + 30'000'000, 6'000'000 + 30'000'000, false}));
  EXPECT_EQ(estimate_cost(table, "m", 200'001, 0).nanousd, 2'400'012'000 + 1'440'000'000);
  for (const std::int64_t prompt : {10, 200'000, 200'001, 900'000}) {
    const auto most = estimate_cost(table, "m", prompt, 5'000).nanousd;
    const auto part = prompt / 5;
    for (const auto& usage :
         {token_usage{prompt, 5'000, 0, 0, 0}, token_usage{0, 5'000, prompt, 0, 0},
          token_usage{0, 5'000, 0, prompt, 0}, token_usage{0, 5'000, 0, 0, prompt},
          token_usage{part, 4'999, part, part, part}}) {
      EXPECT_LE(cost_of(table, "m", usage).nanousd, most);
    }
  }
}

TEST(pricing, an_estimate_is_enough_where_long_prompts_are_cheaper) {
  const auto table = table_of("m", {sonnet_long, {{100, sonnet}}, 0});
  EXPECT_EQ(estimate_cost(table, "m", 101, 1).nanousd, 101 * 12'000 + 22'500);
}

TEST(pricing, an_estimate_knows_what_the_model_gives_at_most) {
  const auto table = table_of("m", {sonnet, {}, 64'000});
  EXPECT_EQ(estimate_cost(table, "m", 0, 0).nanousd, 64'000 * 15'000);
  EXPECT_EQ(estimate_cost(table, "m", 0, 1'000'000).nanousd, 64'000 * 15'000);
  EXPECT_EQ(estimate_cost(table, "m", 0, 10).nanousd, 10 * 15'000);
  EXPECT_EQ(estimate_cost(price_table(), "m", 0, 10), (cost{10 * 15'000, 10 * 15'000, true}));
}

TEST(pricing, reasoning_has_its_own_rate_where_there_is_one) {
  auto rates = sonnet;
  rates.reasoning = 20'000'000;
  const auto table = table_of("m", {rates, {}, 0});
  token_usage usage;
  usage.output = 100;
  usage.reasoning = 10;
  EXPECT_EQ(cost_of(table, "m", usage).nanousd, 100 * 15'000 + 10 * 20'000);
  EXPECT_EQ(estimate_cost(table, "m", 0, 110).nanousd, 110 * 20'000);
}

TEST(pricing, a_service_tier_has_its_own_rates_where_there_are_some) {
  model_price price{sonnet, {{200'000, sonnet_long}}, 0};
  token_rates double_rates = sonnet, double_long = sonnet_long;
  double_rates.input *= 2, double_long.input *= 2;
  price.services.push_back({service_tier::priority, double_rates, {{200'000, double_long}}});
  const auto table = table_of("m", std::move(price));
  token_usage usage;
  usage.input = 1'000;
  EXPECT_EQ(cost_of(table, "m", usage, {}, service_tier::standard).nanousd, 3'000'000);
  EXPECT_EQ(cost_of(table, "m", usage, {}, service_tier::priority).nanousd, 6'000'000);
  EXPECT_EQ(cost_of(table, "m", usage, {}, service_tier::flex).nanousd, 3'000'000);
  EXPECT_EQ(cost_of(table, "who", usage, {}, service_tier::priority).nanousd, 3'000'000);
  usage.input = 200'001;
  EXPECT_EQ(cost_of(table, "m", usage, {}, service_tier::priority).nanousd, 200'001 * 12'000ll);
}

TEST(pricing, rates_make_the_rated_cost_and_leave_the_real_one) {
  const auto table = table_of("m", {sonnet, {}, 0});
  token_usage usage;
  usage.input = 1'000;
  const rates by{1'500'000, 500'000};
  EXPECT_EQ(cost_of(table, "m", usage, by), (cost{3'000'000, 2'250'000, false}));
  EXPECT_EQ(estimate_cost(table, "m", 1'000, 0, by), (cost{1'926'000'000, 1'444'500'000, false}))
      << "and 128,000 tokens of output, as nothing limits it";
  EXPECT_EQ(cost_of(table, "m", usage, {0, 0}), (cost{3'000'000, 0, false}));
}

// The example of docs/pricing.md.
TEST(pricing, a_worked_example_is_right_to_the_nanodollar) {
  const auto table = table_of("m", {sonnet, {}, 0});
  token_usage usage;
  usage.input = 1'234;
  usage.output = 567;
  usage.cache_read = 45'678;
  usage.cache_write_5m = 2'048;
  usage.cache_write_1h = 256;
  usage.reasoning = 89;
  EXPECT_EQ(cost_of(table, "m", usage, {1'250'000, 900'000}),
            (cost{36'461'400, 41'019'075, false}));
}

TEST(pricing, a_line_for_all_others_takes_the_place_of_the_fallback) {
  price_table::prices prices;
  prices["m"].rates = sonnet;
  prices["*"].rates.input = 1'000'000;
  const price_table table(std::move(prices));
  token_usage usage;
  usage.input = 1'000;
  EXPECT_EQ(cost_of(table, "who", usage), (cost{1'000'000, 1'000'000, true}));
  EXPECT_EQ(cost_of(table, "*", usage), (cost{1'000'000, 1'000'000, true}));
  EXPECT_EQ(cost_of(table, "m", usage).by_fallback, false);
  table.each_name([](const std::string& name) { EXPECT_EQ(name, "m"); });
}

TEST(pricing, a_table_that_was_moved_finds_what_it_found) {
  auto table = table_of_names({{"claude-x-20250101", 1}, {"m", 2}});
  const price_table moved(std::move(table));
  EXPECT_EQ(input_rate(moved, "claude-x"), 1);
  EXPECT_EQ(input_rate(moved, "m"), 2);
  EXPECT_EQ(moved.size(), 3u);
}

}  // namespace
}  // namespace baton::relay
