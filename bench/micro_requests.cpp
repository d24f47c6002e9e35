// How long the relay looks into a request before it knows what to do with it.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "relay/api.hpp"
#include "relay/api_key.hpp"
#include "relay/platforms/anthropic_request.hpp"
#include "relay/route.hpp"

namespace {

using namespace baton;

// A request of so many bytes, with the padding that reading it needs.
std::string padded_body(std::size_t bytes) {
  std::string body = R"({"model":"claude-sonnet-4-20250514","max_tokens":1024,"stream":true,)"
                     R"("messages":[{"role":"user","content":")";
  const std::string_view end = R"("}]})";
  while (body.size() + end.size() < bytes) {
    const std::string_view text = R"(Some words, a line\nand a \"quotation\". )";
    body += body.size() + end.size() + text.size() <= bytes ? text : std::string_view(".");
  }
  return body.append(end) + std::string(relay::json_padding_bytes, ' ');
}

void inspect_body(benchmark::State& state) {
  const std::string padded = padded_body(static_cast<std::size_t>(state.range(0)));
  const auto body = std::string_view(padded).substr(0, padded.size() - relay::json_padding_bytes);
  for (auto _ : state) {
    const auto facts = relay::inspect_anthropic_request(body);
    if (!facts) state.SkipWithError("the body was refused");
    benchmark::DoNotOptimize(facts);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}
BENCHMARK(inspect_body)->Arg(400)->Arg(60'000);

void hash_key(benchmark::State& state) {
  const std::string key = "cr_" + std::string(64, 'a');
  const std::string encryption_key(64, 'b');
  for (auto _ : state) benchmark::DoNotOptimize(relay::hash_key_text(key, encryption_key));
}
BENCHMARK(hash_key);

void match_route(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(relay::match_route("POST", "/claude/v1/messages/count_tokens"));
  }
}
BENCHMARK(match_route);

}  // namespace
