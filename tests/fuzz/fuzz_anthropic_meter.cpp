// The meters count the same however an answer is cut, and never below zero or absurdly much.
#include <string>

#include "relay/platform.hpp"
#include "tests/fuzz/input.hpp"

namespace {

struct outcome {
  baton::relay::token_usage usage;
  std::string model;
  bool complete;
  bool failed;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome outcome_of(baton::relay::answer_meter& meter) {
  meter.finish();
  return {meter.usage(), std::string(meter.model()), meter.complete(), meter.failed()};
}

void require_sane(std::int64_t tokens) {
  baton::fuzz::require(tokens >= 0 && tokens <= (std::int64_t{1} << 53), "a count is a count");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view answer = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(answer);
  for (const bool event_stream : {true, false}) {
    const auto whole = baton::relay::anthropic_api().make_meter(event_stream);
    const auto cut = baton::relay::anthropic_api().make_meter(event_stream);
    whole->feed(answer);
    baton::fuzz::feed_in_pieces(answer, steering,
                                [&cut](std::string_view piece) { cut->feed(piece); });
    const outcome counted = outcome_of(*whole);
    baton::fuzz::require(counted == outcome_of(*cut), "the same count however it is cut");
    for (const auto tokens : {counted.usage.input, counted.usage.output, counted.usage.cache_read,
                              counted.usage.cache_write_5m, counted.usage.cache_write_1h}) {
      require_sane(tokens);
    }
  }
  return 0;
}
