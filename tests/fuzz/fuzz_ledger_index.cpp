// Whatever an index of the usage ledger holds, it is refused or answers within its bounds.
#include <string>
#include <vector>

#include "storage/ledger/bytes.hpp"
#include "storage/ledger/index_file.hpp"
#include "storage/ledger/segment_format.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using baton::fuzz::require;
using namespace baton::storage::ledger;

// Right where only chance would make it so: magic, version, size and the checksum of the names.
std::string mended(std::string_view bytes) {
  constexpr std::size_t header_bytes = 88;
  std::string index(bytes);
  if (index.size() < header_bytes) return index;
  std::string_view("batonidx").copy(index.data(), 8);
  put_fixed(index.data() + 8, std::uint32_t{1});
  put_fixed(index.data() + 16, std::uint64_t{index.size()});
  const auto texts_end = fixed_at<std::uint32_t>(index, 76);
  if (texts_end > index.size() || texts_end < header_bytes) return index;
  put_fixed(index.data() + 12, checksum_of(std::string_view(index).substr(16, texts_end - 16)));
  return index;
}

void ask(std::string_view bytes, std::string_view value) {
  const auto index = index_view::open(bytes);
  if (!index) return;
  const auto records = index->summary().records;
  for (const auto which : {column::key, column::account, column::model, column::platform}) {
    for (const std::string_view text : {value, std::string_view(), std::string_view("a")}) {
      std::vector<std::uint32_t> positions;
      if (!index->find(which, text, positions)) continue;
      require(positions.size() == index->count(which, text), "as many as it says");
      for (std::size_t i = 0; i < positions.size(); ++i) {
        require(positions[i] < records, "every position is one of a record");
        require(i == 0 || positions[i] > positions[i - 1], "positions rise");
      }
    }
  }
  for (const std::uint32_t position : {0u, 1u, records / 2, records - 1, records, UINT32_MAX}) {
    require(!index->place(position) || position < records, "no place where no record is");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = baton::fuzz::as_text(data, size);
  const auto value = input.substr(0, baton::fuzz::take_steering(input) % 16);
  ask(input, value);
  ask(mended(input), value);
  return 0;
}
