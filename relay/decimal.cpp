#include "relay/decimal.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t text_bytes_max = 64;
constexpr int exponent_max = 1000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
  const auto digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(digits.size());
  return digits;
}

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

// What follows an "e", which must be all that is left.
std::optional<int> take_exponent(std::string_view rest) {
  const bool negative = take(rest, '-');
  if (!negative) take(rest, '+');
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  const auto value = text::parse_number<int>(rest);
  if (!value || *value > exponent_max) return std::nullopt;
  return negative ? -*value : *value;
}

// "0.0031" as the digits "00031" with the point behind the first.
struct decimal {
  std::string digits;
  int point = 0;  // so many digits are before it; may lie outside of them
};

std::optional<decimal> read(std::string_view text) {
  const auto whole = take_digits(text);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  decimal number{std::string(whole), static_cast<int>(whole.size())};
  if (take(text, '.')) {
    const auto fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
    number.digits += fraction;
  }
  if (take(text, 'e') || take(text, 'E')) {
    const auto exponent = take_exponent(text);
    if (!exponent) return std::nullopt;
    number.point += *exponent;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::int64_t> parse_decimal(std::string_view text, int digits, std::int64_t max) {
  if (text.size() > text_bytes_max) return std::nullopt;
  const auto number = read(text);
  if (!number) return std::nullopt;
  const int count = static_cast<int>(number->digits.size());
  const int point = number->point + digits;
  const auto digit = [&](int at) {
    return at >= 0 && at < count ? number->digits[static_cast<std::size_t>(at)] - '0' : 0;
  };
  std::int64_t value = 0;
  for (int at = 0; at < point; ++at) {
    if (value > (max - digit(at)) / 10) return std::nullopt;
    value = value * 10 + digit(at);
  }
  if (digit(point) < 5) return value;
  return value < max ? std::optional(value + 1) : std::nullopt;
}

}  // namespace baton::relay
