// The bytes of an index: a header; for each column its values, sorted, each with a fixed number of
// bytes; their texts; their lists of positions, as varints of what lies between one position and
// the next; the places of all records. Numbers are of 4 bytes unless something else is said.
#include "storage/ledger/bytes.hpp"
#include "storage/ledger/index_file.hpp"

namespace baton::storage::ledger {
namespace {

constexpr std::string_view magic = "batonidx";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t checksum_at = 12;
constexpr std::size_t header_bytes = 88;
constexpr std::size_t entry_bytes = 24;
constexpr std::size_t place_bytes = 8;

std::uint32_t as_u32(std::size_t number) {
  return static_cast<std::uint32_t>(number);
}

std::string packed(const index_builder::postings& positions) {
  std::string bytes;
  char one[varint_bytes_max];
  std::uint32_t next = 0;  // the least that the following position can be
  for (const auto position : positions) {
    bytes.append(one, put_varint(one, position - next));
    next = position + 1;
  }
  return bytes;
}

template <class T>
void append_fixed(std::string& bytes, T number) {
  char one[sizeof(T)];
  put_fixed(one, number);
  bytes.append(one, sizeof(T));
}

std::string places_of(const index_builder& index) {
  std::string bytes;
  bytes.reserve(index.summary().records * place_bytes);
  for (std::uint32_t i = 0; i < index.summary().records; ++i) {
    const auto place = index.place(i).value_or(record_place());
    append_fixed(bytes, place.offset);
    append_fixed(bytes, place.second);
  }
  return bytes;
}

// magic (8), version, checksum of what follows up to the end of the texts, file's bytes (8), first
// number (8), earliest (8), latest (8), segment's bytes (8), records, values of each column,
// end of the texts, offset of the places, their checksum
std::string header_of(const index_builder& index,
                      const std::array<std::uint32_t, column_count>& values, std::size_t texts_end,
                      std::size_t places_offset, std::string_view places) {
  const auto& summary = index.summary();
  std::string bytes(magic);
  append_fixed(bytes, format_version);
  append_fixed(bytes, std::uint32_t{0});  // the checksum
  append_fixed(bytes, std::uint64_t{places_offset + places.size()});
  append_fixed(bytes, summary.first_number);
  append_fixed(bytes, summary.earliest.time_since_epoch().count());
  append_fixed(bytes, summary.latest.time_since_epoch().count());
  append_fixed(bytes, summary.segment_bytes);
  append_fixed(bytes, summary.records);
  for (const auto count : values) append_fixed(bytes, count);
  append_fixed(bytes, as_u32(texts_end));
  append_fixed(bytes, as_u32(places_offset));
  append_fixed(bytes, checksum_of(places));
  return bytes;
}

}  // namespace

std::string to_bytes(const index_builder& index) {
  std::array<std::uint32_t, column_count> values{};
  std::size_t directory_end = header_bytes;
  std::size_t texts_end = header_bytes;
  for (std::size_t i = 0; i < column_count; ++i) {
    const auto sorted = index.sorted(static_cast<column>(i));
    values[i] = as_u32(sorted.size());
    directory_end += sorted.size() * entry_bytes;
    texts_end += sorted.size() * entry_bytes;
    for (const auto& [value, positions] : sorted) texts_end += value.size();
  }
  std::string directory, texts, lists;
  for (std::size_t i = 0; i < column_count; ++i) {
    for (const auto& [value, positions] : index.sorted(static_cast<column>(i))) {
      const std::string list = packed(*positions);
      append_fixed(directory, as_u32(directory_end + texts.size()));
      append_fixed(directory, as_u32(value.size()));
      append_fixed(directory, as_u32(texts_end + lists.size()));
      append_fixed(directory, as_u32(list.size()));
      append_fixed(directory, as_u32(positions->size()));
      append_fixed(directory, checksum_of(list));
      texts += value;
      lists += list;
    }
  }
  const std::string places = places_of(index);
  std::string bytes =
      header_of(index, values, texts_end, texts_end + lists.size(), places) + directory + texts;
  put_fixed(bytes.data() + checksum_at,
            checksum_of(std::string_view(bytes).substr(checksum_at + sizeof(std::uint32_t))));
  return bytes + lists + places;
}

std::optional<index_view> index_view::open(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(magic) ||
      fixed_at<std::uint32_t>(bytes, 8) != format_version ||
      fixed_at<std::uint64_t>(bytes, 16) != bytes.size()) {
    return std::nullopt;
  }
  index_view view;
  view.bytes_ = bytes;
  auto& summary = view.summary_;
  summary.first_number = fixed_at<std::uint64_t>(bytes, 24);
  summary.earliest = wall_time(std::chrono::milliseconds(fixed_at<std::int64_t>(bytes, 32)));
  summary.latest = wall_time(std::chrono::milliseconds(fixed_at<std::int64_t>(bytes, 40)));
  summary.segment_bytes = fixed_at<std::uint64_t>(bytes, 48);
  summary.records = fixed_at<std::uint32_t>(bytes, 56);
  std::uint64_t entries = 0;
  for (std::size_t i = 0; i < column_count; ++i) {
    view.values_[i] = fixed_at<std::uint32_t>(bytes, 60 + 4 * i);
    entries += view.values_[i];
  }
  view.texts_end_ = fixed_at<std::uint32_t>(bytes, 76);
  view.places_offset_ = fixed_at<std::uint32_t>(bytes, 80);
  view.places_checksum_ = fixed_at<std::uint32_t>(bytes, 84);
  const bool possible =
      header_bytes + entries * entry_bytes <= view.texts_end_ &&
      view.texts_end_ <= view.places_offset_ && view.places_offset_ <= bytes.size() &&
      bytes.size() - view.places_offset_ == std::uint64_t{summary.records} * place_bytes;
  constexpr std::size_t covered_from = checksum_at + sizeof(std::uint32_t);
  if (!possible || checksum_of(bytes.substr(covered_from, view.texts_end_ - covered_from)) !=
                       fixed_at<std::uint32_t>(bytes, checksum_at)) {
    return std::nullopt;
  }
  return view;
}

index_view::entry index_view::entry_at(std::size_t at) const {
  const std::size_t offset = header_bytes + at * entry_bytes;
  return {
      fixed_at<std::uint32_t>(bytes_, offset),      fixed_at<std::uint32_t>(bytes_, offset + 4),
      fixed_at<std::uint32_t>(bytes_, offset + 8),  fixed_at<std::uint32_t>(bytes_, offset + 12),
      fixed_at<std::uint32_t>(bytes_, offset + 16), fixed_at<std::uint32_t>(bytes_, offset + 20)};
}

// A checksum can be right for numbers that are wrong.
bool index_view::lies_inside(const entry& e) const {
  return std::uint64_t{e.text_offset} + e.text_bytes <= texts_end_ &&
         std::uint64_t{e.list_offset} + e.list_bytes <= places_offset_ &&
         e.positions <= e.list_bytes && e.positions <= summary_.records;
}

std::optional<index_view::entry> index_view::entry_of(column which, std::string_view value) const {
  std::size_t low = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(which); ++i) low += values_[i];
  std::size_t high = low + values_[static_cast<std::size_t>(which)];
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto e = entry_at(middle);
    if (!lies_inside(e)) return std::nullopt;
    const int order = text_of(e).compare(value);
    if (order == 0) return e;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

std::uint32_t index_view::count(column which, std::string_view value) const {
  const auto e = entry_of(which, value);
  return e ? e->positions : 0;
}

bool index_view::find(column which, std::string_view value,
                      std::vector<std::uint32_t>& positions) const {
  const auto e = entry_of(which, value);
  if (!e) return true;
  const auto list = bytes_.substr(e->list_offset, e->list_bytes);
  if (checksum_of(list) != e->list_checksum) return false;
  byte_reader in(list);
  std::uint64_t next = 0;
  for (std::uint32_t i = 0; i < e->positions; ++i) {
    const auto gap = in.varint();
    if (!in.ok() || gap >= summary_.records - next) return false;
    next += gap;
    positions.push_back(static_cast<std::uint32_t>(next++));
  }
  return in.rest().empty();
}

std::optional<record_place> index_view::place(std::uint32_t position) const {
  if (position >= summary_.records) return std::nullopt;
  if (!places_checked_) {
    if (checksum_of(bytes_.substr(places_offset_)) != places_checksum_) return std::nullopt;
    places_checked_ = true;
  }
  const std::size_t at = places_offset_ + std::size_t{position} * place_bytes;
  return record_place{fixed_at<std::uint32_t>(bytes_, at), fixed_at<std::uint32_t>(bytes_, at + 4)};
}

}  // namespace baton::storage::ledger
