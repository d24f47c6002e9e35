#include "storage/ledger/index_builder.hpp"

#include <algorithm>
#include <limits>

namespace baton::storage::ledger {

index_builder::index_builder(std::uint64_t first_number) {
  summary_.first_number = first_number;
  summary_.segment_bytes = segment_header_bytes;
}

scan_step index_builder::extend(const file& segment) {
  frame_scanner scanner(segment, summary_.segment_bytes, summary_.first_number + summary_.records);
  for (;;) {
    const auto step = scanner.next();
    if (step != scan_step::frame) return step;
    const auto payload = scanner.payload();
    if (!payload || !add_frame(scanner.header(), scanner.payload_begin(), *payload)) {
      return scan_step::damaged;
    }
  }
}

// The whole frame or nothing of it.
bool index_builder::add_frame(const frame_header& frame, std::uint64_t payload_offset,
                              std::string_view payload) {
  if (payload_offset + payload.size() > std::numeric_limits<std::uint32_t>::max()) return false;
  const auto before = summary_;
  usage_record_view record;
  std::string_view rest = payload;
  for (std::uint32_t i = 0; i < frame.records; ++i) {
    const auto offset = payload_offset + (payload.size() - rest.size());
    if (!decoder_.read(rest, record)) break;
    add_record(record, offset);
  }
  const bool whole = rest.empty() && summary_.records - before.records == frame.records;
  if (!whole) return_to(before);
  summary_.segment_bytes = whole ? payload_offset + payload.size() : before.segment_bytes;
  return whole;
}

void index_builder::return_to(const index_summary& before) {
  for (auto& known : columns_) {
    for (auto& [value, positions] : known) {
      const auto kept = std::lower_bound(positions.begin(), positions.end(), before.records);
      positions.erase(kept, positions.end());
    }
    std::erase_if(known, [](const auto& value) { return value.second.empty(); });
  }
  places_.resize(before.records);
  summary_ = before;
}

void index_builder::add_record(const usage_record_view& record, std::uint64_t offset) {
  const bool first = summary_.records == 0;
  summary_.earliest = first ? record.finished : std::min(summary_.earliest, record.finished);
  summary_.latest = first ? record.finished : std::max(summary_.latest, record.finished);
  places_.push_back({static_cast<std::uint32_t>(offset), record.finished});
  add_value(column::key, record.key);
  add_value(column::account, record.account);
  add_value(column::model, record.model);
  add_value(column::platform, record.platform);
  ++summary_.records;
}

void index_builder::add_value(column which, std::string_view value) {
  auto& known = columns_[static_cast<std::size_t>(which)];
  auto found = known.find(value);
  if (found == known.end()) found = known.emplace(value, postings()).first;
  found->second.push_back(summary_.records);
}

const index_builder::postings* index_builder::postings_of(column which,
                                                          std::string_view value) const {
  const auto& known = columns_[static_cast<std::size_t>(which)];
  const auto found = known.find(value);
  return found == known.end() ? nullptr : &found->second;
}

std::uint32_t index_builder::count(column which, std::string_view value) const {
  const auto* const found = postings_of(which, value);
  return found == nullptr ? 0 : static_cast<std::uint32_t>(found->size());
}

bool index_builder::find(column which, std::string_view value,
                         std::vector<std::uint32_t>& positions) const {
  if (const auto* const found = postings_of(which, value)) {
    positions.insert(positions.end(), found->begin(), found->end());
  }
  return true;
}

std::optional<record_place> index_builder::place(std::uint32_t position) const {
  if (position >= places_.size()) return std::nullopt;
  const auto& [offset, finished] = places_[position];
  return record_place{offset, seconds_between(summary_.earliest, finished)};
}

std::map<std::string_view, const index_builder::postings*> index_builder::sorted(
    column which) const {
  std::map<std::string_view, const postings*> found;
  for (const auto& [value, positions] : columns_[static_cast<std::size_t>(which)]) {
    found.emplace(value, &positions);
  }
  return found;
}

}  // namespace baton::storage::ledger
