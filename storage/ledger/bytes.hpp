// Numbers as the ledger's files hold them: little-endian of a fixed size, or LEB128 (seven bits a
// byte, the lowest first). The reader never leaves its bytes, whatever they say.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace baton::storage::ledger {

static_assert(std::endian::native == std::endian::little, "the files are read as they are stored");

constexpr std::size_t varint_bytes_max = 10;

// Returns the end of what it wrote: at most varint_bytes_max bytes.
inline char* put_varint(char* at, std::uint64_t number) {
  while (number >= 0x80) {
    *at++ = static_cast<char>(number | 0x80);
    number >>= 7;
  }
  *at++ = static_cast<char>(number);
  return at;
}

template <class T>
char* put_fixed(char* at, T number) {
  std::memcpy(at, &number, sizeof(number));
  return at + sizeof(number);
}

// `at` must lie so far inside that the number fits.
template <class T>
T fixed_at(std::string_view bytes, std::size_t at) {
  T number;
  std::memcpy(&number, bytes.data() + at, sizeof(number));
  return number;
}

// Takes what it reads off the front. Once something did not fit, everything else is zero or empty,
// and ok() says so.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      // The tenth byte has room for one bit.
      if (shift == 63 && byte > 1) break;
      return number;
    }
    fail();
    return 0;
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  void fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace baton::storage::ledger
