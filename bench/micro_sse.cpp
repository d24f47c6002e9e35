// How fast the events of a stream are found and metered: what each relayed event costs at least.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "relay/api.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/sse_scanner.hpp"

namespace {

using namespace baton;

class wanting_usage : public relay::sse_scanner::listener {
 public:
  bool wants(std::string_view name) override {
    return name == "message_start" || name == "message_delta";
  }
  void on_event(std::string_view, std::string_view data) override { bytes += data.size(); }

  std::size_t bytes = 0;
};

std::string delta_event(std::size_t text_bytes) {
  return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
         std::string(text_bytes, 'x') + "\"}}\n\n";
}

// An event whose data nobody wants, fed as it arrives: in one piece.
void scan_delta_event(benchmark::State& state) {
  const std::string event = delta_event(static_cast<std::size_t>(state.range(0)));
  wanting_usage listener;
  relay::sse_scanner scanner(listener);
  for (auto _ : state) scanner.feed(event);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * event.size()));
}
BENCHMARK(scan_delta_event)->Arg(6)->Arg(1000)->Arg(100'000);

// The answer's meter as the relay uses it, fed a whole stream of 100 deltas.
void meter_stream_of_100_deltas(benchmark::State& state) {
  std::string stream =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
      "\"model\":\"claude-sonnet-4-20250514\",\"usage\":{\"input_tokens\":25,"
      "\"cache_read_input_tokens\":0,\"output_tokens\":1}}}\n\n";
  for (int n = 0; n < 100; ++n) stream += delta_event(6);
  stream +=
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
      "\"end_turn\"},\"usage\":{\"output_tokens\":42}}\n\n"
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  for (auto _ : state) {
    const auto meter = relay::anthropic_api().make_meter(relay::answer_format::sse, {});
    meter->feed(stream);
    meter->finish();
    if (meter->usage().output != 42) state.SkipWithError("the usage was not found");
  }
  state.SetItemsProcessed(state.iterations() * 103);
}
BENCHMARK(meter_stream_of_100_deltas);

}  // namespace
