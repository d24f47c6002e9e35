// Upstream accounts in SQLite. Each secret is sealed for one field of one account, so that a sealed
// text cannot be moved to another.
#include "storage/find_one.hpp"
#include "storage/json_text.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

// Columns in the order of read_account(); write_account() binds them as ?1, ?2, …
constexpr std::string_view select_sql =
    "SELECT id, platform, name, description, api_url, api_key_sealed, session_token_sealed,"
    " priority, concurrency_limit, models, proxy_type, proxy_host, proxy_port, proxy_username,"
    " proxy_password_sealed, is_active, schedulable, tags, created_at, updated_at FROM accounts ";

constexpr std::string_view insert_sql =
    "INSERT INTO accounts (id, platform, name, description, api_url, api_key_sealed,"
    " session_token_sealed, priority, concurrency_limit, models, proxy_type, proxy_host,"
    " proxy_port, proxy_username, proxy_password_sealed, is_active, schedulable, tags, created_at,"
    " updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " ?17, ?18, ?19, ?20)";

constexpr std::string_view update_sql =
    "UPDATE accounts SET platform = ?2, name = ?3, description = ?4, api_url = ?5,"
    " api_key_sealed = ?6, session_token_sealed = ?7, priority = ?8, concurrency_limit = ?9,"
    " models = ?10, proxy_type = ?11, proxy_host = ?12, proxy_port = ?13, proxy_username = ?14,"
    " proxy_password_sealed = ?15, is_active = ?16, schedulable = ?17, tags = ?18,"
    " updated_at = ?20 WHERE id = ?1";

constexpr find_conditions conditions{"WHERE id = ?1", "WHERE name = ?1",
                                     "WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2"};

// Seals and opens the secrets of one account; none is an empty text.
class secret_box {
 public:
  secret_box(const crypto::key_256& key, const account_id& id) : key_(key), id_(id) {}

  std::string seal(std::string_view secret, std::string_view field) const {
    return secret.empty() ? std::string() : crypto::seal(key_, secret, context(field));
  }

  // After the first failure the rest stays closed too; `fits()` tells.
  std::string open(const std::string& sealed, std::string_view field) {
    if (sealed.empty() || !fits_) return {};
    auto opened = crypto::open(key_, sealed, context(field));
    fits_ = opened.has_value();
    return fits_ ? std::move(*opened) : std::string();
  }

  bool fits() const { return fits_; }

 private:
  std::string context(std::string_view field) const {
    return "account:" + id_.value() + ":" + std::string(field);
  }

  const crypto::key_256& key_;
  const account_id& id_;
  bool fits_ = true;
};

error key_does_not_fit(const account_id& id) {
  return internal_error(error_code::storage_failed,
                        "the encryption key does not fit this database: a secret of account " +
                            id.value() + " cannot be read");
}

error missing() {
  return downstream_error(error_code::not_found, "there is no such account");
}

error name_taken() {
  return downstream_error(error_code::conflict, "an account with this name exists already");
}

}  // namespace

result<relay::account> sqlite_store::read_account(sqlite::cursor& row) const {
  relay::account account;
  account.id = account_id(row.text());
  secret_box box(encryption_key_, account.id);
  account.platform = row.text();
  account.name = row.text();
  account.description = row.text();
  account.api_url = row.text();
  account.credential.api_key = box.open(row.text(), "api_key");
  account.credential.session_token = box.open(row.text(), "session_token");
  account.priority = row.number<int>();
  account.concurrency_limit = row.number<std::uint32_t>();
  auto models = map_from_json(row.text());
  account.proxy.type = row.text();
  account.proxy.host = row.text();
  account.proxy.port = row.number<std::uint16_t>();
  account.proxy.username = row.text();
  account.proxy.password = box.open(row.text(), "proxy_password");
  account.is_active = row.integer() != 0;
  account.schedulable = row.integer() != 0;
  auto tags = list_from_json(row.text());
  account.created_at = row.time();
  account.updated_at = row.time();
  if (!box.fits()) return key_does_not_fit(account.id);
  if (!models) return models.error();
  if (!tags) return tags.error();
  account.models = std::move(*models);
  account.tags = std::move(*tags);
  return account;
}

result<void> sqlite_store::write_account(std::string_view sql, const relay::account& account,
                                         wall_time updated_at) {
  const auto models = to_json(account.models);
  if (!models) return models.error();
  const auto tags = to_json(account.tags);
  if (!tags) return tags.error();
  const auto write = database_.kept(sql);
  if (!write) return write.error();
  const secret_box box(encryption_key_, account.id);
  const auto& proxy = account.proxy;
  auto written = (*write)->execute(
      account.id.value(), account.platform, account.name, account.description, account.api_url,
      box.seal(account.credential.api_key, "api_key"),
      box.seal(account.credential.session_token, "session_token"), account.priority,
      account.concurrency_limit, *models, proxy.type, proxy.host, proxy.port, proxy.username,
      box.seal(proxy.password, "proxy_password"), account.is_active, account.schedulable, *tags,
      account.created_at, updated_at);
  if (!written && sqlite::is_duplicate(written.error())) return name_taken();
  return written;
}

result<std::vector<relay::account>> sqlite_store::select_accounts(std::string_view condition,
                                                                  std::string_view value) {
  const auto select = database_.kept(std::string(select_sql).append(condition));
  if (!select) return select.error();
  std::vector<relay::account> found;
  sqlite::cursor rows = value.empty() ? (*select)->query() : (*select)->query(value);
  const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
    auto account = read_account(row);
    if (!account) return account.error();
    found.push_back(std::move(*account));
    return {};
  });
  if (!read) return read.error();
  return found;
}

result<std::vector<relay::account>> sqlite_store::accounts() {
  return select_accounts("ORDER BY name");
}

result<relay::account> sqlite_store::find_account(std::string_view id_or_name) {
  return find_one<relay::account>(
      "account", id_or_name, conditions,
      [&](std::string_view condition) { return select_accounts(condition, id_or_name); });
}

result<void> sqlite_store::add_account(const relay::account& account) {
  return write_account(insert_sql, account, account.updated_at);
}

result<void> sqlite_store::update_account(const relay::account& account) {
  const auto written = write_account(update_sql, account, wall_now());
  if (!written) return written.error();
  if (database_.changed_rows() == 0) return missing();
  return {};
}

result<void> sqlite_store::remove_account(const account_id& id) {
  const auto remove = database_.kept("DELETE FROM accounts WHERE id = ?1");
  if (!remove) return remove.error();
  const auto removed = (*remove)->execute(id.value());
  if (!removed) return removed.error();
  if (database_.changed_rows() == 0) return missing();
  return {};
}

}  // namespace baton::storage
