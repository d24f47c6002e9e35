#include "storage/ledger/segment_search.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>

#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/segment_format.hpp"

namespace baton::storage::ledger {
namespace {

constexpr column all_columns[] = {column::key, column::account, column::model, column::platform};

std::string_view text_of(const std::string& value) {
  return value;
}
template <class Tag>
std::string_view text_of(const named_type<std::string, Tag>& value) {
  return value.value();
}

// Calls step(value) for each value that the query allows in the column.
template <class Step>
void each_value(const record_query& query, column which, Step step) {
  const auto all = [&](const auto& values) {
    for (const auto& value : values) step(text_of(value));
  };
  switch (which) {
    case column::key: return all(query.keys);
    case column::account: return all(query.accounts);
    case column::model: return all(query.models);
    case column::platform: return all(query.platforms);
  }
}

bool is_asked_for(const record_query& query, column which) {
  bool asked = false;
  each_value(query, which, [&](std::string_view) { asked = true; });
  return asked;
}

std::string_view value_of(const usage_record_view& record, column which) {
  switch (which) {
    case column::key: return record.key;
    case column::account: return record.account;
    case column::model: return record.model;
    case column::platform: break;
  }
  return record.platform;
}

bool matches(const record_query& query, const usage_record_view& record) {
  return std::all_of(std::begin(all_columns), std::end(all_columns), [&](column which) {
    bool found = !is_asked_for(query, which);
    each_value(query, which,
               [&](std::string_view value) { found |= value == value_of(record, which); });
    return found;
  });
}

bool is_in_time(const record_query& query, wall_time finished) {
  return (!query.from || finished >= *query.from) && (!query.to || finished < *query.to);
}

}  // namespace

bool segment_search::in_range() const {
  const auto& summary = index_.summary();
  return summary.records > 0 && (!query_.before || summary.first_number < *query_.before) &&
         (!query_.from || summary.latest >= *query_.from) &&
         (!query_.to || summary.earliest < *query_.to);
}

std::uint64_t segment_search::count(column which) const {
  std::uint64_t sum = 0;
  each_value(query_, which, [&](std::string_view value) { sum += index_.count(which, value); });
  return sum;
}

bool segment_search::find_all(column which, std::vector<std::uint32_t>& positions) const {
  bool whole = true;
  std::size_t values = 0;
  each_value(query_, which, [&](std::string_view value) {
    ++values;
    whole = whole && index_.find(which, value, positions);
  });
  if (values > 1) {
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  }
  return whole;
}

// The rarest values first: often there is nothing left to compare with the others.
bool segment_search::run() {
  positions_.clear();
  if (!in_range()) return true;
  std::vector<std::pair<std::uint64_t, column>> columns;
  for (const auto which : all_columns) {
    if (is_asked_for(query_, which)) columns.emplace_back(count(which), which);
  }
  std::sort(columns.begin(), columns.end());
  if (columns.empty()) {
    positions_.resize(index_.summary().records);
    std::iota(positions_.begin(), positions_.end(), 0);
  } else if (columns.front().first == 0 || !find_all(columns.front().second, positions_)) {
    return columns.front().first == 0;
  }
  for (std::size_t i = 1; i < columns.size() && !positions_.empty(); ++i) {
    std::vector<std::uint32_t> others, both;
    if (!find_all(columns[i].second, others)) return false;
    std::set_intersection(positions_.begin(), positions_.end(), others.begin(), others.end(),
                          std::back_inserter(both));
    positions_ = std::move(both);
  }
  if (query_.before) {
    const auto limit = *query_.before - index_.summary().first_number;
    positions_.erase(std::lower_bound(positions_.begin(), positions_.end(), limit),
                     positions_.end());
  }
  return true;
}

// By whole seconds; the record itself decides.
bool segment_search::may_be_in_time(std::uint32_t second) const {
  const auto earliest = index_.summary().earliest;
  return (!query_.from || second >= seconds_between(earliest, *query_.from)) &&
         (!query_.to || second <= seconds_between(earliest, *query_.to));
}

bool segment_search::read(const file& segment, std::vector<usage_record>& records) const {
  record_decoder decoder;
  usage_record_view record;
  std::string buffer;
  for (auto position = positions_.rbegin();
       position != positions_.rend() && records.size() < query_.limit; ++position) {
    const auto place = index_.place(*position);
    if (!place) return false;
    if (!may_be_in_time(place->second)) continue;
    const auto next = index_.place(*position + 1);
    const auto end = next ? next->offset : index_.summary().segment_bytes;
    if (end <= place->offset || end - place->offset > payload_bytes_max) return false;
    buffer.resize(end - place->offset);
    const auto got = segment.read_at(place->offset, buffer.data(), buffer.size());
    std::string_view bytes = buffer;
    if (!got || *got != buffer.size() || !decoder.read(bytes, record)) return false;
    if (!matches(query_, record)) return false;
    if (is_in_time(query_, record.finished)) {
      records.push_back(to_record(record, index_.summary().first_number + *position));
    }
  }
  return true;
}

}  // namespace baton::storage::ledger
