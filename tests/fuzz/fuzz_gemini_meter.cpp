// The meters tell the same however an answer is cut: counts that are never below zero or absurd,
// and what of a stream may be passed on. Reading an error answer gives a sane time to wait.
#include "relay/platforms/gemini_meter.hpp"
#include "relay/platforms/google_error.hpp"
#include "tests/fuzz/meter_outcome.hpp"

using baton::fuzz::meter_outcome;
using baton::fuzz::outcome_however_cut;
using baton::fuzz::outcome_of;
using baton::relay::answer_format;
using baton::relay::make_gemini_meter;

namespace {

// What comes before a fault is a stream without one, which tells as much.
void require_right_fault(answer_format format, std::string_view answer,
                         const meter_outcome& counted) {
  baton::fuzz::require(counted.bytes_before_fault <= counted.whole_bytes, "a fault comes in order");
  baton::fuzz::require(counted.whole_bytes <= answer.size(), "no event beyond the stream");
  if (!counted.malformed || counted.bytes_before_fault == 0) return;
  const auto meter = make_gemini_meter(format);
  meter->feed(answer.substr(0, counted.bytes_before_fault));
  const meter_outcome before = outcome_of(*meter);
  baton::fuzz::require(!before.malformed, "no fault before the fault");
  baton::fuzz::require(before.whole_bytes == counted.bytes_before_fault,
                       "nothing but whole events before the fault");
  baton::fuzz::require(before.usage == counted.usage && before.has_content == counted.has_content &&
                           before.failed == counted.failed,
                       "nothing behind a fault counts");
}

void require_sane_error(std::string_view body) {
  const baton::relay::header_lines headers("");
  const auto reading = baton::relay::read_google_error({429, headers, body});
  baton::fuzz::require(reading.status == 429, "a limit is a limit");
  if (!reading.wait) return;
  baton::fuzz::require(reading.wait->count() >= 0 && *reading.wait <= baton::relay::reset_max,
                       "a time to wait is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view answer = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(answer);
  for (const auto format :
       {answer_format::document, answer_format::sse, answer_format::json_array}) {
    const auto counted =
        outcome_however_cut(answer, steering, [format] { return make_gemini_meter(format); });
    baton::fuzz::require(counted.usage.cache_write() == 0, "nothing is told of writes to a cache");
    if (is_stream(format)) require_right_fault(format, answer, counted);
  }
  require_sane_error(answer);
  return 0;
}
