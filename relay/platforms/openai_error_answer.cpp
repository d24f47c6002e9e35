#include "relay/platforms/openai_error_answer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "relay/platforms/openai_answer.hpp"

namespace baton::relay {
namespace {

using std::chrono::seconds;

// Money has to be paid in, or a month to end.
constexpr seconds quota_wait{1800};

std::optional<seconds> rounded_up(double length_seconds) {
  if (!(length_seconds >= 0)) return std::nullopt;
  const auto most = static_cast<double>(cooldown_max.count());
  return seconds(static_cast<std::int64_t>(std::ceil(std::min(length_seconds, most))));
}

// A decimal number off the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const bool begins_well = !text.empty() && text[0] >= '0' && text[0] <= '9';
  if (failure != std::errc{} || !begins_well) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<double> take_unit(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, double>, 8> units = {{{"ms", 1e-3},
                                                                         {"us", 1e-6},
                                                                         {"\xC2\xB5s", 1e-6},
                                                                         {"ns", 1e-9},
                                                                         {"s", 1},
                                                                         {"m", 60},
                                                                         {"h", 3600},
                                                                         {"d", 86'400}}};
  for (const auto& [name, length] : units) {
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return length;
  }
  return std::nullopt;
}

std::optional<seconds> reset_of_used_up_limits(const header_source& headers) {
  std::optional<seconds> longest;
  for (const auto& [remaining, reset] :
       {std::pair("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        std::pair("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens")}) {
    if (headers.find(remaining) != "0") continue;
    const auto length = parse_reset(headers.find(reset));
    if (length && (!longest || *length > *longest)) longest = length;
  }
  return longest;
}

std::optional<seconds> wait_of(const error_answer& answer, std::string_view error_name) {
  if (answer.status != 429 && answer.status != 503) return std::nullopt;
  auto milliseconds = text::trim(answer.headers.find("retry-after-ms"));
  if (const auto length = take_number(milliseconds); length && milliseconds.empty()) {
    return rounded_up(*length / 1000);
  }
  if (!answer.headers.find("retry-after").empty()) return std::nullopt;
  if (error_name == "insufficient_quota") return quota_wait;
  return reset_of_used_up_limits(answer.headers);
}

std::string error_name_of(std::string_view body) {
  std::string padded(body);
  padded.append(json_padding_bytes, '\0');
  return read_openai_answer(std::string_view(padded).substr(0, body.size())).error_name;
}

bool is_not_here(const relay::route& route, int status, std::string_view error_name) {
  return (status == 404 && route.op == operation::stored_answer) ||
         (status == 400 && error_name == "previous_response_not_found");
}

}  // namespace

std::optional<seconds> parse_reset(std::string_view text) {
  text = text::trim(text);
  double length = 0;
  bool first = true;
  do {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    if (first && text.empty()) return rounded_up(*number);
    const auto unit = take_unit(text);
    if (!unit) return std::nullopt;
    length += *number * *unit;
    first = false;
  } while (!text.empty());
  return rounded_up(length);
}

named_error_reading read_openai_error(const relay::route& route, const error_answer& answer) {
  named_error_reading read;
  read.error_name = error_name_of(answer.body);
  read.reading.status = answer.status;
  read.reading.wait = wait_of(answer, read.error_name);
  read.reading.not_here = is_not_here(route, answer.status, read.error_name);
  return read;
}

}  // namespace baton::relay
