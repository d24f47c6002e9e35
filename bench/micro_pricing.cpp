// What it takes to price a request: once for each, when it ends.
#include <benchmark/benchmark.h>

#include <string>

#include "relay/bundled_prices.hpp"
#include "relay/pricing.hpp"

namespace {

using namespace baton;

constexpr relay::rates raised{1'250'000, 900'000};

relay::token_usage usual_usage() {
  relay::token_usage usage;
  usage.input = 1'234;
  usage.output = 567;
  usage.cache_read = 45'678;
  usage.cache_write_5m = 2'048;
  return usage;
}

// As many lines as LiteLLM's file has.
relay::price_table large_table() {
  relay::price_table::prices prices;
  for (int i = 0; i < 2'500; ++i) {
    prices["some-provider/some-model-" + std::to_string(i)].rates = relay::fallback_rates;
  }
  prices["claude-sonnet-4-5"].rates = relay::fallback_rates;
  return relay::price_table(std::move(prices));
}

void find_price(benchmark::State& state, const std::string& model) {
  const auto table = large_table();
  for (auto _ : state) benchmark::DoNotOptimize(table.find(model));
}
BENCHMARK_CAPTURE(find_price, by_its_name, "claude-sonnet-4-5");
BENCHMARK_CAPTURE(find_price, of_bedrock, "us.anthropic.claude-sonnet-4-5-20250929-v1:0");
BENCHMARK_CAPTURE(find_price, unknown, "us.anthropic.claude-unheard-of-20250929-v1:0");

void charge(benchmark::State& state) {
  const auto table = large_table();
  const std::string model = "claude-sonnet-4-5";
  const auto usage = usual_usage();
  for (auto _ : state) benchmark::DoNotOptimize(relay::cost_of(table, model, usage, raised));
}
BENCHMARK(charge);

void estimate(benchmark::State& state) {
  const auto table = large_table();
  const std::string model = "claude-sonnet-4-5";
  for (auto _ : state) {
    benchmark::DoNotOptimize(relay::estimate_cost(table, model, 50'000, 4'096, raised));
  }
}
BENCHMARK(estimate);

void read_bundled_prices(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(relay::bundled_price_table({}));
}
BENCHMARK(read_bundled_prices)->Unit(benchmark::kMicrosecond);

}  // namespace
