#include "storage/ledger/packed_id.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace baton::storage::ledger {
namespace {

constexpr std::string_view request_prefix = "req_";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (int i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = std::uint8_t(i);
  for (int i = 0; i < 6; ++i) digits[static_cast<std::size_t>('a' + i)] = std::uint8_t(10 + i);
  return digits;
}
constexpr auto digits = make_digits();

constexpr std::array<std::array<char, 2>, 256> make_pairs() {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view alphabet = "0123456789abcdef";
  for (std::size_t i = 0; i < 256; ++i) pairs[i] = {alphabet[i >> 4], alphabet[i & 15]};
  return pairs;
}
constexpr auto pairs = make_pairs();

std::uint8_t digit(char c) {
  return digits[static_cast<std::uint8_t>(c)];
}

// `count` bytes from twice as many digits. Whether all were digits is known at the end only, so
// that the loop has no branch.
bool pack_digits(const char* from, std::size_t count, char* to) {
  unsigned seen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned high = digit(from[2 * i]);
    const unsigned low = digit(from[2 * i + 1]);
    seen |= high | low;
    to[i] = static_cast<char>(high << 4 | low);
  }
  return seen < 16;
}

void unpack_digits(const char* from, std::size_t count, char* to) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + 2 * i, pairs[static_cast<std::uint8_t>(from[i])].data(), 2);
  }
}

// Where the groups of a UUID stand (RFC 9562, section 4).
struct group {
  std::size_t character;
  std::size_t byte;
  std::size_t bytes;
};
constexpr group groups[] = {{0, 0, 4}, {9, 4, 2}, {14, 6, 2}, {19, 8, 2}, {24, 10, 6}};

}  // namespace

bool pack_uuid(std::string_view text, char* to) {
  if (text.size() != uuid_characters) return false;
  bool packed = text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
  for (const auto& part : groups) {
    packed &= pack_digits(text.data() + part.character, part.bytes, to + part.byte);
  }
  return packed;
}

bool pack_request_id(std::string_view text, char* to) {
  return text.size() == request_id_characters && text.starts_with(request_prefix) &&
         pack_digits(text.data() + request_prefix.size(), request_id_bytes, to);
}

void unpack_uuid(std::string_view packed, char* to) {
  for (const auto& part : groups) {
    unpack_digits(packed.data() + part.byte, part.bytes, to + part.character);
    if (part.character > 0) to[part.character - 1] = '-';
  }
}

void unpack_request_id(std::string_view packed, char* to) {
  request_prefix.copy(to, request_prefix.size());
  unpack_digits(packed.data(), request_id_bytes, to + request_prefix.size());
}

}  // namespace baton::storage::ledger
