#include "storage/ledger/ledger_reader.hpp"

#include <algorithm>
#include <limits>

#include "storage/ledger/segment_search.hpp"

namespace baton::storage {
namespace {

constexpr std::size_t limit_max = 10'000;

}  // namespace

ledger_reader::ledger_reader(std::filesystem::path path)
    : folder_(std::move(path)), indexes_(folder_) {}

result<ledger_page> ledger_reader::page(const record_query& query) {
  if (query.limit < 1 || query.limit > limit_max) {
    return downstream_error(error_code::invalid_argument, "limit must be 1 to 10000");
  }
  const auto segments = folder_.segments();
  if (!segments) return segments.error();
  indexes_.keep_only(*segments);
  ledger_page found;
  for (auto segment = segments->rbegin(); segment != segments->rend(); ++segment) {
    if (query.before && *segment >= *query.before) continue;
    const auto added = add_from(*segment, segment == segments->rbegin(), query, found.records);
    if (!added) return added.error();
    if (found.records.size() >= query.limit) {
      found.next = found.records.back().number;
      break;
    }
  }
  return found;
}

// An index that is damaged is replaced by a reading of the segment, once.
result<void> ledger_reader::add_from(std::uint64_t segment, bool newest, const record_query& query,
                                     std::vector<usage_record>& records) {
  const auto had = static_cast<std::ptrdiff_t>(records.size());
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto index = indexes_.open(segment, newest);
    if (!index && index.error().code == error_code::not_found) return {};
    if (!index) return index.error();
    ledger::segment_search search(query, **index);
    if (search.run()) {
      if (search.found_none()) return {};
      const auto opened = ledger::open_segment(folder_, segment);
      if (!opened && opened.error().code == error_code::not_found) return {};
      if (!opened) return opened.error();
      if (search.read(*opened, records)) return {};
    }
    records.erase(records.begin() + had, records.end());
    indexes_.distrust(segment);
  }
  return {};
}

result<std::uint64_t> ledger_reader::each_after(std::uint64_t number, const visitor& visit) {
  return each({number, std::numeric_limits<std::uint64_t>::max(), {}, {}}, visit);
}

result<void> ledger_reader::each_between(wall_time from, wall_time to, std::uint64_t up_to_number,
                                         const visitor& visit) {
  const auto visited = each({0, up_to_number, from, to}, visit);
  if (!visited) return visited.error();
  return {};
}

result<std::uint64_t> ledger_reader::each(const ledger::scan_bounds& wanted, const visitor& visit) {
  const auto segments = folder_.segments();
  if (!segments) return segments.error();
  std::uint64_t last = wanted.after;
  const auto note_and_visit = [&](std::uint64_t number, const usage_record_view& record) {
    last = number;
    return visit(number, record);
  };
  // The records after a number may be in the segment that begins at or before it.
  auto segment = std::upper_bound(segments->begin(), segments->end(), wanted.after);
  if (segment != segments->begin()) --segment;
  for (; segment != segments->end() && *segment <= wanted.up_to; ++segment) {
    const bool newest = segment + 1 == segments->end();
    if (!newest && indexes_.has_none_between(*segment, wanted.from, wanted.to)) continue;
    const auto opened = ledger::open_segment(folder_, *segment);
    if (!opened && opened.error().code == error_code::not_found) continue;
    if (!opened) return opened.error();
    const auto scanned = ledger::scan_segment(*opened, *segment, newest, wanted, note_and_visit);
    if (!scanned) return scanned.error();
    if (*scanned == ledger::scan_result::stopped) break;
    if (*scanned == ledger::scan_result::damaged) ++damaged_frames_;
  }
  return last;
}

}  // namespace baton::storage
