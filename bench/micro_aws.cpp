// What a request to Bedrock costs more than another: its signature, and the frames of its answer.
#include <benchmark/benchmark.h>

#include <span>
#include <string>
#include <string_view>

#include "base/base64.hpp"
#include "base/time.hpp"
#include "relay/platforms/aws_event_stream.hpp"
#include "relay/platforms/aws_signature.hpp"

namespace {

using namespace baton;

relay::aws_signer make_signer() {
  return {{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""}, "us-east-1", "bedrock"};
}

relay::aws_request request_with(std::span<const std::string_view> body) {
  return {"POST", "/model/us.anthropic.claude-sonnet-4-20250514-v1%3A0/invoke-with-response-stream",
          "", "bedrock-runtime.us-east-1.amazonaws.com", body};
}

void sign_request(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  const std::string_view body[] = {text};
  const auto signer = make_signer();
  const auto now = wall_now();
  std::string head;
  for (auto _ : state) {
    head.clear();
    signer.append_headers(head, request_with(body), now);
    benchmark::DoNotOptimize(head.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(sign_request)->Arg(400)->Arg(100'000);

// The first request of a day.
void make_signing_key(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(relay::aws_signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                                    {"20150830", "us-east-1", "bedrock"}));
  }
}
BENCHMARK(make_signing_key);

class counter : public relay::aws_frame_reader::listener {
 public:
  void on_frame(const relay::aws_frame& frame) override { bytes += frame.payload.size(); }

  std::size_t bytes = 0;
};

// A frame of so many bytes of payload, whole, or cut in two.
void read_frame(benchmark::State& state) {
  const relay::aws_string_header headers[] = {
      {":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}};
  std::string frame;
  relay::append_aws_frame(frame, headers,
                          std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  const auto first = std::string_view(frame).substr(0, state.range(1) == 1 ? 0 : frame.size() / 2);
  counter found;
  relay::aws_frame_reader reader(found);
  for (auto _ : state) {
    reader.feed(first);
    reader.feed(std::string_view(frame).substr(first.size()));
  }
  if (reader.failed()) state.SkipWithError("the frame was not read");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * frame.size()));
}
BENCHMARK(read_frame)->ArgNames({"payload", "pieces"})->ArgsProduct({{300, 10'000}, {1, 2}});

void decode_base64(benchmark::State& state) {
  const std::string encoded = to_base64(std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  std::string out;
  for (auto _ : state) {
    out.clear();
    if (!append_base64_decoded(encoded, out)) state.SkipWithError("it was refused");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * encoded.size()));
}
BENCHMARK(decode_base64)->Arg(200)->Arg(10'000);

}  // namespace
