#include "relay/platforms/aws_event_stream.hpp"

#include <zlib.h>

#include <algorithm>

namespace baton::relay {
namespace {

constexpr std::size_t checksum_bytes = 4;
constexpr std::size_t lengths_bytes = 8;
constexpr std::size_t prelude_bytes = lengths_bytes + checksum_bytes;
constexpr std::size_t frame_bytes_min = prelude_bytes + checksum_bytes;
constexpr std::size_t name_bytes_max = 255;
constexpr std::size_t value_bytes_max = 32767;

// A rare large frame must not keep its memory for the rest of a long stream.
constexpr std::size_t kept_bytes_max = 64 * 1024;

constexpr std::uint8_t string_type = 7;

// Big-endian; `bytes` are all of it.
std::uint32_t number_in(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

void append_number(std::string& out, std::size_t number, int bytes) {
  while (bytes-- > 0) out += static_cast<char>(number >> (8 * bytes) & 0xff);
}

std::uint32_t checksum_of(std::string_view bytes) {
  const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(crc32_z(0, data, bytes.size()));
}

// Whether the last bytes are the checksum of those before.
bool has_right_checksum(std::string_view bytes) {
  const std::size_t covered = bytes.size() - checksum_bytes;
  return checksum_of(bytes.substr(0, covered)) == number_in(bytes.substr(covered));
}

// Takes so many bytes off the beginning of `rest`. False: it has fewer.
bool take(std::string_view& rest, std::size_t bytes, std::string_view& taken) {
  if (rest.size() < bytes) return false;
  taken = rest.substr(0, bytes);
  rest.remove_prefix(bytes);
  return true;
}

// As above, where the number of bytes stands before them.
bool take_counted(std::string_view& rest, std::size_t count_bytes, std::string_view& taken) {
  std::string_view count;
  return take(rest, count_bytes, count) && take(rest, number_in(count), taken);
}

bool take_value(std::string_view& rest, std::uint8_t type, std::string_view& value) {
  switch (type) {
    case 0:  // true
    case 1:  // false
      return take(rest, 0, value);
    case 2:  // byte
      return take(rest, 1, value);
    case 3:  // short
      return take(rest, 2, value);
    case 4:  // integer
      return take(rest, 4, value);
    case 5:  // long
    case 8:  // timestamp
      return take(rest, 8, value);
    case 6:  // bytes
    case string_type: return take_counted(rest, 2, value);
    case 9:  // uuid
      return take(rest, 16, value);
    default: return false;
  }
}

std::string_view* member_named(aws_frame& frame, std::string_view name) {
  if (name == ":message-type") return &frame.message_type;
  if (name == ":event-type") return &frame.event_type;
  if (name == ":exception-type") return &frame.exception_type;
  if (name == ":error-code") return &frame.error_code;
  if (name == ":error-message") return &frame.error_message;
  return nullptr;
}

// False: they are malformed.
bool read_headers(std::string_view headers, aws_frame& frame) {
  while (!headers.empty()) {
    std::string_view name, type, value;
    if (!take_counted(headers, 1, name) || name.empty() || !take(headers, 1, type)) return false;
    const auto type_number = static_cast<std::uint8_t>(type.front());
    if (!take_value(headers, type_number, value)) return false;
    if (type_number != string_type) continue;
    if (std::string_view* const member = member_named(frame, name)) *member = value;
  }
  return true;
}

}  // namespace

void aws_frame_reader::feed(std::string_view bytes) {
  while (!bytes.empty() && !failed()) {
    bytes.remove_prefix(collected_.empty() ? read_in_place(bytes) : collect(bytes));
  }
}

// `bytes` begin a frame. How many of them were dealt with.
std::size_t aws_frame_reader::read_in_place(std::string_view bytes) {
  frame_bytes_ = 0;
  if (bytes.size() >= prelude_bytes) read_prelude(bytes.substr(0, prelude_bytes));
  if (failed()) return 0;
  if (frame_bytes_ == 0 || bytes.size() < frame_bytes_) {
    collected_ = bytes;
    return bytes.size();
  }
  const std::size_t frame_bytes = frame_bytes_;
  read_frame(bytes.substr(0, frame_bytes));
  return frame_bytes;
}

// The prelude is looked at as soon as it is there, so that what is collected has a bound.
std::size_t aws_frame_reader::collect(std::string_view bytes) {
  const std::size_t wanted = frame_bytes_ == 0 ? prelude_bytes : frame_bytes_;
  const std::size_t taken = std::min(wanted - collected_.size(), bytes.size());
  collected_.append(bytes.substr(0, taken));
  if (collected_.size() < wanted) return taken;
  if (frame_bytes_ == 0) {
    read_prelude(collected_);
    return taken;
  }
  read_frame(collected_);
  collected_.clear();
  if (collected_.capacity() > kept_bytes_max) std::string().swap(collected_);
  return taken;
}

void aws_frame_reader::read_prelude(std::string_view prelude) {
  if (!has_right_checksum(prelude)) return fail("the beginning of a frame is damaged");
  const std::size_t frame_bytes = number_in(prelude.substr(0, 4));
  const std::size_t headers_bytes = number_in(prelude.substr(4, 4));
  if (frame_bytes < frame_bytes_min) return fail("a frame is shorter than frames can be");
  if (frame_bytes > frame_bytes_max) return fail("a frame is too long");
  if (headers_bytes > headers_bytes_max) return fail("a frame's headers are too long");
  if (headers_bytes > frame_bytes - frame_bytes_min) {
    return fail("a frame's headers are longer than the frame");
  }
  frame_bytes_ = frame_bytes;
  headers_bytes_ = headers_bytes;
}

void aws_frame_reader::read_frame(std::string_view bytes) {
  if (!has_right_checksum(bytes)) return fail("a frame is damaged");
  bytes.remove_suffix(checksum_bytes);
  bytes.remove_prefix(prelude_bytes);
  aws_frame frame;
  if (!read_headers(bytes.substr(0, headers_bytes_), frame)) {
    return fail("a frame's headers are malformed");
  }
  frame.payload = bytes.substr(headers_bytes_);
  listener_.on_frame(frame);
  frame_end_ += frame_bytes_;
}

void aws_frame_reader::fail(std::string_view fault) {
  fault_ = fault;
  std::string().swap(collected_);
}

void append_aws_frame(std::string& out, std::span<const aws_string_header> headers,
                      std::string_view payload) {
  const std::size_t begin = out.size();
  std::size_t headers_bytes = 0;
  for (const auto& [name, value] : headers) {
    headers_bytes +=
        4 + std::min(name.size(), name_bytes_max) + std::min(value.size(), value_bytes_max);
  }
  const std::size_t frame_bytes = frame_bytes_min + headers_bytes + payload.size();
  out.reserve(begin + frame_bytes);
  append_number(out, frame_bytes, 4);
  append_number(out, headers_bytes, 4);
  append_number(out, checksum_of(std::string_view(out).substr(begin)), 4);
  for (const auto& header : headers) {
    const auto name = header.first.substr(0, name_bytes_max);
    const auto value = header.second.substr(0, value_bytes_max);
    append_number(out, name.size(), 1);
    out += name;
    append_number(out, string_type, 1);
    append_number(out, value.size(), 2);
    out += value;
  }
  out += payload;
  append_number(out, checksum_of(std::string_view(out).substr(begin)), 4);
}

}  // namespace baton::relay
