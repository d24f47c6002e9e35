// Sums of usage in SQLite are held against what they are sums of, row by row.
#include <array>
#include <utility>

#include "storage/sqlite_store.hpp"
#include "storage/usage_face.hpp"
#include "storage/usage_range.hpp"

namespace baton::storage {
namespace {

constexpr std::array hour_only{period::hour};

constexpr std::string_view rows_sql =
    "SELECT series, requests, input, output, cache_read, cache_write_5m, cache_write_1h, reasoning,"
    " cost_nanousd, rated_nanousd, fallback_requests"
    " FROM usage WHERE kind = ?1 AND start >= ?2 AND start < ?3";

constexpr std::string_view remove_sql =
    "DELETE FROM usage WHERE kind = ?1 AND start = ?2 AND series = ?3";

constexpr std::string_view name_sql =
    "SELECT key_id, account_id, platform, model FROM usage_series WHERE id = ?1";

wall_time end_of(period length, wall_time start) {
  switch (length) {
    case period::hour: return start + std::chrono::hours(1);
    case period::day: return start + std::chrono::days(1);
    case period::month:
    case period::all: break;
  }
  return start_of(period::month, start + std::chrono::days(31));
}

constexpr relay::usage_counts nothing{};

// Whether anything in `to` is less than in `from`.
bool lowers(const relay::usage_counts& from, const relay::usage_counts& to) {
  const auto& a = from.tokens;
  const auto& b = to.tokens;
  return to.requests < from.requests || b.input < a.input || b.output < a.output ||
         b.cache_read < a.cache_read || b.cache_write_5m < a.cache_write_5m ||
         b.cache_write_1h < a.cache_write_1h || b.reasoning < a.reasoning ||
         to.cost_nanousd < from.cost_nanousd || to.rated_nanousd < from.rated_nanousd ||
         to.fallback_requests < from.fallback_requests;
}

// Adds the rows of a kind from `begin` to `end` to the places of `kind_of_sums` at `begin`.
result<void> add_rows(sqlite::connection& database, int kind, wall_time begin, wall_time end,
                      int kind_of_sums, usage_rows& sums) {
  const auto select = database.kept(rows_sql);
  if (!select) return select.error();
  sqlite::cursor rows = (*select)->query(kind, begin, end);
  return rows.each([&](sqlite::cursor& row) -> result<void> {
    const auto series = row.integer();
    sums[{kind_of_sums, begin, series}] += read_counts(row);
    return {};
  });
}

result<void> name(sqlite::connection& database, std::int64_t series, usage_disagreement& found) {
  const auto select = database.kept(name_sql);
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(series);
  const auto known = row.next();
  if (!known) return known.error();
  if (!*known) return {};
  found.key = row.text();
  found.account = row.text();
  found.platform = row.text();
  found.model = row.text();
  return {};
}

}  // namespace

result<usage_check> sqlite_store::check_hour(wall_time hour, const hour_rows& records,
                                             repair what) {
  hour = start_of(period::hour, hour);
  const auto before = ledger_position();
  if (!before) return before.error();
  const auto rows = records(0, *before);
  if (!rows) return rows.error();
  // Series that are new to the store are made on the way.
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto now = ledger_position();
  if (!now) return now.error();
  const auto more = records(*before, *now);
  if (!more) return more.error();
  usage_rows expected;
  auto added = add_to_rows(*rows, hour_only, expected);
  if (added) added = add_to_rows(*more, hour_only, expected);
  auto checked = added ? compare(expected, period::hour, hour, what) : added.error();
  bool kept = false;
  if (checked && what != repair::none) {
    if (auto committed = writing->commit(); !committed) checked = committed.error();
    kept = checked.has_value();
  }
  if (!kept) series_.forget();  // new ones go with the transaction
  return checked;
}

result<usage_check> sqlite_store::check_sums(period length, wall_time start, repair what) {
  const auto parts = length == period::day ? period::hour : period::day;
  start = start_of(length, start);
  const auto mode =
      what == repair::none ? sqlite::transaction::mode::read : sqlite::transaction::mode::write;
  auto moment = sqlite::transaction::begin(database_, mode);
  if (!moment) return moment.error();
  usage_rows expected;
  for (const auto face : usage_faces) {
    const auto added = add_rows(database_, usage_kind(face, parts), start, end_of(length, start),
                                usage_kind(face, length), expected);
    if (!added) return added.error();
  }
  auto checked = compare(expected, length, start, what);
  if (checked && what != repair::none) {
    if (auto committed = moment->commit(); !committed) return committed.error();
  }
  return checked;
}

// `expected` has all rows there should be for this period.
result<usage_check> sqlite_store::compare(const usage_rows& expected, period length,
                                          wall_time start, repair what) {
  usage_rows stored;
  for (const auto face : usage_faces) {
    const auto kind = usage_kind(face, length);
    const auto read = add_rows(database_, kind, start, end_of(length, start), kind, stored);
    if (!read) return read.error();
  }
  usage_check check;
  check.rows = stored.size();
  usage_rows wrong;  // as they should be
  for (const auto& [place, sum] : expected) {
    if (sum != stored[place]) wrong.emplace(place, sum);
  }
  for (const auto& [place, sum] : stored) {
    if (!expected.contains(place) && sum != nothing) wrong.emplace(place, nothing);
  }
  check.disagreements = wrong.size();
  for (const auto& [place, sum] : wrong) {
    if (check.shown.size() == usage_check::shown_max) break;
    usage_disagreement found{length, start, {}, {}, {}, {}, stored[place], sum};
    if (auto named = name(database_, place.series, found); !named) return named.error();
    check.shown.push_back(std::move(found));
  }
  if (what == repair::none) return check;
  if (what == repair::raise) {
    std::erase_if(wrong, [&](const auto& row) { return lowers(stored[row.first], row.second); });
  }
  check.mended = wrong.size();
  if (auto mended = mend(wrong); !mended) return mended.error();
  return check;
}

result<void> sqlite_store::mend(const usage_rows& wrong) {
  const auto remove = database_.kept(remove_sql);
  if (!remove) return remove.error();
  usage_rows written;
  for (const auto& [place, sum] : wrong) {
    const auto removed = (*remove)->execute(place.kind, place.start, place.series);
    if (!removed) return removed;
    if (sum != nothing) written.emplace(place, sum);
  }
  return write_rows(written);
}

}  // namespace baton::storage
