// How long the choice of an account takes.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "relay/account_pool.hpp"
#include "relay/platform.hpp"

namespace {

using namespace baton;

std::string id_of(std::int64_t number) {
  return "account-" + std::to_string(number);
}

// `count` accounts in ten priorities.
relay::account_pool make_pool(std::int64_t count) {
  std::vector<relay::ready_account_ptr> accounts;
  for (std::int64_t n = 0; n < count; ++n) {
    relay::account config;
    config.id = account_id(id_of(n));
    config.platform = "claude-console";
    config.name = config.id.value();
    config.api_url = "http://127.0.0.1:9";
    config.credential.api_key = "sk-ant-test";
    config.priority = static_cast<int>(1 + n % 10);
    config.models = {{"claude-sonnet-4-20250514", "claude-sonnet-4-20250514"}};
    auto ready = relay::prepare_account(std::move(config));
    accounts.push_back(std::make_shared<const relay::ready_account>(*std::move(ready)));
  }
  relay::account_pool pool;
  pool.replace(std::move(accounts));
  return pool;
}

relay::choice_request request_at(steady_time now) {
  relay::choice_request request;
  request.protocol = &relay::anthropic_api();
  request.model = "claude-sonnet-4-20250514";
  request.now = now;
  return request;
}

void choose_among_accounts(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0));
  const auto request = request_at(steady_now());
  if (!pool.choose(request)) state.SkipWithError("no account was chosen");
  for (auto _ : state) benchmark::DoNotOptimize(pool.choose(request));
}
BENCHMARK(choose_among_accounts)->Arg(1)->Arg(1000);

// The worst case: all but the last of the worst priority are cooling down.
void choose_the_only_one_left(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0));
  const auto now = steady_now();
  for (std::int64_t n = 0; n + 1 < state.range(0); ++n) {
    pool.update(account_id(id_of(n)), {.cooling_until = now + std::chrono::hours(1)});
  }
  const auto request = request_at(now);
  if (!pool.choose(request)) state.SkipWithError("no account was chosen");
  for (auto _ : state) benchmark::DoNotOptimize(pool.choose(request));
}
BENCHMARK(choose_the_only_one_left)->Arg(1000);

}  // namespace
