// How long an upstream's answer asks to be left alone.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {
namespace {

using std::chrono::seconds;

// A count of seconds, as long as it is one; more digits than fit mean "very long".
std::optional<seconds> delay_seconds(std::string_view text) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  const auto value = text::parse_number<std::int64_t>(text);
  return value && *value < cooldown_max.count() ? seconds(*value) : cooldown_max;
}

// IMF-fixdate, the one form RFC 9110 section 5.6.7 lets servers send:
// "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<wall_time> parse_http_date(std::string_view text) {
  constexpr std::string_view pattern = "???, 00 ??? 0000 00:00:00 GMT";
  if (text.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool fits = pattern[i] == '?'   ? true
                      : pattern[i] == '0' ? text[i] >= '0' && text[i] <= '9'
                                          : text[i] == pattern[i];
    if (!fits) return std::nullopt;
  }
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto number = [text](std::size_t at, std::size_t digits) {
    return text::parse_number<int>(text.substr(at, digits)).value_or(0);
  };
  const std::chrono::year_month_day day{
      std::chrono::year(number(12, 4)),
      std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(number(5, 2)))};
  const int hour = number(17, 2), minute = number(20, 2), second = number(23, 2);
  // 60 is a leap second.
  if (!day.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second);
}

// A time that has passed asks for nothing: a stale header, or a clock that is wrong.
std::optional<seconds> until(wall_time then, wall_time now, seconds at_most) {
  if (then <= now) return std::nullopt;
  return std::min(std::chrono::ceil<seconds>(then - now), at_most);
}

std::optional<wall_time> parse_unix_seconds(std::string_view text) {
  constexpr std::int64_t year_9999 = 253402300799;
  const auto value = text::parse_number<std::int64_t>(text);
  if (!value || *value < 0 || *value > year_9999) return std::nullopt;
  return wall_time(seconds(*value));
}

}  // namespace

std::optional<seconds> retry_after_delay(const retry_headers& headers, wall_time now) {
  const std::string_view retry_after = text::trim(headers.retry_after);
  if (const auto delay = delay_seconds(retry_after)) return delay;
  if (const auto date = parse_http_date(retry_after)) return until(*date, now, cooldown_max);
  return std::nullopt;
}

std::optional<seconds> reset_delay(const retry_headers& headers, wall_time now) {
  const auto reset = parse_unix_seconds(text::trim(headers.unified_reset));
  if (!reset) return std::nullopt;
  return until(*reset, now, reset_max);
}

}  // namespace baton::relay
