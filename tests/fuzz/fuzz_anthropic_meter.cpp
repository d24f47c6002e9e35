// The meters tell the same however an answer is cut: counts that are never below zero or absurd,
// and what of a stream may be passed on.
#include "relay/platforms/anthropic_api.hpp"
#include "tests/fuzz/meter_outcome.hpp"

using baton::fuzz::meter_outcome;
using baton::fuzz::outcome_however_cut;
using baton::fuzz::outcome_of;
using baton::relay::answer_format;

namespace {

// What comes before a fault is a stream without one, which tells all that the faulty one does.
void require_right_fault(std::string_view answer, const meter_outcome& counted) {
  baton::fuzz::require(counted.bytes_before_fault <= counted.whole_bytes, "a fault comes in order");
  baton::fuzz::require(counted.whole_bytes <= answer.size(), "no event beyond the stream");
  if (!counted.malformed) return;
  const auto meter = baton::relay::anthropic_api().make_meter(answer_format::sse, {});
  meter->feed(answer.substr(0, counted.bytes_before_fault));
  meter_outcome before = outcome_of(*meter);
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
    const auto counted = outcome_however_cut(answer, steering, [format] {
      return baton::relay::anthropic_api().make_meter(format, {});
    });
    if (event_stream) require_right_fault(answer, counted);
  }
  return 0;
}
