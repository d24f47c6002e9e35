// Questions about usage in SQLite. The engine only finds the rows; they are summed up here, because
// SQLite would sort them all for a GROUP BY that is not the order of an index.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "storage/json_text.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/usage_face.hpp"
#include "storage/usage_range.hpp"
#include "storage/usage_rows.hpp"

namespace baton::storage {
namespace {

// The group of each series that counts, by the series' number.
using series_groups = std::unordered_map<std::int64_t, std::uint32_t>;

// ?1 to ?4 are the lists of a query as JSON. An empty one is compared as a text, so that its place
// is there to be bound; there are sixteen of these texts.
std::string condition(std::string_view column, const std::string& place, bool any) {
  if (any) return " AND " + place + " = '[]'";
  return " AND " + std::string(column) + " IN (SELECT value FROM json_each(" + place + "))";
}

std::string series_sql(const usage_query& query, usage_face face) {
  std::string sql = "SELECT id, key_id, account_id, platform, model FROM usage_series WHERE ";
  const auto parts = parts_of(face);
  sql += parts.key ? "true" : "key_id = ''";
  if (!parts.account) sql += " AND account_id = '' AND platform = ''";
  if (!parts.model) sql += " AND model = ''";
  sql += condition("key_id", "?1", query.keys.empty());
  sql += condition("account_id", "?2", query.accounts.empty());
  sql += condition("platform", "?3", query.platforms.empty());
  sql += condition("model", "?4", query.models.empty());
  return sql;
}

template <class Ids>
result<std::string> json_of_ids(const Ids& ids) {
  text_list list;
  for (const auto& id : ids) list.push_back(id.value());
  return filter_json(list);
}

std::string group_of(usage_group by, sqlite::cursor& series) {
  std::string names[] = {series.text(), series.text(), series.text(), series.text()};
  switch (by) {
    case usage_group::none: return {};
    case usage_group::key: return std::move(names[0]);
    case usage_group::account: return std::move(names[1]);
    case usage_group::platform: return std::move(names[2]);
    case usage_group::model: break;
  }
  return std::move(names[3]);
}

// Those that the filters of `query` let pass.
result<series_groups> wanted_series(sqlite::connection& database, const usage_query& query,
                                    usage_face face, usage_groups& groups) {
  const auto keys = json_of_ids(query.keys);
  if (!keys) return keys.error();
  const auto accounts = json_of_ids(query.accounts);
  if (!accounts) return accounts.error();
  const auto platforms = filter_json(query.platforms);
  if (!platforms) return platforms.error();
  const auto models = filter_json(query.models);
  if (!models) return models.error();
  const auto select = database.kept(series_sql(query, face));
  if (!select) return select.error();
  series_groups wanted;
  sqlite::cursor rows = (*select)->query(*keys, *accounts, *platforms, *models);
  const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
    const auto number = row.integer();
    wanted.emplace(number, groups.number(group_of(query.group, row)));
    return {};
  });
  if (!read) return read.error();
  return wanted;
}

// ?1 kind, ?2 and ?3 the range of starts, ?4 numbers of series as JSON. The index is named because
// SQLite, not knowing how few rows a series has, would read the whole range of time.
constexpr std::string_view select_some_sql =
    "SELECT start, series, requests, input, output, cache_read, cache_write_5m, cache_write_1h,"
    " reasoning, cost_nanousd, rated_nanousd, fallback_requests"
    " FROM usage INDEXED BY usage_by_series"
    " WHERE kind = ?1 AND start >= ?2 AND start < ?3"
    " AND series IN (SELECT value FROM json_each(?4))";

// ?2 starts of periods as JSON, ?3 numbers of series as above: each row is looked up by its place,
// in the order of the table. Half as long as by the index where most series have a row in each
// period, as in months; much longer where few have.
constexpr std::string_view select_each_sql =
    "SELECT start, series, requests, input, output, cache_read, cache_write_5m, cache_write_1h,"
    " reasoning, cost_nanousd, rated_nanousd, fallback_requests"
    " FROM usage WHERE kind = ?1 AND start IN (SELECT value FROM json_each(?2))"
    " AND series IN (SELECT value FROM json_each(?3))";
constexpr std::size_t looked_up_months_max = 120;

constexpr std::string_view select_all_sql =
    "SELECT start, series, requests, input, output, cache_read, cache_write_5m, cache_write_1h,"
    " reasoning, cost_nanousd, rated_nanousd, fallback_requests"
    " FROM usage WHERE kind = ?1 AND start >= ?2 AND start < ?3";

std::string json_of(const series_groups& wanted) {
  std::string list = "[";
  for (const auto& [series, group] : wanted) {
    if (list.size() > 1) list += ',';
    list += std::to_string(series);
  }
  return list + "]";
}

std::string json_of(const std::vector<wall_time>& starts) {
  std::string list = "[";
  for (const auto start : starts) {
    if (list.size() > 1) list += ',';
    list += std::to_string(start.time_since_epoch().count());
  }
  return list + "]";
}

// `range` without what lies before the first and after the last row of this kind.
result<usage_range> stored_part(sqlite::connection& database, int kind, usage_range range) {
  const auto select = database.kept(
      "SELECT (SELECT min(start) FROM usage WHERE kind = ?1),"
      " (SELECT max(start) FROM usage WHERE kind = ?1)");
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(kind);
  const auto found = row.next();
  if (!found) return found.error();
  if (row.null()) return usage_range{range.kind, range.begin, range.begin};
  range.begin = std::max(range.begin, row.time());
  range.end = std::min(range.end, row.time() + std::chrono::milliseconds(1));
  return range;
}

bool is_filtered(const usage_query& query) {
  return !query.keys.empty() || !query.accounts.empty() || !query.models.empty() ||
         !query.platforms.empty();
}

}  // namespace

result<void> sqlite_store::sum_up(const usage_query& query, usage_groups& groups) {
  const auto face = face_for(query);
  const bool filtered = is_filtered(query);
  const auto wanted = wanted_series(database_, query, face, groups);
  if (!wanted) return wanted.error();
  if (wanted->empty()) return {};
  const auto all = database_.kept(select_all_sql);
  if (!all) return all.error();
  const auto some = database_.kept(select_some_sql);
  if (!some) return some.error();
  const auto each = database_.kept(select_each_sql);
  if (!each) return each.error();
  const auto numbers = filtered ? json_of(*wanted) : std::string();
  for (const auto& range : ranges_covering(query.from, query.to, query.granularity)) {
    const auto kind = usage_kind(face, range.kind);
    const auto stored = stored_part(database_, kind, range);
    if (!stored) return stored.error();
    const auto months = filtered && range.kind == period::month
                            ? starts_in(*stored, looked_up_months_max)
                            : std::nullopt;
    sqlite::cursor rows = !filtered ? (*all)->query(kind, range.begin, range.end)
                          : months  ? (*each)->query(kind, json_of(*months), numbers)
                                    : (*some)->query(kind, range.begin, range.end, numbers);
    const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
      const auto start = start_of(query.granularity, row.time());
      if (const auto series = wanted->find(row.integer()); series != wanted->end()) {
        groups.add(start, series->second, read_counts(row));
      }
      return {};
    });
    if (!read) return read;
  }
  return {};
}

result<std::vector<usage_sum>> sqlite_store::usage(const usage_query& query) {
  // All ranges as of one moment, so that no batch is counted in one and missed in another.
  auto moment = sqlite::transaction::begin(database_, sqlite::transaction::mode::read);
  if (!moment) return moment.error();
  usage_groups groups;
  const auto summed = sum_up(query, groups);
  if (!summed) return summed.error();
  return std::move(groups).take(query);
}

}  // namespace baton::storage
