// What a meter has told by the end of an answer, for the fuzzers of all meters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relay/answer_meter.hpp"
#include "tests/fuzz/input.hpp"

namespace baton::fuzz {

struct meter_outcome {
  relay::token_usage usage;
  std::string model, answer_id, error_type;
  bool complete, has_begun, has_content, failed, malformed;
  std::uint64_t bytes_before_fault, whole_bytes;
  std::vector<relay::byte_range> withheld;
  friend bool operator==(const meter_outcome&, const meter_outcome&) = default;
};

inline meter_outcome outcome_of(relay::answer_meter& meter) {
  meter.finish();
  return {meter.usage(),     std::string(meter.model()), meter.answer_id(),   meter.error_type(),
          meter.complete(),  meter.has_begun(),          meter.has_content(), meter.failed(),
          meter.malformed(), meter.bytes_before_fault(), meter.whole_bytes(), meter.withheld()};
}

inline void require_sane(const relay::token_usage& usage) {
  for (const auto tokens : {usage.input, usage.output, usage.cache_read, usage.cache_write_5m,
                            usage.cache_write_1h, usage.reasoning}) {
    require(tokens >= 0 && tokens <= (std::int64_t{1} << 53), "a count is a count");
  }
}

// Feeds two meters that `make` makes, one of them in pieces; both must tell the same.
template <class Make>
meter_outcome outcome_however_cut(std::string_view answer, std::uint8_t steering, Make make) {
  const auto whole = make(), cut = make();
  whole->feed(answer);
  feed_in_pieces(answer, steering, [&cut](std::string_view piece) { cut->feed(piece); });
  meter_outcome counted = outcome_of(*whole);
  require(counted == outcome_of(*cut), "the same count however it is cut");
  require_sane(counted.usage);
  return counted;
}

}  // namespace baton::fuzz
