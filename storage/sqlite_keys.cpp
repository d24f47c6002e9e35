// Clients' keys in SQLite.
#include "storage/find_one.hpp"
#include "storage/json_text.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

// Columns in the order of read_key(); write_key() binds them as ?1, ?2, …
constexpr std::string_view select_sql =
    "SELECT id, hash, name, description, permissions, restricted_models, allowed_models,"
    " bound_account_id, limit_concurrency, limit_window_minutes, limit_window_requests,"
    " limit_window_tokens, is_active, expires_at, deleted_at, tags, created_at, updated_at,"
    " bound_group_id, binding_fallback, queue_priority, limit_queue FROM api_keys ";

constexpr std::string_view insert_sql =
    "INSERT INTO api_keys (id, hash, name, description, permissions, restricted_models,"
    " allowed_models, bound_account_id, limit_concurrency, limit_window_minutes,"
    " limit_window_requests, limit_window_tokens, is_active, expires_at, deleted_at, tags,"
    " created_at, updated_at, bound_group_id, binding_fallback, queue_priority, limit_queue)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
    " ?20, ?21, ?22)";

constexpr std::string_view update_sql =
    "UPDATE api_keys SET hash = ?2, name = ?3, description = ?4, permissions = ?5,"
    " restricted_models = ?6, allowed_models = ?7, bound_account_id = ?8, limit_concurrency = ?9,"
    " limit_window_minutes = ?10, limit_window_requests = ?11, limit_window_tokens = ?12,"
    " is_active = ?13, expires_at = ?14, deleted_at = ?15, tags = ?16, updated_at = ?18,"
    " bound_group_id = ?19, binding_fallback = ?20, queue_priority = ?21, limit_queue = ?22"
    " WHERE id = ?1";

constexpr find_conditions conditions{
    "WHERE id = ?1", "WHERE name = ?1 AND deleted_at IS NULL",
    "WHERE substr(id, 1, length(?1)) = ?1 AND deleted_at IS NULL LIMIT 2"};

// The four lists of a key, as a whole: either all of them could be read or none is used.
result<void> read_lists(relay::api_key& key, const std::string& permissions,
                        const std::string& restricted, const std::string& allowed,
                        const std::string& tags) {
  const auto read = [](std::vector<std::string>& list, const std::string& json) -> result<void> {
    auto parsed = list_from_json(json);
    if (!parsed) return parsed.error();
    list = std::move(*parsed);
    return {};
  };
  if (const auto done = read(key.permissions, permissions); !done) return done;
  if (const auto done = read(key.restricted_models, restricted); !done) return done;
  if (const auto done = read(key.allowed_models, allowed); !done) return done;
  return read(key.tags, tags);
}

std::optional<wall_time> optional_time(sqlite::cursor& row) {
  if (row.null()) return std::nullopt;
  return row.time();
}

result<relay::api_key> read_key(sqlite::cursor& row) {
  relay::api_key key;
  key.id = key_id(row.text());
  key.hash = row.text();
  key.name = row.text();
  key.description = row.text();
  const auto permissions = row.text(), restricted = row.text(), allowed = row.text();
  if (!row.null()) key.bound_account = account_id(row.text());
  key.limits.concurrency = row.number<std::uint32_t>();
  key.limits.window_minutes = row.number<std::uint32_t>();
  key.limits.window_requests = row.number<std::uint64_t>();
  key.limits.window_tokens = row.number<std::uint64_t>();
  key.is_active = row.integer() != 0;
  key.expires_at = optional_time(row);
  key.deleted_at = optional_time(row);
  const auto tags = row.text();
  key.created_at = row.time();
  key.updated_at = row.time();
  if (!row.null()) key.bound_group = group_id(row.text());
  key.binding_fallback = row.integer() != 0;
  key.queue_priority = row.number<int>();
  key.limits.queue = row.number<std::uint32_t>();
  const auto lists = read_lists(key, permissions, restricted, allowed, tags);
  if (!lists) return lists.error();
  return key;
}

error name_taken() {
  return downstream_error(error_code::conflict, "a key with this name exists already");
}

}  // namespace

result<void> sqlite_store::write_key(std::string_view sql, const relay::api_key& key,
                                     wall_time updated_at) {
  const auto permissions = to_json(key.permissions);
  if (!permissions) return permissions.error();
  const auto restricted = to_json(key.restricted_models);
  if (!restricted) return restricted.error();
  const auto allowed = to_json(key.allowed_models);
  if (!allowed) return allowed.error();
  const auto tags = to_json(key.tags);
  if (!tags) return tags.error();
  const auto write = database_.kept(sql);
  if (!write) return write.error();
  std::optional<std::string_view> account, group;
  if (key.bound_account) account = key.bound_account->value();
  if (key.bound_group) group = key.bound_group->value();
  auto written = (*write)->execute(
      key.id.value(), key.hash, key.name, key.description, *permissions, *restricted, *allowed,
      account, key.limits.concurrency, key.limits.window_minutes, key.limits.window_requests,
      key.limits.window_tokens, key.is_active, key.expires_at, key.deleted_at, *tags,
      key.created_at, updated_at, group, key.binding_fallback, key.queue_priority,
      key.limits.queue);
  if (!written && sqlite::is_duplicate(written.error())) return name_taken();
  return written;
}

result<std::vector<relay::api_key>> sqlite_store::select_keys(std::string_view condition,
                                                              std::string_view value) {
  const auto select = database_.kept(std::string(select_sql).append(condition));
  if (!select) return select.error();
  std::vector<relay::api_key> found;
  sqlite::cursor rows = value.empty() ? (*select)->query() : (*select)->query(value);
  const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
    auto key = read_key(row);
    if (!key) return key.error();
    found.push_back(std::move(*key));
    return {};
  });
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

result<void> sqlite_store::update_key(const relay::api_key& key) {
  const auto written = write_key(update_sql, key, wall_now());
  if (!written) return written.error();
  if (database_.changed_rows() == 0) {
    return downstream_error(error_code::not_found, "there is no such key");
  }
  return {};
}

}  // namespace baton::storage
