#include "storage/ledger/frame_scanner.hpp"

#include <fcntl.h>

#include <algorithm>

namespace baton::storage::ledger {
namespace {

// Read at once: frames may be of one record, and a call for each would take longer than they do.
constexpr std::size_t chunk_bytes = 256 * 1024;

}  // namespace

// `count` bytes, or those up to the end of the file; nothing if the disk failed.
std::optional<std::string_view> frame_scanner::bytes_at(std::uint64_t offset, std::size_t count) {
  const bool inside = offset >= buffer_offset_ && offset + count <= buffer_offset_ + buffer_.size();
  if (!inside) {
    buffer_.resize(std::max(count, chunk_bytes));
    const auto got = file_.read_at(offset, buffer_.data(), buffer_.size());
    buffer_.resize(got ? *got : 0);
    buffer_offset_ = offset;
    if (!got) return std::nullopt;
  }
  return std::string_view(buffer_).substr(offset - buffer_offset_, count);
}

scan_step frame_scanner::stopped(scan_step why) {
  done_ = true;
  return why;
}

scan_step frame_scanner::next() {
  if (done_) return scan_step::damaged;
  const auto bytes = bytes_at(end_, frame_header_bytes);
  if (!bytes) return stopped(scan_step::unreadable);
  if (all_zero(*bytes)) return stopped(scan_step::end);
  const auto header = read_frame_header(*bytes);
  if (!header || header->first_number != number_) return stopped(scan_step::damaged);
  const auto size = file_.size();
  if (!size) return stopped(scan_step::unreadable);
  const auto end = end_ + frame_header_bytes + header->payload_bytes;
  if (end > *size) return stopped(scan_step::damaged);
  header_ = *header;
  begin_ = end_;
  end_ = end;
  number_ = header->first_number + header->records;
  return scan_step::frame;
}

std::optional<std::string_view> frame_scanner::payload() {
  const auto bytes = bytes_at(payload_begin(), header_.payload_bytes);
  if (bytes && bytes->size() == header_.payload_bytes &&
      checksum_of(*bytes) == header_.payload_checksum) {
    return bytes;
  }
  done_ = true;
  end_ = begin_;
  number_ = header_.first_number;
  return std::nullopt;
}

result<file> open_segment(const folder& where, std::uint64_t first_number) {
  auto opened = file::open(where.segment(first_number), O_RDONLY);
  if (!opened) return opened.error();
  char bytes[segment_header_bytes];
  const auto got = opened->read_at(0, bytes, sizeof(bytes));
  if (!got) return got.error();
  const auto header = read_segment_header({bytes, *got});
  if (!header) return header.error();
  return opened;
}

result<std::uint64_t> end_of_content(const file& scanned, std::uint64_t offset) {
  std::string chunk(chunk_bytes, '\0');
  std::uint64_t end = offset;
  for (;;) {
    const auto got = scanned.read_at(offset, chunk.data(), chunk.size());
    if (!got) return got.error();
    if (*got == 0) return end;
    const auto last = std::string_view(chunk).substr(0, *got).find_last_not_of('\0');
    if (last != std::string_view::npos) end = offset + last + 1;
    offset += *got;
  }
}

}  // namespace baton::storage::ledger
