// Whatever a segment of the usage ledger holds, its frames are found without leaving it, with
// numbers that rise; and every record that can be read is written as one that reads the same.
#include <fcntl.h>
#include <sys/mman.h>

#include <string>

#include "storage/ledger/index_builder.hpp"
#include "storage/ledger/ledger_scan.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using baton::fuzz::require;
using baton::storage::usage_record_view;
using namespace baton::storage::ledger;

void check_record(const usage_record_view& record) {
  std::string bytes;
  append_record(bytes, record);
  std::string_view rest = bytes;
  baton::storage::record_decoder decoder;
  usage_record_view again;
  require(decoder.read(rest, again).has_value() && rest.empty(), "what is written can be read");
  require(again == record, "what is written is read");
}

void read_records(std::string_view bytes) {
  baton::storage::record_decoder decoder;
  usage_record_view record;
  while (!bytes.empty()) {
    const auto before = bytes.size();
    if (!decoder.read(bytes, record)) {
      require(bytes.size() == before, "what cannot be read is left");
      return;
    }
    require(bytes.size() < before, "a record has bytes");
    check_record(record);
  }
}

// A frame, right in all but its payload: chance would not find its checksums.
std::string framed(std::string_view payload, std::uint32_t records) {
  frame_header header;
  header.payload_bytes = static_cast<std::uint32_t>(payload.size());
  header.payload_checksum = checksum_of(payload);
  header.records = records;
  header.first_number = 1;
  const auto bytes = to_bytes(header);
  return std::string(bytes.data(), bytes.size()) + std::string(payload);
}

void scan(std::string_view content) {
  // In memory, but with a name to open it by.
  static const int memory = ::memfd_create("segment", MFD_CLOEXEC);
  const std::string path = "/proc/self/fd/" + std::to_string(memory);
  auto opened = file::open(path, O_RDWR | O_TRUNC);
  require(opened && opened->write_at(0, {content}), "the file can be written");
  frame_scanner scanner(*opened, segment_header_bytes, 1);
  std::uint64_t number = 1;
  while (scanner.next() == scan_step::frame && scanner.payload()) {
    require(scanner.header().first_number == number, "frames follow one another");
    number = scanner.header().last_number() + 1;
    require(scanner.position() <= content.size(), "a frame lies in its segment");
  }
  std::uint64_t before = 0;
  const scan_bounds everything{0, UINT64_MAX, {}, {}};
  const auto scanned = scan_segment(*opened, 1, false, everything,
                                    [&](std::uint64_t at, const usage_record_view& record) {
                                      require(at > before && at < number, "numbers rise");
                                      before = at;
                                      check_record(record);
                                      return baton::result<bool>(true);
                                    });
  require(scanned.has_value(), "damage is no error");
  index_builder index(1);
  index.extend(*opened);
  const auto& summary = index.summary();
  require(summary.records < number, "an index has no record that is not there");
  require(summary.records == 0 || summary.segment_bytes <= content.size(), "nor a byte");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(input);
  const std::string header_room(segment_header_bytes, 'h');
  read_records(input);
  scan(header_room + std::string(input));
  scan(header_room + framed(input, 1 + steering % 8));
  return 0;
}
