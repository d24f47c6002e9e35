#include "relay/day_text.hpp"

#include "base/text.hpp"

namespace baton::relay {
namespace {

std::string padded(unsigned number, std::size_t digits) {
  auto text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

}  // namespace

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() != form.size() || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = text::parse_number<std::uint16_t>(text.substr(0, 4));
  const auto month = text::parse_number<std::uint8_t>(text.substr(5, 2));
  const auto day = text::parse_number<std::uint8_t>(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::string spell_day(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + '-' +
         padded(static_cast<unsigned>(date.month()), 2) + '-' +
         padded(static_cast<unsigned>(date.day()), 2);
}

}  // namespace baton::relay
