// How usage gets into SQLite and out again: each row is added to the rows of its hour, day and
// month in every face.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/usage_face.hpp"
#include "storage/usage_range.hpp"

namespace baton::storage {
namespace {

constexpr std::int64_t count_max = 1'000'000'000'000;

constexpr std::int64_t cost_nanousd_max = 100'000'000'000'000;

std::int64_t bounded(std::int64_t count) {
  return std::clamp<std::int64_t>(count, 0, count_max);
}

constexpr std::array all_lengths{period::hour, period::day, period::month};

void add(const usage_row& row, relay::usage_counts& sum) {
  sum.requests += bounded(row.requests);
  sum.tokens.input += bounded(row.tokens.input);
  sum.tokens.output += bounded(row.tokens.output);
  sum.tokens.cache_read += bounded(row.tokens.cache_read);
  sum.tokens.cache_write_5m += bounded(row.tokens.cache_write_5m);
  sum.tokens.cache_write_1h += bounded(row.tokens.cache_write_1h);
  sum.tokens.reasoning += bounded(row.tokens.reasoning);
  sum.cost_nanousd += std::clamp<std::int64_t>(row.cost_nanousd, 0, cost_nanousd_max);
  sum.rated_nanousd += std::clamp<std::int64_t>(row.rated_nanousd, 0, cost_nanousd_max);
  sum.fallback_requests += bounded(row.fallback_requests);
}

constexpr std::string_view upsert_sql =
    "INSERT INTO usage (kind, start, series, requests, input, output, cache_read, cache_write_5m,"
    " cache_write_1h, reasoning, cost_nanousd, rated_nanousd, fallback_requests)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    " ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,"
    " input = input + excluded.input, output = output + excluded.output,"
    " cache_read = cache_read + excluded.cache_read,"
    " cache_write_5m = cache_write_5m + excluded.cache_write_5m,"
    " cache_write_1h = cache_write_1h + excluded.cache_write_1h,"
    " reasoning = reasoning + excluded.reasoning,"
    " cost_nanousd = cost_nanousd + excluded.cost_nanousd,"
    " rated_nanousd = rated_nanousd + excluded.rated_nanousd,"
    " fallback_requests = fallback_requests + excluded.fallback_requests";

constexpr std::string_view position_setting = "ledger_position";

// Rows of the kind ?1 from before ?2, no more than ?3.
constexpr std::string_view remove_sql =
    "DELETE FROM usage WHERE (kind, start, series) IN (SELECT kind, start, series FROM usage"
    " WHERE kind = ?1 AND start < ?2 LIMIT ?3)";

// Some 50 ms of work: each row has a place of its own in the index.
constexpr std::int64_t removed_at_once_max = 2000;

}  // namespace

result<void> sqlite_store::add_to_rows(std::span<const usage_row> rows,
                                       std::span<const period> lengths, usage_rows& sums) {
  for (const auto& row : rows) {
    for (const auto face : usage_faces) {
      const auto series = series_.number(database_, series_of(face, row));
      if (!series) return series.error();
      for (const auto length : lengths) {
        add(row, sums[{usage_kind(face, length), start_of(length, row.hour), *series}]);
      }
    }
  }
  return {};
}

// Adds them to what is there.
result<void> sqlite_store::write_rows(const usage_rows& rows) {
  const auto upsert = database_.kept(upsert_sql);
  if (!upsert) return upsert.error();
  for (const auto& [at, sum] : rows) {
    const auto& tokens = sum.tokens;
    const auto added = (*upsert)->execute(at.kind, at.start, at.series, sum.requests, tokens.input,
                                          tokens.output, tokens.cache_read, tokens.cache_write_5m,
                                          tokens.cache_write_1h, tokens.reasoning, sum.cost_nanousd,
                                          sum.rated_nanousd, sum.fallback_requests);
    if (!added) return added;
  }
  return {};
}

result<void> sqlite_store::add_usage(std::span<const usage_row> rows,
                                     std::optional<std::uint64_t> ledger_number) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto position = ledger_position();
  if (!position) return position.error();
  if (ledger_number && *ledger_number <= *position) return {};
  usage_rows sums;
  auto added = add_to_rows(rows, all_lengths, sums);
  if (added) added = write_rows(sums);
  if (added && ledger_number) {
    added = put_setting(position_setting, std::to_string(*ledger_number));
  }
  if (added) added = writing->commit();
  if (!added) series_.forget();  // new ones go with the transaction
  return added;
}

result<std::uint64_t> sqlite_store::ledger_position() {
  const auto stored = setting(position_setting);
  if (!stored) return stored.error();
  if (!*stored) return 0;
  const auto number = text::parse_number<std::uint64_t>(**stored);
  if (!number) {
    return internal_error(error_code::storage_failed, "the setting ledger_position is no number");
  }
  return *number;
}

result<std::int64_t> sqlite_store::remove_rows(period length, wall_time before,
                                               std::int64_t count_max) {
  const auto remove = database_.kept(remove_sql);
  if (!remove) return remove.error();
  std::int64_t removed = 0;
  for (const auto face : usage_faces) {
    const auto done = (*remove)->execute(usage_kind(face, length), before, count_max - removed);
    if (!done) return done.error();
    removed += database_.changed_rows();
  }
  return removed;
}

result<bool> sqlite_store::remove_usage_before(wall_time hours_before, wall_time days_before) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto hours =
      remove_rows(period::hour, start_of(period::day, hours_before), removed_at_once_max);
  if (!hours) return hours.error();
  const auto days =
      remove_rows(period::day, start_of(period::month, days_before), removed_at_once_max - *hours);
  if (!days) return days.error();
  if (const auto committed = writing->commit(); !committed) return committed.error();
  return *hours + *days == removed_at_once_max;
}

}  // namespace baton::storage
