#include "relay/price_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/day_text.hpp"

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
    "litellm_provider": "anthropic",
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
  EXPECT_FALSE(parse_price_table("{}", {})) << "a list without any is none";
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

constexpr std::string_view base_fields =
    R"("input_cost_per_token": 2e-06, "output_cost_per_token": 10e-06,
       "cache_read_input_token_cost": 2e-07, )";

price_table on_day(std::string_view fields, std::string_view day) {
  const auto json = "{\"m\": {" + std::string(base_fields) + std::string(fields) + "}}";
  auto table = parse_price_table(json, parse_day(day).value(), "v");
  EXPECT_TRUE(table) << table.error().text;
  return table ? *std::move(table) : price_table();
}

TEST(price_file, reasoning_has_a_price_of_its_own_if_the_file_says_so) {
  EXPECT_EQ(only("m", std::string(base_fields) + R"("output_cost_per_reasoning_token": 3e-06)")
                .rates.reasoning,
            3'000'000);
  EXPECT_FALSE(only("m", std::string(base_fields) + R"("mode": "chat")").rates.reasoning);
  const auto risen =
      only("m", std::string(base_fields) + R"("output_cost_per_reasoning_token": 3e-06,
      "output_cost_per_token_above_200k_tokens": 20e-06)");
  EXPECT_EQ(risen.rates_for(200'001).reasoning, 6'000'000);
}

TEST(price_file, service_tiers_have_their_own_prices) {
  const auto price = only("m", std::string(base_fields) + R"(
      "input_cost_per_token_priority": 4e-06, "output_cost_per_token_priority": 18e-06,
      "input_cost_per_token_flex": 1e-06, "output_cost_per_token_flex": 5e-06,
      "input_cost_per_token_above_200k_tokens": 3e-06,
      "input_cost_per_token_above_272k_tokens_priority": 9e-06)");
  const auto priority = price.rates_for(1, service_tier::priority);
  EXPECT_EQ(priority, (token_rates{4'000'000, 18'000'000, 400'000, 5'000'000, 8'000'000}));
  EXPECT_EQ(price.rates_for(1, service_tier::flex),
            (token_rates{1'000'000, 5'000'000, 100'000, 1'250'000, 2'000'000}));
  EXPECT_EQ(price.rates_for(1, service_tier::fast), price.rates);
  // Long prompts rise at a tier as they do at standard, unless the file says otherwise.
  EXPECT_EQ(price.rates_for(200'001, service_tier::priority).input, 6'000'000);
  EXPECT_EQ(price.rates_for(272'001, service_tier::priority).input, 9'000'000);
  EXPECT_EQ(price.rates_for(272'001).input, 3'000'000);
}

TEST(price_file, fast_mode_costs_a_multiple) {
  const auto price = only("claude-x", std::string(base_fields) + R"(
      "input_cost_per_token_above_200k_tokens": 3e-06,
      "provider_specific_entry": {"us": 1.1, "fast": 6.0})");
  EXPECT_EQ(price.rates_for(1, service_tier::fast),
            (token_rates{12'000'000, 60'000'000, 1'200'000, 15'000'000, 24'000'000}));
  EXPECT_EQ(price.rates_for(200'001, service_tier::fast).input, 18'000'000);
  EXPECT_TRUE(
      only("m", std::string(base_fields) + R"("provider_specific_entry": 3)").services.empty());
  EXPECT_EQ(failure(R"({"m": {"provider_specific_entry": {"fast": "6"}}})"),
            "prices: m.provider_specific_entry.fast cannot be used; allowed: a number from 0 to "
            "1000");
}

TEST(price_file, prices_change_on_the_day_that_the_file_names) {
  constexpr std::string_view fields = R"("from": {
      "2027-01-01": {"input_cost_per_token": 8e-06},
      "2026-12-01": {"input_cost_per_token": 4e-06, "output_cost_per_token": 20e-06}})";
  const auto before = on_day(fields, "2026-11-30");
  EXPECT_EQ(before.find("m")->rates.input, 2'000'000);
  EXPECT_EQ(before.version(), "v");
  EXPECT_EQ(before.next_change(), parse_day("2026-12-01"));
  const auto after = on_day(fields, "2026-12-01");
  EXPECT_EQ(after.find("m")->rates,
            (token_rates{4'000'000, 20'000'000, 200'000, 5'000'000, 8'000'000}));
  EXPECT_EQ(after.version(), "v@2026-12-01");
  EXPECT_EQ(after.next_change(), parse_day("2027-01-01"));
  const auto last = on_day(fields, "2030-01-01");
  EXPECT_EQ(last.find("m")->rates.input, 8'000'000);
  EXPECT_EQ(last.find("m")->rates.output, 20'000'000);
  EXPECT_EQ(last.version(), "v@2027-01-01");
  EXPECT_EQ(last.next_change(), std::nullopt);
}

TEST(price_file, a_change_that_cannot_be_used_is_refused_before_its_day) {
  const auto changing = [](std::string_view from) {
    return failure("{\"m\": {" + std::string(base_fields) + "\"from\": " + std::string(from) +
                   "}}");
  };
  EXPECT_EQ(changing("3"), "prices: m.from must be a JSON object");
  EXPECT_EQ(changing(R"({"2026-12-32": {}})"), "prices: m.from must have days such as 2026-01-31");
  EXPECT_EQ(changing(R"({"2026-12-01": 3})"),
            "prices: m.from must have a JSON object for each day");
  EXPECT_EQ(changing(R"({"2026-12-01": {"input_cost_per_token": -1}})"),
            "prices: m.input_cost_per_token cannot be used; allowed: USD from 0 to 1");
  std::string days = "{";
  for (int day = 1; day <= 9; ++day) days += "\"2026-12-0" + std::to_string(day) + "\": {},";
  days.back() = '}';
  EXPECT_EQ(changing(days), "prices: m.from has more than 8 days");
}

TEST(price_file, says_where_a_price_was_read) {
  const auto price = only(
      "m", std::string(base_fields) + R"("as_of": "2026-11-18", "source": "https://a.example/b")");
  EXPECT_EQ(price.as_of, "2026-11-18");
  EXPECT_EQ(price.source, "https://a.example/b");
  EXPECT_EQ(price.entry, "m");
  EXPECT_EQ(only("m", std::string(base_fields) + R"("source": 3, "as_of": {})").source, "");
  EXPECT_EQ(
      only("m", std::string(base_fields) + "\"source\": \"" + std::string(513, 's') + '"').source,
      "");
}

TEST(price_file, a_file_is_known_by_its_content) {
  const auto day = parse_day("2026-11-24").value();
  const auto version = [&](std::string_view json) { return read_price_file(json, day)->version(); };
  const std::string json = R"({"m":{"input_cost_per_token":1e-06,"output_cost_per_token":1e-06}})";
  EXPECT_EQ(version(json), "file-8e2b532105a8") << "as of sha256sum";
  EXPECT_NE(version(json + " "), version(json));
  EXPECT_FALSE(read_price_file("[]", day));
}

}  // namespace
}  // namespace baton::relay
