#include "tests/support/mock_event_stream.hpp"

#include <zlib.h>

#include <cstdint>

namespace baton::mock {

namespace {

constexpr std::size_t prelude_bytes = 12;  // total length, headers' length, their checksum
constexpr std::size_t checksum_bytes = 4;
constexpr char string_value = 7;

void append_number(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

std::uint64_t checksum(std::string_view data) {
  return crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()));
}

}  // namespace

std::string make_frame(const frame_headers& headers, std::string_view payload) {
  std::string head;
  for (const auto& [name, value] : headers) {
    append_number(head, name.size(), 1);
    head += name;
    head += string_value;
    append_number(head, value.size(), 2);
    head += value;
  }
  std::string frame;
  append_number(frame, prelude_bytes + head.size() + payload.size() + checksum_bytes, 4);
  append_number(frame, head.size(), 4);
  append_number(frame, checksum(frame), 4);
  frame += head;
  frame += payload;
  append_number(frame, checksum(frame), 4);
  return frame;
}

}  // namespace baton::mock
