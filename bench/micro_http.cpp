// How long heads take: the client's to be read, the upstream's to be written and its answer's to be
// read.
#include <benchmark/benchmark.h>

#include <string>

#include "net/http_head.hpp"
#include "net/upstream_head.hpp"
#include "relay/route.hpp"

namespace {

using namespace baton;

const std::string key_line = "x-api-key: cr_" + std::string(64, 'a') + "\r\n";

// What an SDK sends, about 400 bytes.
std::string typical_head() {
  return "POST /api/v1/messages HTTP/1.1\r\n"
         "Host: 127.0.0.1:3000\r\n"
         "Accept: application/json\r\n"
         "Content-Type: application/json\r\n"
         "User-Agent: Anthropic/Python 0.40.0\r\n"
         "anthropic-version: 2023-06-01\r\n" +
         key_line +
         "X-Stainless-Lang: python\r\n"
         "X-Stainless-Retry-Count: 0\r\n"
         "Accept-Encoding: gzip, deflate\r\n"
         "Connection: keep-alive\r\n"
         "Content-Length: 400\r\n\r\n";
}

// About 1.8 kB, as Claude Code sends them.
std::string claude_code_head() {
  std::string head =
      "POST /api/v1/messages?beta=true HTTP/1.1\r\n"
      "Host: relay.example.com\r\n"
      "Connection: keep-alive\r\n"
      "Accept: application/json\r\n"
      "Content-Type: application/json\r\n"
      "User-Agent: claude-cli/1.0.83 (external, cli)\r\n"
      "X-Stainless-Retry-Count: 0\r\nX-Stainless-Timeout: 600\r\nX-Stainless-Lang: js\r\n"
      "X-Stainless-Package-Version: 0.60.0\r\nX-Stainless-OS: Linux\r\n"
      "X-Stainless-Arch: x64\r\nX-Stainless-Runtime: node\r\n"
      "X-Stainless-Runtime-Version: v20.19.2\r\n"
      "anthropic-dangerous-direct-browser-access: true\r\n"
      "anthropic-version: 2023-06-01\r\n"
      "anthropic-beta: claude-code-20250219,oauth-2025-04-20,interleaved-thinking-2025-05-14,"
      "fine-grained-tool-streaming-2025-05-14\r\n"
      "x-app: cli\r\n"
      "x-stainless-helper-method: stream\r\n"
      "accept-language: *\r\nsec-fetch-mode: cors\r\naccept-encoding: gzip, deflate\r\n" +
      key_line;
  // Gateways in front add their own.
  for (int n = 0; head.size() < 1750; ++n) {
    head += "x-gateway-" + std::to_string(n) + ": " + std::string(48, 'b') + "\r\n";
  }
  return head + "content-length: 60000\r\n\r\n";
}

void parse_request_head(benchmark::State& state, const std::string& text) {
  net::request_head head;
  for (auto _ : state) {
    net::request_parser parser(head, 64 * 1024);
    const auto progress = parser.parse_head(text);
    if (!progress || !progress->complete) state.SkipWithError("the head was refused");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK_CAPTURE(parse_request_head, typical, typical_head());
BENCHMARK_CAPTURE(parse_request_head, claude_code, claude_code_head());

// The same in two segments, cut in the middle.
void parse_split_request_head(benchmark::State& state) {
  const auto text = claude_code_head();
  net::request_head head;
  for (auto _ : state) {
    net::request_parser parser(head, 64 * 1024);
    benchmark::DoNotOptimize(parser.parse_head(std::string_view(text).substr(0, 900)));
    const auto progress = parser.parse_head(text);
    if (!progress || !progress->complete) state.SkipWithError("the head was refused");
  }
}
BENCHMARK(parse_split_request_head);

void parse_response_head(benchmark::State& state) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nDate: Sun, 01 Jun 2025 12:00:00 GMT\r\n"
      "Content-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
      "Connection: keep-alive\r\nCache-Control: no-cache\r\n"
      "anthropic-ratelimit-unified-status: allowed\r\n"
      "anthropic-ratelimit-unified-reset: 1748800000\r\n"
      "request-id: req_011CPhg3MZRRY8AhxJ1ZC3qw\r\nvia: 1.1 google\r\n"
      "cf-cache-status: DYNAMIC\r\nServer: cloudflare\r\nCF-RAY: 948a1b2c3d4e5f60-FRA\r\n\r\n";
  net::response_head head;
  for (auto _ : state) {
    net::response_parser parser(head, 64 * 1024);
    const auto progress = parser.parse_head(text);
    if (!progress || !progress->complete) state.SkipWithError("the head was refused");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(parse_response_head);

void write_upstream_head(benchmark::State& state, const std::string& text) {
  relay::account config;
  config.id = account_id("a");
  config.platform = "claude-console";
  config.name = "a";
  config.api_url = "https://api.example.com/anthropic";
  config.credential.api_key = "sk-ant-" + std::string(90, 'c');
  const auto account = relay::prepare_account(std::move(config)).value();
  net::request_head client;
  net::request_parser parser(client, 64 * 1024);
  if (!parser.parse_head(text)->complete) return state.SkipWithError("the head was refused");
  const relay::request_facts facts;
  const relay::outgoing_request request{.account = account,
                                        .route = *relay::match_route("POST", client.path).found,
                                        .facts = facts,
                                        .headers = client.fields,
                                        .parameter = {},
                                        .query = client.query,
                                        .model = "claude-sonnet-4-20250514"};
  std::string lines;
  for (auto _ : state) {
    lines.clear();
    net::append_upstream_head(lines, request, client, 60'000);
    benchmark::DoNotOptimize(lines.data());
  }
}
BENCHMARK_CAPTURE(write_upstream_head, typical, typical_head());
BENCHMARK_CAPTURE(write_upstream_head, claude_code, claude_code_head());

}  // namespace
