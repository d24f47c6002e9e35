// Usage in SQLite: each row is added to the rows of its hour, day and month, once for its key and
// once for all keys together.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/usage_range.hpp"

namespace baton::storage {
namespace {

constexpr std::int64_t count_max = 1'000'000'000'000;

constexpr std::int64_t cost_nanousd_max = 100'000'000'000'000;

std::int64_t bounded(std::int64_t count) {
  return std::clamp<std::int64_t>(count, 0, count_max);
}

// What tells an hour's row from a month's and a key's from everybody's. Stored: never to be
// changed.
enum class usage_kind : int {
  key_hour = 1,
  key_day = 2,
  key_month = 3,
  total_hour = 11,
  total_day = 12,
  total_month = 13,
};

usage_kind kind_of(bool per_key, period length) {
  switch (length) {
    case period::hour: return per_key ? usage_kind::key_hour : usage_kind::total_hour;
    case period::day: return per_key ? usage_kind::key_day : usage_kind::total_day;
    case period::month:
    case period::all: break;
  }
  return per_key ? usage_kind::key_month : usage_kind::total_month;
}

struct counts {
  std::int64_t requests = 0;
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;
  std::int64_t fallback_requests = 0;
};

// The rows of the table that one batch changes, in the order of its primary key.
struct place {
  usage_kind kind;
  wall_time start;
  std::int64_t series;
  friend auto operator<=>(const place&, const place&) = default;
};
using changes = std::map<place, counts>;

void add_to_periods(changes& batch, bool per_key, std::int64_t series, const usage_row& row) {
  for (const auto length : {period::hour, period::day, period::month}) {
    auto& sum = batch[{kind_of(per_key, length), start_of(length, row.hour), series}];
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

// ?1 kind, ?2 and ?3 the range of starts, ?4 key (empty: all together), ?5 account. There are eight
// of these texts. The index is named because SQLite, not knowing how few series a key has, would
// read the whole range of time.
std::string select_sql(const usage_query& query) {
  const bool some_series = query.key || query.account;
  std::string sql = "SELECT start, ";
  sql += query.by_model ? "model" : "''";
  sql +=
      ", sum(requests), sum(input), sum(output), sum(cache_read), sum(cache_write_5m),"
      " sum(cache_write_1h), sum(reasoning), sum(cost_nanousd), sum(rated_nanousd),"
      " sum(fallback_requests) FROM usage";
  if (some_series) sql += " INDEXED BY usage_by_series";
  if (query.by_model) sql += " JOIN usage_series ON usage_series.id = series";
  sql += " WHERE kind = ?1 AND start >= ?2 AND start < ?3";
  if (some_series) sql += " AND series IN (SELECT id FROM usage_series WHERE key_id = ?4";
  if (query.account) sql += " AND account_id = ?5";
  if (some_series) sql += ")";
  sql += query.by_model ? " GROUP BY start, model" : " GROUP BY start";
  return sql;
}

// Binds no more values than select_sql() has places for.
sqlite::cursor run(sqlite::statement& select, const usage_query& query, const usage_range& range) {
  const int kind = static_cast<int>(kind_of(query.key.has_value(), range.kind));
  const std::string_view key = query.key ? query.key->value() : std::string_view();
  if (query.account) {
    return select.query(kind, range.begin, range.end, key, query.account->value());
  }
  if (query.key) return select.query(kind, range.begin, range.end, key);
  return select.query(kind, range.begin, range.end);
}

}  // namespace

result<void> sqlite_store::add_batch(std::span<const usage_row> rows) {
  changes batch;
  for (const auto& row : rows) {
    const auto& account = row.account.value();
    const auto own = series_.number(database_, {row.key.value(), account, row.platform, row.model});
    if (!own) return own.error();
    const auto total = series_.number(database_, {"", account, row.platform, row.model});
    if (!total) return total.error();
    add_to_periods(batch, true, *own, row);
    add_to_periods(batch, false, *total, row);
  }
  const auto upsert = database_.kept(upsert_sql);
  if (!upsert) return upsert.error();
  for (const auto& [at, sum] : batch) {
    const auto& tokens = sum.tokens;
    const auto added = (*upsert)->execute(
        static_cast<int>(at.kind), at.start, at.series, sum.requests, tokens.input, tokens.output,
        tokens.cache_read, tokens.cache_write_5m, tokens.cache_write_1h, tokens.reasoning,
        sum.cost_nanousd, sum.rated_nanousd, sum.fallback_requests);
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
  auto added = add_batch(rows);
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

result<std::vector<usage_sum>> sqlite_store::usage(const usage_query& query) {
  const auto select = database_.kept(select_sql(query));
  if (!select) return select.error();
  // All ranges as of one moment, so that no batch is counted in one and missed in another.
  auto moment = sqlite::transaction::begin(database_, sqlite::transaction::mode::read);
  if (!moment) return moment.error();
  std::map<std::pair<wall_time, std::string>, usage_sum> sums;
  for (const auto& range : ranges_covering(query.from, query.to, query.granularity)) {
    sqlite::cursor rows = run(**select, query, range);
    const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
      const auto start = start_of(query.granularity, row.time());
      auto model = row.text();
      auto& sum = sums[{start, model}];
      sum.start = start;
      sum.model = std::move(model);
      sum.requests += row.integer();
      relay::token_usage tokens;
      tokens.input = row.integer();
      tokens.output = row.integer();
      tokens.cache_read = row.integer();
      tokens.cache_write_5m = row.integer();
      tokens.cache_write_1h = row.integer();
      tokens.reasoning = row.integer();
      sum.tokens += tokens;
      sum.cost_nanousd += row.integer();
      sum.rated_nanousd += row.integer();
      sum.fallback_requests += row.integer();
      return {};
    });
    if (!read) return read.error();
  }
  std::vector<usage_sum> found;
  found.reserve(sums.size());
  for (auto& [place, sum] : sums) found.push_back(std::move(sum));
  return found;
}

}  // namespace baton::storage
