// How long the choice of an account takes.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "relay/account_pool.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/session_table.hpp"

namespace {

using namespace baton;

constexpr std::size_t sessions_max = 100'000;

std::string id_of(std::int64_t number) {
  return "account-" + std::to_string(number);
}

// `count` accounts in so many priorities.
relay::account_pool make_pool(std::int64_t count, std::int64_t priorities = 10) {
  std::vector<relay::ready_account_ptr> accounts;
  for (std::int64_t n = 0; n < count; ++n) {
    relay::account config;
    config.id = account_id(id_of(n));
    config.platform = "claude-console";
    config.name = config.id.value();
    config.api_url = "http://127.0.0.1:9";
    config.credential.api_key = "sk-ant-test";
    config.priority = static_cast<int>(1 + n % priorities);
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
  if (!pool.choose(request).account) state.SkipWithError("no account was chosen");
  for (auto _ : state) benchmark::DoNotOptimize(pool.choose(request));
}
BENCHMARK(choose_among_accounts)->Arg(1)->Arg(1000);

// The worst case: all but the last of the worst priority are away.
void choose_the_only_one_left(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0));
  const auto now = steady_now();
  for (std::int64_t n = 0; n + 1 < state.range(0); ++n) {
    pool.update(account_id(id_of(n)), {.away_until = now + std::chrono::hours(1)});
  }
  const auto request = request_at(now);
  if (!pool.choose(request).account) state.SkipWithError("no account was chosen");
  for (auto _ : state) benchmark::DoNotOptimize(pool.choose(request));
}
BENCHMARK(choose_the_only_one_left)->Arg(1000);

// Nobody can: why, is looked up in all.
void refuse_a_request(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0));
  const auto now = steady_now();
  for (std::int64_t n = 0; n < state.range(0); ++n)
    pool.update(account_id(id_of(n)), {.full = true});
  const auto request = request_at(now);
  if (!pool.choose(request).may_wait) state.SkipWithError("the request was not refused");
  for (auto _ : state) benchmark::DoNotOptimize(pool.choose(request));
}
BENCHMARK(refuse_a_request)->Arg(1000);

// The sessions of a worker in the order in which they come: a fixed one, but like chance.
class sessions {
 public:
  explicit sessions(std::size_t count) {
    std::mt19937_64 random(1);
    while (keys_.size() < count) keys_.push_back({random(), random()});
  }
  const relay::session_key& next() {
    const auto& key = keys_[at_];
    at_ = at_ + 1 == keys_.size() ? 0 : at_ + 1;
    return key;
  }
  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<relay::session_key> keys_;
  std::size_t at_ = 0;
};

// A scheduler's whole decision, as scheduler_actor::choose_for_session makes it, but for the
// messages to others.
relay::choice choose_for_session(relay::session_table& table, relay::account_pool& pool,
                                 const relay::session_key& key, std::uint64_t branch,
                                 relay::choice_request& request) {
  using standing = relay::account_pool::standing;
  if (const auto bound = table.find(key, request.now)) {
    const account_id account = *bound.account;
    auto own = request;
    own.trust_full = false;
    switch (pool.assess(account, own)) {
      case standing::usable: return pool.take(account, request);
      case standing::busy: request.spread = key.low ^ branch; return pool.choose(request);
      case standing::unfit: table.drop(key, account, request.now);
    }
  }
  request.spread = key.low;
  auto chosen = pool.choose(request);
  if (chosen.account) table.bind(key, chosen.account->config.id, request.now, request.now);
  return chosen;
}

// A named session's first request: the accounts of one priority are weighed.
void choose_for_a_new_session(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0), 1);
  sessions all(sessions_max);
  auto request = request_at(steady_now());
  for (auto _ : state) {
    request.spread = all.next().low;
    benchmark::DoNotOptimize(pool.choose(request));
  }
}
BENCHMARK(choose_for_a_new_session)->Arg(10)->Arg(100)->Arg(1000);

// The same with its place in a table that is full.
void decide_for_a_new_session(benchmark::State& state) {
  relay::account_pool pool = make_pool(state.range(0), 1);
  relay::session_table table({.sessions_max = sessions_max});
  sessions all(2 * sessions_max);
  const auto request = request_at(steady_now());
  for (auto _ : state) {
    auto one = request;
    benchmark::DoNotOptimize(choose_for_session(table, pool, all.next(), 1, one));
  }
}
BENCHMARK(decide_for_a_new_session)->Arg(1000);

// A session that is bound, to an account that is `status`.
void decide_for_known_sessions(benchmark::State& state, const relay::account_status& status) {
  const auto now = steady_now();
  relay::account_pool pool = make_pool(state.range(0), 1);
  relay::session_table table({.sessions_max = sessions_max});
  sessions all(sessions_max);
  const auto request = request_at(now);
  for (std::size_t n = 0; n < all.size(); ++n) {
    auto one = request;
    choose_for_session(table, pool, all.next(), 1, one);
  }
  // Half of them, so that there are others to go to.
  for (std::int64_t n = 0; n < state.range(0); n += 2) pool.update(account_id(id_of(n)), status);
  for (auto _ : state) {
    auto one = request;
    benchmark::DoNotOptimize(choose_for_session(table, pool, all.next(), 1, one));
  }
  state.counters["sessions"] = static_cast<double>(table.size());
}

void decide_for_a_sticky_session(benchmark::State& state) {
  decide_for_known_sessions(state, {});
}
BENCHMARK(decide_for_a_sticky_session)->Arg(1000);

// Half of the sessions find their account away and go to another for this time.
void decide_for_sessions_half_of_which_spill(benchmark::State& state) {
  decide_for_known_sessions(state, {.away_until = steady_now() + std::chrono::hours(1)});
}
BENCHMARK(decide_for_sessions_half_of_which_spill)->Arg(1000);

}  // namespace
