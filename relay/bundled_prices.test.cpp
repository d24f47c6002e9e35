#include "relay/bundled_prices.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "relay/day_text.hpp"
#include "relay/price_file.hpp"

namespace baton::relay {
namespace {

// Without the rates of cache writes, which most of these models do not have.
struct main_rates {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  friend bool operator==(const main_rates&, const main_rates&) = default;
};

main_rates main_of(const token_rates& rates) {
  return {rates.input, rates.output, rates.cache_read};
}

class bundled_prices_test : public ::testing::Test {
 protected:
  bundled_prices_test() {
    auto parsed = parse_price_table(bundled_prices());
    EXPECT_TRUE(parsed) << parsed.error().text;
    if (parsed) table_ = *std::move(parsed);
  }

  model_price of(std::string_view model) const {
    const auto* const price = table_.find(model);
    EXPECT_NE(price, nullptr) << model;
    return price == nullptr ? model_price() : *price;
  }

  price_table table_;
};

TEST_F(bundled_prices_test, have_the_models_of_anthropic) {
  EXPECT_EQ(of("claude-sonnet-4-5-20250929").rates,
            (token_rates{3'000'000, 15'000'000, 300'000, 3'750'000, 6'000'000}));
  EXPECT_EQ(of("claude-opus-5-5").rates,
            (token_rates{4'000'000, 20'000'000, 200'000, 5'000'000, 8'000'000}));
  EXPECT_EQ(of("us.anthropic.claude-haiku-4-5-20251001-v1:0").rates,
            (token_rates{1'000'000, 5'000'000, 100'000, 1'250'000, 2'000'000}));
  EXPECT_EQ(table_.find("claude-sonnet-9"), nullptr);
}

TEST_F(bundled_prices_test, haiku_costs_more_above_100_000_tokens) {
  const auto haiku = of("claude-haiku-5-5");
  EXPECT_EQ(haiku.rates_for(100'000), (token_rates{100'000, 500'000, 10'000, 125'000, 200'000}));
  EXPECT_EQ(haiku.rates_for(100'001),
            (token_rates{500'000, 2'500'000, 50'000, 625'000, 1'000'000}));
}

TEST_F(bundled_prices_test, have_the_models_of_openai) {
  const auto sol = of("gpt-6.2-sol");
  EXPECT_EQ(sol.rates_for(272'000),
            (token_rates{2'000'000, 10'000'000, 100'000, 2'500'000, 4'000'000}));
  EXPECT_EQ(sol.rates_for(272'001),
            (token_rates{4'000'000, 15'000'000, 200'000, 5'000'000, 8'000'000}));
  EXPECT_EQ(sol.output_tokens_max, 128'000);
  EXPECT_EQ(main_of(of("gpt-5-codex").rates), (main_rates{1'250'000, 10'000'000, 125'000}));
  EXPECT_EQ(main_of(of("gpt-4.1-nano").rates), (main_rates{100'000, 400'000, 25'000}));
  EXPECT_EQ(main_of(of("o4-mini").rates), (main_rates{1'100'000, 4'400'000, 275'000}));
  EXPECT_EQ(of("text-embedding-3-small").rates.input, 20'000);
  EXPECT_EQ(of("text-embedding-3-small").rates.output, 0);
}

TEST_F(bundled_prices_test, have_the_models_of_google) {
  const auto pro = of("models/gemini-2.5-pro");
  EXPECT_EQ(main_of(pro.rates_for(200'000)), (main_rates{1'250'000, 10'000'000, 125'000}));
  EXPECT_EQ(main_of(pro.rates_for(200'001)), (main_rates{2'500'000, 15'000'000, 250'000}));
  EXPECT_EQ(pro.output_tokens_max, 65'536);
  EXPECT_EQ(main_of(of("gemini-2.5-flash-lite").rates), (main_rates{100'000, 400'000, 10'000}));
  EXPECT_EQ(main_of(of("gemini-4-hydrogen").rates), (main_rates{1'500'000, 7'500'000, 75'000}));
  EXPECT_EQ(of("gemini-embedding-001").rates.input, 150'000);
}

TEST_F(bundled_prices_test, have_snapshots_by_the_names_without_their_dates) {
  EXPECT_EQ(main_of(of("gpt-4o-2024-08-06").rates), (main_rates{2'500'000, 10'000'000, 1'250'000}));
  EXPECT_EQ(main_of(of("gpt-5-2025-08-07").rates), (main_rates{1'250'000, 10'000'000, 125'000}));
  // This one has a price of its own, and none for cached input.
  EXPECT_EQ(main_of(of("gpt-4o-2024-05-13").rates), (main_rates{5'000'000, 15'000'000, 5'000'000}));
}

TEST_F(bundled_prices_test, change_on_the_day_that_an_introductory_price_ends) {
  const auto on = [](std::string_view day) {
    return bundled_price_table(parse_day(day).value()).value();
  };
  const auto input = [](const price_table& table, std::string_view model) {
    return main_of(table.find(model)->rates);
  };
  const auto november = on("2026-11-30"), december = on("2026-12-01"), january = on("2027-01-01");
  EXPECT_EQ(input(november, "gemini-4-argon"), (main_rates{2'000'000, 10'000'000, 100'000}));
  EXPECT_EQ(input(december, "gemini-4-argon"), (main_rates{4'000'000, 20'000'000, 200'000}));
  EXPECT_EQ(input(december, "gemini-3.8-flash"), (main_rates{750'000, 3'750'000, 75'000}));
  EXPECT_EQ(input(january, "gemini-3.8-flash"), (main_rates{1'500'000, 7'500'000, 150'000}));
  EXPECT_EQ(november.version(), bundled_version());
  EXPECT_EQ(december.version(), bundled_version() + "@2026-12-01");
  EXPECT_EQ(january.version(), bundled_version() + "@2027-01-01");
  EXPECT_EQ(january.next_change(), std::nullopt);
}

TEST_F(bundled_prices_test, are_known_by_the_day_of_their_newest_line) {
  const auto version = bundled_version();
  ASSERT_TRUE(version.starts_with("bundled-"));
  EXPECT_TRUE(parse_day(std::string_view(version).substr(8))) << version;
}

TEST_F(bundled_prices_test, say_where_and_when_each_was_read) {
  table_.each_name([this](const std::string& name) {
    const auto* const price = table_.find(name);
    ASSERT_NE(price, nullptr) << name;
    EXPECT_TRUE(parse_day(price->as_of)) << name;
    EXPECT_TRUE(price->source.starts_with("https://")) << name;
  });
}

}  // namespace
}  // namespace baton::relay
