// Groups of accounts in SQLite. Who belongs to a group stands in the accounts' rows.
#include "storage/find_one.hpp"
#include "storage/next_update.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

constexpr std::string_view select_sql =
    "SELECT id, name, description, created_at, updated_at FROM account_groups ";

constexpr std::string_view updated_at_sql = "SELECT updated_at FROM account_groups WHERE id = ?1";

constexpr find_conditions conditions{"WHERE id = ?1", "WHERE name = ?1",
                                     "WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2"};

constexpr std::string_view accounts_in_group_sql =
    "SELECT count(*) FROM accounts"
    " WHERE EXISTS (SELECT 1 FROM json_each(group_ids) WHERE value = ?1)";
constexpr std::string_view keys_of_group_sql =
    "SELECT count(*) FROM api_keys WHERE bound_group_id = ?1 AND deleted_at IS NULL";

error name_taken() {
  return downstream_error(error_code::conflict, "a group with this name exists already");
}

std::string counted(std::int64_t count, std::string_view what) {
  return std::to_string(count) + ' ' + std::string(what) + (count == 1 ? "" : "s");
}

result<std::int64_t> count_of(sqlite::connection& database, std::string_view sql,
                              const group_id& id) {
  const auto select = database.kept(sql);
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(id.value());
  const auto found = row.next();
  if (!found) return found.error();
  return row.integer();
}

}  // namespace

result<std::vector<relay::account_group>> sqlite_store::select_groups(std::string_view condition,
                                                                      std::string_view value) {
  const auto select = database_.kept(std::string(select_sql).append(condition));
  if (!select) return select.error();
  std::vector<relay::account_group> found;
  sqlite::cursor rows = value.empty() ? (*select)->query() : (*select)->query(value);
  const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
    auto& group = found.emplace_back();
    group.id = group_id(row.text());
    group.name = row.text();
    group.description = row.text();
    group.created_at = row.time();
    group.updated_at = row.time();
    return {};
  });
  if (!read) return read.error();
  return found;
}

result<std::vector<relay::account_group>> sqlite_store::groups() {
  return select_groups("ORDER BY name");
}

result<relay::account_group> sqlite_store::find_group(std::string_view id_or_name) {
  return find_one<relay::account_group>(
      "group", id_or_name, conditions,
      [&](std::string_view condition) { return select_groups(condition, id_or_name); });
}

result<void> sqlite_store::add_group(const relay::account_group& group) {
  const auto insert = database_.kept(
      "INSERT INTO account_groups (id, name, description, created_at, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!insert) return insert.error();
  auto added = (*insert)->execute(group.id.value(), group.name, group.description, group.created_at,
                                  group.updated_at);
  if (!added && sqlite::is_duplicate(added.error())) return name_taken();
  return added;
}

result<void> sqlite_store::update_group(const relay::account_group& group,
                                        std::optional<wall_time> unchanged_since) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto at =
      next_update(database_, "group", updated_at_sql, group.id.value(), unchanged_since);
  if (!at) return at.error();
  const auto update = database_.kept(
      "UPDATE account_groups SET name = ?2, description = ?3, updated_at = ?4 WHERE id = ?1");
  if (!update) return update.error();
  const auto updated = (*update)->execute(group.id.value(), group.name, group.description, *at);
  if (!updated && sqlite::is_duplicate(updated.error())) return name_taken();
  if (!updated) return updated.error();
  return writing->commit();
}

result<void> sqlite_store::check_unused(const group_id& id) {
  const auto accounts = count_of(database_, accounts_in_group_sql, id);
  if (!accounts) return accounts.error();
  const auto keys = count_of(database_, keys_of_group_sql, id);
  if (!keys) return keys.error();
  if (*accounts == 0 && *keys == 0) return {};
  return downstream_error(
      error_code::conflict,
      "the group is in use by " + counted(*accounts, "account") + " and " + counted(*keys, "key"));
}

result<void> sqlite_store::remove_group(const group_id& id,
                                        std::optional<wall_time> unchanged_since) {
  // Nobody can come to refer to it between the check and the removal.
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto at = next_update(database_, "group", updated_at_sql, id.value(), unchanged_since);
  if (!at) return at.error();
  if (const auto unused = check_unused(id); !unused) return unused.error();
  const auto remove = database_.kept("DELETE FROM account_groups WHERE id = ?1");
  if (!remove) return remove.error();
  if (const auto removed = (*remove)->execute(id.value()); !removed) return removed.error();
  return writing->commit();
}

}  // namespace baton::storage
