#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

// RFC 3986 section 2.3.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that an escape at the beginning of `text` stands for; -1: there is none.
int escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]), low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// How many "%" begin no escape; they are appended as they are.
std::size_t append_decoded(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size());
  std::size_t broken = 0;
  while (!text.empty()) {
    const int byte = escaped_byte(text);
    broken += byte < 0 && text[0] == '%';
    out += byte < 0 ? text[0] : static_cast<char>(byte);
    text.remove_prefix(byte < 0 ? 1 : 3);
  }
  return broken;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size() + 16);
  append_percent_encoded(encoded, text);
  return encoded;
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  if (append_decoded(decoded, text) != 0) return std::nullopt;
  return decoded;
}

std::string percent_decode_leniently(std::string_view text) {
  std::string decoded;
  append_decoded(decoded, text);
  return decoded;
}

}  // namespace baton::relay
