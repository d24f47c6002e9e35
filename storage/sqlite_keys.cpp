// Clients' keys in SQLite.
#include <algorithm>
#include <utility>

#include "storage/find_one.hpp"
#include "storage/json_text.hpp"
#include "storage/next_update.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

// Columns in the order of read_key(); write_key() binds them as ?1, ?2, …
constexpr std::string_view select_sql =
    "SELECT id, hash, name, description, permissions, restricted_models, allowed_models,"
    " bound_account_id, limit_concurrency, limit_window_minutes, limit_window_requests,"
    " limit_window_tokens, is_active, expires_at, deleted_at, tags, created_at, updated_at,"
    " bound_group_id, binding_fallback, queue_priority, limit_queue, limit_window_cost_nanousd,"
    " limit_daily_cost_nanousd, limit_total_cost_nanousd, limit_weekly_claude_cost_nanousd,"
    " weekly_reset_day, weekly_reset_hour, allowed_clients, service_rates, activation_seconds,"
    " activated_at FROM api_keys ";

constexpr std::string_view insert_sql =
    "INSERT INTO api_keys (id, hash, name, description, permissions, restricted_models,"
    " allowed_models, bound_account_id, limit_concurrency, limit_window_minutes,"
    " limit_window_requests, limit_window_tokens, is_active, expires_at, deleted_at, tags,"
    " created_at, updated_at, bound_group_id, binding_fallback, queue_priority, limit_queue,"
    " limit_window_cost_nanousd, limit_daily_cost_nanousd, limit_total_cost_nanousd,"
    " limit_weekly_claude_cost_nanousd, weekly_reset_day, weekly_reset_hour, allowed_clients,"
    " service_rates, activation_seconds, activated_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
    " ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)";

// The first use may have been stored since the key was read: it stays, and the expiry follows it.
constexpr std::string_view update_sql =
    "UPDATE api_keys SET hash = ?2, name = ?3, description = ?4, permissions = ?5,"
    " restricted_models = ?6, allowed_models = ?7, bound_account_id = ?8, limit_concurrency = ?9,"
    " limit_window_minutes = ?10, limit_window_requests = ?11, limit_window_tokens = ?12,"
    " is_active = ?13, expires_at = CASE WHEN ?31 > 0"
    " THEN coalesce(activated_at, ?32) + ?31 * 1000 ELSE ?14 END, deleted_at = ?15, tags = ?16, "
    "updated_at = ?18,"
    " bound_group_id = ?19, binding_fallback = ?20, queue_priority = ?21, limit_queue = ?22,"
    " limit_window_cost_nanousd = ?23, limit_daily_cost_nanousd = ?24,"
    " limit_total_cost_nanousd = ?25, limit_weekly_claude_cost_nanousd = ?26,"
    " weekly_reset_day = ?27, weekly_reset_hour = ?28, allowed_clients = ?29, service_rates = ?30,"
    " activation_seconds = ?31, activated_at = coalesce(activated_at, ?32)"
    " WHERE id = ?1";

constexpr std::string_view updated_at_sql = "SELECT updated_at FROM api_keys WHERE id = ?1";

constexpr std::string_view activate_sql =
    "UPDATE api_keys SET activated_at = ?2, expires_at = ?2 + activation_seconds * 1000"
    " WHERE id = ?1 AND activation_seconds > 0 AND activated_at IS NULL";

constexpr find_conditions conditions{
    "WHERE id = ?1", "WHERE name = ?1 AND deleted_at IS NULL",
    "WHERE substr(id, 1, length(?1)) = ?1 AND deleted_at IS NULL LIMIT 2"};

// A hundred years: no date that is made of it overflows.
constexpr std::int64_t activation_max = std::int64_t{100} * 366 * 24 * 3600;

// A key's lists as they are stored.
struct list_texts {
  std::string permissions, restricted_models, allowed_models, tags, clients, rates;
};

// As a whole: either all of them could be read or the key is not used.
result<void> read_lists(relay::api_key& key, const list_texts& texts) {
  const auto read = [](std::vector<std::string>& list, const std::string& json) -> result<void> {
    auto parsed = list_from_json(json);
    if (!parsed) return parsed.error();
    list = std::move(*parsed);
    return {};
  };
  if (const auto done = read(key.permissions, texts.permissions); !done) return done;
  if (const auto done = read(key.restricted_models, texts.restricted_models); !done) return done;
  if (const auto done = read(key.allowed_models, texts.allowed_models); !done) return done;
  if (const auto done = read(key.tags, texts.tags); !done) return done;
  if (const auto done = read(key.allowed_clients, texts.clients); !done) return done;
  auto rates = numbers_from_json(texts.rates);
  if (!rates) return rates.error();
  key.service_rates = std::move(*rates);
  return {};
}

result<list_texts> spell_lists(const relay::api_key& key) {
  list_texts texts;
  const std::pair<std::string*, const text_list*> lists[] = {
      {&texts.permissions, &key.permissions},
      {&texts.restricted_models, &key.restricted_models},
      {&texts.allowed_models, &key.allowed_models},
      {&texts.tags, &key.tags},
      {&texts.clients, &key.allowed_clients}};
  for (const auto& [text, list] : lists) {
    auto spelled = to_json(*list);
    if (!spelled) return spelled.error();
    *text = std::move(*spelled);
  }
  auto rates = to_json(key.service_rates);
  if (!rates) return rates.error();
  texts.rates = std::move(*rates);
  return texts;
}

void read_cost_limits(relay::key_limits& limits, sqlite::cursor& row) {
  limits.window_cost_nanousd = row.number<std::uint64_t>();
  limits.daily_cost_nanousd = row.number<std::uint64_t>();
  limits.total_cost_nanousd = row.number<std::uint64_t>();
  limits.weekly_claude_cost_nanousd = row.number<std::uint64_t>();
  limits.week.day = row.number<std::uint8_t>();
  limits.week.hour = row.number<std::uint8_t>();
}

std::optional<wall_time> optional_time(sqlite::cursor& row) {
  if (row.null()) return std::nullopt;
  return row.time();
}

result<void> read_key(sqlite::cursor& row, relay::api_key& key) {
  key.id = key_id(row.text());
  key.hash = row.text();
  key.name = row.text();
  key.description = row.text();
  list_texts lists;
  lists.permissions = row.text();
  lists.restricted_models = row.text();
  lists.allowed_models = row.text();
  if (!row.null()) key.bound_account = account_id(row.text());
  key.limits.concurrency = row.number<std::uint32_t>();
  key.limits.window_minutes = row.number<std::uint32_t>();
  key.limits.window_requests = row.number<std::uint64_t>();
  key.limits.window_tokens = row.number<std::uint64_t>();
  key.is_active = row.integer() != 0;
  key.expires_at = optional_time(row);
  key.deleted_at = optional_time(row);
  lists.tags = row.text();
  key.created_at = row.time();
  key.updated_at = row.time();
  if (!row.null()) key.bound_group = group_id(row.text());
  key.binding_fallback = row.integer() != 0;
  key.queue_priority = row.number<int>();
  key.limits.queue = row.number<std::uint32_t>();
  read_cost_limits(key.limits, row);
  lists.clients = row.text();
  lists.rates = row.text();
  key.activation = std::chrono::seconds(std::clamp<std::int64_t>(row.integer(), 0, activation_max));
  key.activated_at = optional_time(row);
  return read_lists(key, lists);
}

error name_taken() {
  return downstream_error(error_code::conflict, "a key with this name exists already");
}

}  // namespace

result<void> sqlite_store::write_key(std::string_view sql, const relay::api_key& key,
                                     wall_time updated_at) {
  const auto lists = spell_lists(key);
  if (!lists) return lists.error();
  const auto write = database_.kept(sql);
  if (!write) return write.error();
  std::optional<std::string_view> account, group;
  if (key.bound_account) account = key.bound_account->value();
  if (key.bound_group) group = key.bound_group->value();
  const auto& limits = key.limits;
  auto written = (*write)->execute(
      key.id.value(), key.hash, key.name, key.description, lists->permissions,
      lists->restricted_models, lists->allowed_models, account, limits.concurrency,
      limits.window_minutes, limits.window_requests, limits.window_tokens, key.is_active,
      key.expires_at, key.deleted_at, lists->tags, key.created_at, updated_at, group,
      key.binding_fallback, key.queue_priority, limits.queue, limits.window_cost_nanousd,
      limits.daily_cost_nanousd, limits.total_cost_nanousd, limits.weekly_claude_cost_nanousd,
      limits.week.day, limits.week.hour, lists->clients, lists->rates, key.activation.count(),
      key.activated_at);
  if (!written && sqlite::is_duplicate(written.error())) return name_taken();
  return written;
}

result<std::vector<relay::api_key>> sqlite_store::select_keys(std::string_view condition,
                                                              std::string_view value) {
  const auto select = database_.kept(std::string(select_sql).append(condition));
  if (!select) return select.error();
  std::vector<relay::api_key> found;
  sqlite::cursor rows = value.empty() ? (*select)->query() : (*select)->query(value);
  const auto read =
      rows.each([&](sqlite::cursor& row) { return read_key(row, found.emplace_back()); });
  if (!read) return read.error();
  return found;
}

result<std::vector<relay::api_key>> sqlite_store::keys(bool include_deleted) {
  return select_keys(include_deleted ? "ORDER BY name, created_at, id"
                                     : "WHERE deleted_at IS NULL ORDER BY name");
}

result<relay::api_key> sqlite_store::find_key(std::string_view id_or_name) {
  return find_one<relay::api_key>("key", id_or_name, conditions, [&](std::string_view condition) {
    return select_keys(condition, id_or_name);
  });
}

result<void> sqlite_store::add_key(const relay::api_key& key) {
  return write_key(insert_sql, key, key.updated_at);
}

result<void> sqlite_store::update_key(const relay::api_key& key,
                                      std::optional<wall_time> unchanged_since) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto at = next_update(database_, "key", updated_at_sql, key.id.value(), unchanged_since);
  if (!at) return at.error();
  if (auto written = write_key(update_sql, key, *at); !written) return written;
  return writing->commit();
}

result<bool> sqlite_store::activate_key(const key_id& id, wall_time first_use) {
  const auto activate = database_.kept(activate_sql);
  if (!activate) return activate.error();
  if (const auto done = (*activate)->execute(id.value(), first_use); !done) return done.error();
  return database_.changed_rows() != 0;
}

}  // namespace baton::storage
