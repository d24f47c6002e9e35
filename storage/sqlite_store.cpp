#include "storage/sqlite_store.hpp"

#include <utility>

#include "storage/migrations.hpp"

namespace baton::storage {

result<std::unique_ptr<store>> open_sqlite_store(const std::filesystem::path& file,
                                                 const crypto::key_256& encryption_key,
                                                 sqlite::durability durability) {
  auto database = sqlite::connection::open(file, durability);
  if (!database) return database.error();
  if (const auto current = migrate(*database); !current) {
    auto failure = current.error();
    failure.text = file.string() + ": " + failure.text;
    return failure;
  }
  return std::unique_ptr<store>(
      std::make_unique<sqlite_store>(std::move(*database), encryption_key));
}

result<void> sqlite_store::together(const std::function<result<void>()>& work) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  auto done = work();
  if (done) done = writing->commit();
  if (!done) series_.forget();  // new ones go with the transaction
  return done;
}

result<directory> sqlite_store::load_directory() {
  // Keys and accounts as of one moment: a key is never read without the account it is bound to.
  auto moment = sqlite::transaction::begin(database_, sqlite::transaction::mode::read);
  if (!moment) return moment.error();
  auto all_keys = keys(false);
  if (!all_keys) return all_keys.error();
  auto all_accounts = accounts();
  if (!all_accounts) return all_accounts.error();
  const auto version = directory_version();
  if (!version) return version.error();
  return directory{std::move(*all_keys), std::move(*all_accounts), *version};
}

result<std::int64_t> sqlite_store::directory_version() {
  const auto select = database_.kept("SELECT value FROM directory_version");
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query();
  const auto found = row.next();
  if (!found) return found.error();
  return row.integer();
}

result<bool> sqlite_store::ended_login(std::string_view token_id) {
  const auto select = database_.kept("SELECT 1 FROM ended_logins WHERE token_id = ?1");
  if (!select) return select.error();
  return (*select)->query(token_id).next();
}

result<void> sqlite_store::end_login(std::string_view token_id, wall_time until, wall_time now) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto forget = database_.kept("DELETE FROM ended_logins WHERE until < ?1");
  if (!forget) return forget.error();
  if (auto forgotten = (*forget)->execute(now); !forgotten) return forgotten;
  const auto end = database_.kept(
      "INSERT INTO ended_logins (token_id, until) VALUES (?1, ?2)"
      " ON CONFLICT DO UPDATE SET until = max(until, excluded.until)");
  if (!end) return end.error();
  if (auto ended = (*end)->execute(token_id, until); !ended) return ended;
  return writing->commit();
}

result<std::optional<std::string>> sqlite_store::setting(std::string_view name) {
  const auto select = database_.kept("SELECT value FROM settings WHERE name = ?1");
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(name);
  const auto found = row.next();
  if (!found) return found.error();
  return *found ? std::optional<std::string>(row.text()) : std::nullopt;
}

result<void> sqlite_store::put_setting(std::string_view name, std::string_view value) {
  const auto upsert = database_.kept(
      "INSERT INTO settings (name, value) VALUES (?1, ?2)"
      " ON CONFLICT DO UPDATE SET value = excluded.value");
  if (!upsert) return upsert.error();
  return (*upsert)->execute(name, value);
}

result<bool> sqlite_store::add_setting(std::string_view name, std::string_view value) {
  const auto insert =
      database_.kept("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  const auto done = (*insert)->execute(name, value);
  if (!done) return done.error();
  return database_.changed_rows() == 1;
}

}  // namespace baton::storage
