// How long it takes to find a request's session, and the session's account.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relay/api.hpp"
#include "relay/platforms/anthropic_request.hpp"
#include "relay/platforms/anthropic_session.hpp"
#include "relay/session_table.hpp"

namespace {

using namespace baton;

constexpr std::string_view session_id = "7c1b7b9e-0d53-4e3f-9a43-4d6f0c6d8a11";

// Words, line ends and quotations, as they stand in a JSON string.
std::string text(std::size_t bytes) {
  std::string words;
  while (words.size() < bytes) words += R"(Some words, a line\nand a \"quotation\". )";
  return words;
}

std::string block(std::size_t bytes, bool cached) {
  return R"({"type":"text","text":")" + text(bytes) + '"' +
         (cached ? R"(,"cache_control":{"type":"ephemeral"}})" : "}");
}

std::string small_body() {
  return R"({"model":"claude-sonnet-4-20250514","max_tokens":1024,"messages":)"
         R"([{"role":"user","content":")" +
         text(300) + R"("}]})";
}

// Like Claude Code's first turn: prompt, tools, reminders and a question.
std::string large_body() {
  std::string tools;
  for (int n = 0; n < 20; ++n) {
    tools += R"({"name":"tool","description":")" + text(2000) +
             R"(","input_schema":{"type":"object","properties":{"path":{"type":"string"}}}},)";
  }
  tools.pop_back();
  return R"({"model":"claude-opus-5-5","messages":[{"role":"user","content":[)" +
         block(25'000, false) + ',' + block(100, true) + R"(]}],"system":[)" + block(80, false) +
         ',' + block(60, true) + ',' + block(20'000, true) + R"(],"tools":[)" + tools +
         R"(],"max_tokens":32000,"stream":true})";
}

void find_session(benchmark::State& state, const std::string& body, std::string_view name) {
  const std::string padded = body + std::string(relay::json_padding_bytes, ' ');
  const auto facts =
      relay::inspect_anthropic_request(std::string_view(padded).substr(0, body.size()));
  if (!facts) return state.SkipWithError("the body was refused");
  for (auto _ : state) {
    const auto session = relay::anthropic_session(*facts, name, session_id);
    if (!session.key || session.branch == 0) state.SkipWithError("no session was found");
    benchmark::DoNotOptimize(session);
  }
  state.counters["body_bytes"] = static_cast<double>(body.size());
}
BENCHMARK_CAPTURE(find_session, small_named, small_body(), session_id);
BENCHMARK_CAPTURE(find_session, small_unnamed, small_body(), "");
BENCHMARK_CAPTURE(find_session, large_named, large_body(), session_id);
BENCHMARK_CAPTURE(find_session, large_unnamed, large_body(), "");

// The large body with the name in its metadata.
void find_session_in_metadata(benchmark::State& state) {
  const std::string body = R"({"metadata":{"user_id":"{\"device_id\":\")" + std::string(64, 'a') +
                           R"(\",\"account_uuid\":\"\",\"session_id\":\")" +
                           std::string(session_id) + R"(\"}"},)" + large_body().substr(1);
  find_session(state, body, "");
}
BENCHMARK(find_session_in_metadata);

// Keys as a hash makes them, in an order that no cache foresees.
std::vector<relay::session_key> session_keys(std::size_t count) {
  std::vector<relay::session_key> keys;
  std::uint64_t mixed = 1;
  while (keys.size() < count) {
    mixed = mixed * 6364136223846793005 + 1442695040888963407;
    keys.push_back({mixed, mixed ^ (mixed >> 29)});
  }
  return keys;
}

const account_id account("0d537b9e-7c1b-4e3f-9a43-4d6f0c6d8a11");

struct full_table : relay::session_table {
  full_table(const std::vector<relay::session_key>& keys, steady_time now)
      : session_table({.sessions_max = keys.size()}) {
    for (const auto& key : keys) bind(key, account, now, now);
  }
};

void find_account_of_session(benchmark::State& state) {
  const auto keys = session_keys(static_cast<std::size_t>(state.range(0)));
  const auto now = steady_now();
  full_table table(keys, now);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.find(keys[next], now));
    next = (next + 7919) % keys.size();
  }
}
BENCHMARK(find_account_of_session)->Arg(100'000);

// Each one pushes another out.
void bind_new_session_in_full_table(benchmark::State& state) {
  const auto keys = session_keys(static_cast<std::size_t>(state.range(0)));
  const auto now = steady_now();
  full_table table(keys, now);
  std::uint64_t next = 0;
  for (auto _ : state) {
    next += 0x9e3779b97f4a7c15;
    benchmark::DoNotOptimize(table.bind({~next, next}, account, now, now));
  }
}
BENCHMARK(bind_new_session_in_full_table)->Arg(100'000);

}  // namespace
