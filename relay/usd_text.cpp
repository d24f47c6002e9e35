#include "relay/usd_text.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::uint64_t nanousd_per_usd = 1'000'000'000;
constexpr std::size_t decimals_max = 9;

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::uint64_t> parse_usd(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  std::string decimals(point == std::string_view::npos ? "0" : text.substr(point + 1));
  if (!is_digits(whole) || !is_digits(decimals) || decimals.size() > decimals_max) {
    return std::nullopt;
  }
  decimals.resize(decimals_max, '0');
  const auto usd = text::parse_number<std::uint64_t>(whole);
  const auto rest = text::parse_number<std::uint64_t>(decimals);
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  if (!usd || !rest || *usd > (max - *rest) / nanousd_per_usd) return std::nullopt;
  return *usd * nanousd_per_usd + *rest;
}

std::string spell_usd(std::uint64_t nanousd) {
  auto spelled = std::to_string(nanousd / nanousd_per_usd);
  const auto rest = nanousd % nanousd_per_usd;
  if (rest == 0) return spelled;
  auto decimals = std::to_string(nanousd_per_usd + rest).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return spelled + '.' + decimals;
}

std::string spell_usd_rounded(std::uint64_t nanousd, int decimals) {
  std::uint64_t unit = 1;  // of the last decimal
  for (int i = decimals; i < static_cast<int>(decimals_max); ++i) unit *= 10;
  const auto shown = nanousd / unit + (nanousd % unit >= unit - unit / 2 && unit > 1 ? 1 : 0);
  const auto units_per_usd = nanousd_per_usd / unit;
  auto spelled = std::to_string(shown / units_per_usd);
  if (decimals == 0) return spelled;
  return spelled + '.' + std::to_string(units_per_usd + shown % units_per_usd).substr(1);
}

double usd_number(std::int64_t nanousd) {
  const auto exact = spell_usd(static_cast<std::uint64_t>(std::max<std::int64_t>(nanousd, 0)));
  return text::parse_number<double>(exact).value_or(0);
}

std::string v1_formatted_usd(std::int64_t nanousd) {
  const auto amount = static_cast<std::uint64_t>(std::max<std::int64_t>(nanousd, 0));
  return "$" + spell_usd_rounded(amount, 6);
}

}  // namespace baton::relay
