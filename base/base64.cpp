#include "base/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace baton {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Above all values of six bits, so that it shows in their union.
constexpr std::uint8_t no_digit = 0x80;

constexpr std::array<std::uint8_t, 256> values_of_digits() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = no_digit;
  for (std::size_t value = 0; value < alphabet.size(); ++value) {
    values[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
  }
  return values;
}
constexpr auto values = values_of_digits();

std::uint32_t byte_at(std::string_view data, std::size_t at) {
  return at < data.size() ? static_cast<unsigned char>(data[at]) : 0;
}

std::uint32_t value_of(char digit) {
  return values[static_cast<unsigned char>(digit)];
}

// Groups of four digits without padding, to three bytes each. False: something was no digit.
bool decode_groups(std::string_view digits, char* out) {
  std::uint32_t seen = 0;
  for (std::size_t at = 0; at < digits.size(); at += 4) {
    const std::uint32_t a = value_of(digits[at]), b = value_of(digits[at + 1]);
    const std::uint32_t c = value_of(digits[at + 2]), d = value_of(digits[at + 3]);
    seen |= a | b | c | d;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  return (seen & no_digit) == 0;
}

// The last group, of two or three digits before its padding. The bits of its last digit that belong
// to no byte must be zero.
bool decode_end(std::string_view digits, char* out) {
  const std::uint32_t a = value_of(digits[0]), b = value_of(digits[1]);
  const std::uint32_t c = digits.size() == 3 ? value_of(digits[2]) : 0;
  if (((a | b | c) & no_digit) != 0) return false;
  const std::uint32_t bits = a << 18 | b << 12 | c << 6;
  out[0] = static_cast<char>(bits >> 16);
  if (digits.size() == 2) return (bits & 0xffff) == 0;
  out[1] = static_cast<char>(bits >> 8);
  return (bits & 0xff) == 0;
}

}  // namespace

std::string to_base64(std::string_view data) {
  std::string encoded((data.size() + 2) / 3 * 4, '=');
  char* out = encoded.data();
  for (std::size_t at = 0; at < data.size(); at += 3) {
    const std::uint32_t bits =
        byte_at(data, at) << 16 | byte_at(data, at + 1) << 8 | byte_at(data, at + 2);
    *out++ = alphabet[bits >> 18];
    *out++ = alphabet[bits >> 12 & 63];
    if (at + 1 < data.size()) *out++ = alphabet[bits >> 6 & 63];
    if (at + 2 < data.size()) *out++ = alphabet[bits & 63];
  }
  return encoded;
}

bool append_base64_decoded(std::string_view encoded, std::string& out) {
  if (encoded.size() % 4 != 0) return false;
  const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
  const std::size_t before = out.size();
  const std::string_view groups = encoded.substr(0, encoded.size() - (padding > 0 ? 4 : 0));
  out.resize(before + encoded.size() / 4 * 3 - padding);
  char* const to = out.data() + before;
  const bool decoded = decode_groups(groups, to) &&
                       (padding == 0 || decode_end(encoded.substr(groups.size(), 4 - padding),
                                                   to + groups.size() / 4 * 3));
  if (!decoded) out.resize(before);
  return decoded;
}

}  // namespace baton
