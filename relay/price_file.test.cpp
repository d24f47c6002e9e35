#include "relay/price_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

price_table parsed(std::string_view json) {
  auto table = parse_price_table(json);
  EXPECT_TRUE(table) << table.error().text;
  return table ? *std::move(table) : price_table();
}

model_price only(std::string_view model, std::string_view fields) {
  const auto table = parsed("{\"" + std::string(model) + "\": {" + std::string(fields) + "}}");
  const auto* const price = table.find(model);
  return price == nullptr ? model_price() : *price;
}

std::string failure(std::string_view json) {
  const auto table = parse_price_table(json);
  if (table) return "parsed";
  EXPECT_EQ(table.error().code, error_code::invalid_argument);
  return table.error().text;
}

TEST(price_file, reads_an_entry_as_litellm_writes_it) {
  const auto price = only("claude-x", R"("cache_creation_input_token_cost": 3.75e-06,
    "cache_creation_input_token_cost_above_1hr": 7e-06,
    "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.4e-05,
    "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
    "cache_read_input_token_cost": 3e-07, "cache_read_input_token_cost_above_200k_tokens": 6e-07,
    "input_cost_per_token": 3e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
    "input_cost_per_token_above_200k_tokens_priority": 9, "litellm_provider": "anthropic",
    "max_input_tokens": 1000000, "max_output_tokens": 64000, "max_tokens": 8192, "mode": "chat",
    "output_cost_per_token": 1.5e-05, "output_cost_per_token_above_200k_tokens": 2.25e-05,
    "search_context_cost_per_query": {"search_context_size_high": 0.01},
    "supported_regions": ["global", {"deep": [[1]]}], "supports_vision": true)");
  EXPECT_EQ(price.rates, (token_rates{3'000'000, 15'000'000, 300'000, 3'750'000, 7'000'000}));
  ASSERT_EQ(price.tiers.size(), 1u);
  EXPECT_EQ(price.tiers[0].prompt_tokens_above, 200'000);
  EXPECT_EQ(price.tiers[0].rates,
            (token_rates{6'000'000, 22'500'000, 600'000, 7'500'000, 14'000'000}));
  EXPECT_EQ(price.output_tokens_max, 64'000);
}

TEST(price_file, prices_that_are_not_given_follow_from_the_inputs) {
  constexpr std::string_view fields =
      R"("input_cost_per_token": 3e-06, "output_cost_per_token": 15e-06)";
  EXPECT_EQ(only("claude-x", fields).rates,
            (token_rates{3'000'000, 15'000'000, 300'000, 3'750'000, 6'000'000}));
  EXPECT_EQ(only("gpt-x", fields).rates,
            (token_rates{3'000'000, 15'000'000, 3'000'000, 3'750'000, 6'000'000}));
  // 1.25 times 2 pico-USD is 2.5.
  EXPECT_EQ(only("claude-x", R"("input_cost_per_token": 2e-12, "output_cost_per_token": 0)").rates,
            (token_rates{2, 0, 0, 3, 4}));
}

TEST(price_file, a_tier_raises_what_it_does_not_name_as_it_raises_the_input) {
  const auto price = only("claude-x", R"("input_cost_per_token": 3e-06,
    "output_cost_per_token": 15e-06, "cache_read_input_token_cost": 1e-06,
    "input_cost_per_token_above_272k_tokens": 6e-06, "output_cost_per_token_above_128k_tokens": 1)");
  ASSERT_EQ(price.tiers.size(), 2u);
  EXPECT_EQ(price.tiers[0].prompt_tokens_above, 128'000);
  EXPECT_EQ(price.tiers[0].rates,
            (token_rates{3'000'000, 1'000'000'000'000, 1'000'000, 3'750'000, 6'000'000}));
  EXPECT_EQ(price.tiers[1].prompt_tokens_above, 272'000);
  EXPECT_EQ(price.tiers[1].rates,
            (token_rates{6'000'000, 15'000'000, 2'000'000, 7'500'000, 12'000'000}));
  EXPECT_EQ(only("free", R"("input_cost_per_token": 0, "output_cost_per_token": 0,
    "input_cost_per_token_above_1k_tokens": 1e-12)")
                .rates_for(1'001),
            (token_rates{1, 0, 0, 0, 0}));
}

TEST(price_file, max_tokens_counts_where_max_output_tokens_is_not_given) {
  constexpr std::string_view rates = R"("input_cost_per_token": 1, "output_cost_per_token": 1)";
  EXPECT_EQ(only("m", std::string(rates) + R"(, "max_tokens": 4096)").output_tokens_max, 4096);
  EXPECT_EQ(only("m", std::string(rates) + R"(, "max_output_tokens": null , "max_tokens": 9)")
                .output_tokens_max,
            9);
  EXPECT_EQ(only("m", rates).output_tokens_max, 0);
}

TEST(price_file, models_without_prices_of_tokens_are_passed_over) {
  const auto table = parsed(R"({
    "sample_spec": {"max_tokens": "what the provider allows", "input_cost_per_token": 0},
    "image": {"output_cost_per_image": 0.04},
    "half": {"input_cost_per_token": 1e-06},
    "none": {"input_cost_per_token": null, "output_cost_per_token": 1e-06},
    "m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}})");
  for (const auto* model : {"sample_spec", "image", "half", "none"}) {
    EXPECT_EQ(table.find(model), nullptr) << model;
  }
  EXPECT_NE(table.find("m"), nullptr);
  EXPECT_EQ(parsed("{}").find("m"), nullptr);
}

TEST(price_file, a_value_that_cannot_be_used_is_told_with_its_model_and_field) {
  for (const auto* value : {"-1e-06", "1.1", "\"3e-06\"", "true", "{}", "[3]", "1e", "3e-06x"}) {
    EXPECT_EQ(failure(R"({"m": {"input_cost_per_token": )" + std::string(value) + "}}"),
              "prices: m.input_cost_per_token cannot be used; allowed: USD from 0 to 1")
        << value;
  }
  EXPECT_EQ(failure(R"({"m": {"cache_read_input_token_cost_above_200k_tokens": 2}})"),
            "prices: m.cache_read_input_token_cost_above_200k_tokens cannot be used; allowed: USD "
            "from 0 to 1");
  EXPECT_EQ(failure(R"({"m": {"max_output_tokens": "many"}})"),
            "prices: m.max_output_tokens cannot be used; allowed: a number from 0 to "
            "1099511627776");
  EXPECT_EQ(failure("{\"a\\nb\": 3}"), "prices: a\\nb must be a JSON object");
}

TEST(price_file, a_file_of_another_shape_is_refused) {
  for (const auto* json : {"[]", "3", "\"text\"", "null"}) {
    EXPECT_EQ(failure(json), "prices: the file must be a JSON object of models") << json;
  }
  for (const auto* json :
       {"", "   ", "{", R"({"m": {)", R"({"m": {}, )", "{\"m\" 3}", "{} {}", "\xff"}) {
    EXPECT_TRUE(failure(json).starts_with("prices: the file ")) << json << ": " << failure(json);
  }
  EXPECT_EQ(failure(R"({"": {}})"), "prices: the name of a model must have 1 to 256 bytes");
  EXPECT_EQ(failure("{\"" + std::string(257, 'm') + "\": {}}"),
            "prices: the name of a model must have 1 to 256 bytes");
}

TEST(price_file, a_model_that_is_there_twice_is_refused) {
  EXPECT_EQ(failure(R"({"m": {"input_cost_per_token": 1, "output_cost_per_token": 1},
                        "m": {"input_cost_per_token": 0, "output_cost_per_token": 0}})"),
            "prices: m is there twice");
}

TEST(price_file, what_it_keeps_is_bounded) {
  EXPECT_EQ(failure(std::string((16 << 20) + 1, ' ')), "prices: the file is larger than 16 MiB");
  std::string tiers = R"({"m": {)";
  for (int i = 1; i <= 5; ++i) {
    tiers += "\"input_cost_per_token_above_" + std::to_string(i) + "k_tokens\": 0,";
  }
  tiers.back() = '}';
  EXPECT_EQ(failure(tiers + '}'), "prices: m has more than 4 price tiers");
  std::string models = "{";
  for (int i = 0; i <= 20'000; ++i) {
    models +=
        '"' + std::to_string(i) + R"(":{"input_cost_per_token":0,"output_cost_per_token":0},)";
  }
  models.back() = '}';
  EXPECT_EQ(failure(models), "prices: the file has more than 20000 models");
}

}  // namespace
}  // namespace baton::relay
