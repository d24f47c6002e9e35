// The meters tell the same however an answer is cut: counts that are never below zero or absurd,
// and what of a stream may be passed on.
#include <string>

#include "relay/platforms/anthropic_api.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::answer_format;

namespace {

struct outcome {
  baton::relay::token_usage usage;
  std::string model;
  bool complete;
  bool has_begun;
  bool has_content;
  bool failed;
  std::string error_type;
  bool malformed;
  std::uint64_t bytes_before_fault;
  std::uint64_t whole_bytes;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome outcome_of(baton::relay::answer_meter& meter) {
  meter.finish();
  return {meter.usage(),      std::string(meter.model()), meter.complete(),
          meter.has_begun(),  meter.has_content(),        meter.failed(),
          meter.error_type(), meter.malformed(),          meter.bytes_before_fault(),
          meter.whole_bytes()};
}

void require_sane(std::int64_t tokens) {
  baton::fuzz::require(tokens >= 0 && tokens <= (std::int64_t{1} << 53), "a count is a count");
}

// What comes before a fault is a stream without one, which tells all that the faulty one does.
void require_right_fault(std::string_view answer, const outcome& counted) {
  baton::fuzz::require(counted.bytes_before_fault <= counted.whole_bytes, "a fault comes in order");
  baton::fuzz::require(counted.whole_bytes <= answer.size(), "no event beyond the stream");
  if (!counted.malformed) return;
  const auto meter = baton::relay::anthropic_api().make_meter(answer_format::sse, {});
  meter->feed(answer.substr(0, counted.bytes_before_fault));
  outcome before = outcome_of(*meter);
  baton::fuzz::require(!before.malformed, "no fault before the fault");
  baton::fuzz::require(before.whole_bytes == counted.bytes_before_fault,
                       "nothing but whole events before the fault");
  before.malformed = true;
  before.bytes_before_fault = counted.bytes_before_fault;
  before.whole_bytes = counted.whole_bytes;
  baton::fuzz::require(before == counted, "nothing behind a fault counts");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view answer = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(answer);
  for (const bool event_stream : {true, false}) {
    const auto format = event_stream ? answer_format::sse : answer_format::document;
    const auto whole = baton::relay::anthropic_api().make_meter(format, {});
    const auto cut = baton::relay::anthropic_api().make_meter(format, {});
    whole->feed(answer);
    baton::fuzz::feed_in_pieces(answer, steering,
                                [&cut](std::string_view piece) { cut->feed(piece); });
    const outcome counted = outcome_of(*whole);
    baton::fuzz::require(counted == outcome_of(*cut), "the same count however it is cut");
    if (event_stream) require_right_fault(answer, counted);
    for (const auto tokens :
         {counted.usage.input, counted.usage.output, counted.usage.cache_read,
          counted.usage.cache_write_5m, counted.usage.cache_write_1h, counted.usage.reasoning}) {
      require_sane(tokens);
    }
  }
  return 0;
}
