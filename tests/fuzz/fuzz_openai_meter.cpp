// The meters tell the same however an answer is cut: counts that are never below zero or absurd,
// what of a stream may be passed on, and what of it the client must not see.
#include "relay/platforms/last_member.hpp"
#include "relay/platforms/openai_answer.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/platforms/openai_error_answer.hpp"
#include "tests/fuzz/meter_outcome.hpp"

using baton::fuzz::meter_outcome;
using baton::fuzz::outcome_however_cut;
using baton::fuzz::require;
using baton::fuzz::require_sane;
using baton::relay::answer_format;

namespace {

baton::relay::token_usage counts_in(const baton::relay::openai_answer& answer) {
  baton::relay::token_usage usage;
  answer.usage.enter_into(usage);
  return usage;
}

void require_right_ranges(std::string_view answer, const meter_outcome& counted) {
  require(counted.whole_bytes <= answer.size(), "no event beyond the stream");
  require(counted.bytes_before_fault <= counted.whole_bytes, "a fault comes in order");
  std::uint64_t last = 0;
  for (const auto& range : counted.withheld) {
    require(last <= range.begin && range.begin < range.end, "withheld events are in order");
    last = range.end;
  }
  require(last <= counted.whole_bytes, "only whole events are withheld");
}

void run(const baton::relay::api& protocol, answer_format format, std::string_view answer,
         std::uint8_t steering) {
  baton::relay::request_facts facts;
  if (steering % 2 == 0) facts.usage_wish = baton::relay::body_insertion{};
  const auto counted =
      outcome_however_cut(answer, steering, [&] { return protocol.make_meter(format, facts); });
  if (is_stream(format)) require_right_ranges(answer, counted);
  require(steering % 2 == 0 || counted.withheld.empty(), "nothing is withheld without a wish");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view answer = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(answer);
  run(baton::relay::openai_responses, answer_format::sse, answer, steering);
  run(baton::relay::openai_chat, answer_format::sse, answer, steering);
  run(baton::relay::openai_responses, answer_format::document, answer, steering);
  // The same bytes as the end of something too long.
  const baton::relay::last_member usage(answer, "usage");
  require_sane(counts_in(baton::relay::read_openai_answer(usage.padded())));
  // The same bytes as an error: its headers, an empty line, and its body.
  const auto end = std::min(answer.find("\r\n\r\n"), answer.size());
  const baton::relay::header_lines headers(answer.substr(0, end));
  const baton::relay::route route{"GET",   "/x", baton::relay::operation::generate,
                                  nullptr, "/x", ""};
  const auto read = baton::relay::read_openai_error(route, {429, headers, answer.substr(end)});
  const auto wait = read.reading.wait.value_or(std::chrono::seconds(0));
  require(wait.count() >= 0 && wait <= baton::relay::cooldown_max, "a wait is bounded");
  return 0;
}
