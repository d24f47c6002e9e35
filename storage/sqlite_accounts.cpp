// Upstream accounts in SQLite. Each secret is sealed for one field of one account, so that a sealed
// text cannot be moved to another.
#include "relay/account_text.hpp"
#include "storage/find_one.hpp"
#include "storage/json_text.hpp"
#include "storage/next_update.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

// Columns in the order of read_account(); write_account() binds them as ?1, ?2, …
constexpr std::string_view select_sql =
    "SELECT id, platform, name, description, api_url, api_key_sealed, session_token_sealed,"
    " priority, concurrency_limit, models, proxy_type, proxy_host, proxy_port, proxy_username,"
    " proxy_password_sealed, is_active, schedulable, tags, created_at, updated_at,"
    " account_type, group_ids, quota_tokens, quota_cost_nanousd, disconnect_policy, timeouts,"
    " cooldowns, region, access_key_id, secret_access_key_sealed, deployment_name, api_version"
    " FROM accounts ";

constexpr std::string_view insert_sql =
    "INSERT INTO accounts (id, platform, name, description, api_url, api_key_sealed,"
    " session_token_sealed, priority, concurrency_limit, models, proxy_type, proxy_host,"
    " proxy_port, proxy_username, proxy_password_sealed, is_active, schedulable, tags, created_at,"
    " updated_at, account_type, group_ids, quota_tokens, quota_cost_nanousd, disconnect_policy,"
    " timeouts, cooldowns, region, access_key_id, secret_access_key_sealed, deployment_name,"
    " api_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)";

constexpr std::string_view update_sql =
    "UPDATE accounts SET platform = ?2, name = ?3, description = ?4, api_url = ?5,"
    " api_key_sealed = ?6, session_token_sealed = ?7, priority = ?8, concurrency_limit = ?9,"
    " models = ?10, proxy_type = ?11, proxy_host = ?12, proxy_port = ?13, proxy_username = ?14,"
    " proxy_password_sealed = ?15, is_active = ?16, schedulable = ?17, tags = ?18,"
    " updated_at = ?20, account_type = ?21, group_ids = ?22, quota_tokens = ?23,"
    " quota_cost_nanousd = ?24, disconnect_policy = ?25, timeouts = ?26, cooldowns = ?27,"
    " region = ?28, access_key_id = ?29, secret_access_key_sealed = ?30, deployment_name = ?31,"
    " api_version = ?32 WHERE id = ?1";

constexpr std::string_view updated_at_sql = "SELECT updated_at FROM accounts WHERE id = ?1";

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

error name_taken() {
  return downstream_error(error_code::conflict, "an account with this name exists already");
}

error damaged(const char* field) {
  return internal_error(error_code::storage_failed,
                        "an account's " + std::string(field) + " in the database is damaged");
}

// The columns that hold JSON.
struct account_lists {
  std::string models, tags, groups, timeouts, cooldowns;
};

result<account_lists> lists_of(const relay::account& account) {
  text_list groups;
  for (const auto& each : account.groups) groups.push_back(each.value());
  number_map timeouts, cooldowns;
  for (const auto& field : relay::timeout_fields) {
    if (const auto& value = account.timeouts.*field.value) {
      timeouts.emplace(field.name, value->count());
    }
  }
  for (const auto& [kind, length] : account.cooldowns) cooldowns.emplace(kind, length.count());

  account_lists lists;
  const auto write = [](std::string& column, result<std::string> json) -> result<void> {
    if (!json) return json.error();
    column = std::move(*json);
    return {};
  };
  if (const auto done = write(lists.models, to_json(account.models)); !done) return done.error();
  if (const auto done = write(lists.tags, to_json(account.tags)); !done) return done.error();
  if (const auto done = write(lists.groups, to_json(groups)); !done) return done.error();
  if (const auto done = write(lists.timeouts, to_json(timeouts)); !done) return done.error();
  if (const auto done = write(lists.cooldowns, to_json(cooldowns)); !done) return done.error();
  return lists;
}

result<void> read_timeouts(relay::account_timeouts& timeouts, std::string_view json) {
  const auto set = numbers_from_json(json);
  if (!set) return set.error();
  for (const auto& [name, length] : *set) {
    const auto* const field = relay::find_timeout_field(name);
    if (field == nullptr) return damaged("timeouts");
    timeouts.*field->value = std::chrono::milliseconds(length);
  }
  return {};
}

result<void> read_cooldowns(relay::account& account, std::string_view json) {
  const auto set = numbers_from_json(json);
  if (!set) return set.error();
  for (const auto& [kind, length] : *set) account.cooldowns[kind] = std::chrono::seconds(length);
  return {};
}

// The columns that came with version 2 of the schema.
result<void> read_rules(sqlite::cursor& row, relay::account& account) {
  const auto type = relay::parse_account_type(row.text());
  const auto groups = list_from_json(row.text());
  account.quota.tokens = row.number<std::uint64_t>();
  account.quota.cost_nanousd = row.number<std::uint64_t>();
  const auto on_disconnect = relay::parse_disconnect_policy(row.text());
  if (!type) return damaged("type");
  if (!groups) return groups.error();
  if (!on_disconnect) return damaged("disconnect policy");
  account.type = *type;
  for (const auto& id : *groups) account.groups.emplace_back(id);
  account.on_disconnect = *on_disconnect;
  if (const auto done = read_timeouts(account.timeouts, row.text()); !done) return done;
  return read_cooldowns(account, row.text());
}

}  // namespace

result<void> sqlite_store::read_account(sqlite::cursor& row, relay::account& account) const {
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
  if (const auto rules = read_rules(row, account); !rules) return rules.error();
  account.region = row.text();
  account.access_key_id = row.text();
  account.credential.secret_access_key = box.open(row.text(), "secret_access_key");
  account.deployment_name = row.text();
  account.api_version = row.text();
  if (!box.fits()) return key_does_not_fit(account.id);
  if (!models) return models.error();
  if (!tags) return tags.error();
  account.models = std::move(*models);
  account.tags = std::move(*tags);
  return {};
}

result<void> sqlite_store::write_account(std::string_view sql, const relay::account& account,
                                         wall_time updated_at) {
  const auto lists = lists_of(account);
  if (!lists) return lists.error();
  const auto write = database_.kept(sql);
  if (!write) return write.error();
  const secret_box box(encryption_key_, account.id);
  const auto& proxy = account.proxy;
  auto written = (*write)->execute(
      account.id.value(), account.platform, account.name, account.description, account.api_url,
      box.seal(account.credential.api_key, "api_key"),
      box.seal(account.credential.session_token, "session_token"), account.priority,
      account.concurrency_limit, lists->models, proxy.type, proxy.host, proxy.port, proxy.username,
      box.seal(proxy.password, "proxy_password"), account.is_active, account.schedulable,
      lists->tags, account.created_at, updated_at, relay::to_string(account.type), lists->groups,
      account.quota.tokens, account.quota.cost_nanousd, relay::to_string(account.on_disconnect),
      lists->timeouts, lists->cooldowns, account.region, account.access_key_id,
      box.seal(account.credential.secret_access_key, "secret_access_key"), account.deployment_name,
      account.api_version);
  if (!written && sqlite::is_duplicate(written.error())) return name_taken();
  return written;
}

result<std::vector<relay::account>> sqlite_store::select_accounts(std::string_view condition,
                                                                  std::string_view value) {
  const auto select = database_.kept(std::string(select_sql).append(condition));
  if (!select) return select.error();
  std::vector<relay::account> found;
  sqlite::cursor rows = value.empty() ? (*select)->query() : (*select)->query(value);
  const auto read =
      rows.each([&](sqlite::cursor& row) { return read_account(row, found.emplace_back()); });
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

result<void> sqlite_store::update_account(const relay::account& account,
                                          std::optional<wall_time> unchanged_since) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto at =
      next_update(database_, "account", updated_at_sql, account.id.value(), unchanged_since);
  if (!at) return at.error();
  if (auto written = write_account(update_sql, account, *at); !written) return written;
  return writing->commit();
}

result<void> sqlite_store::remove_account(const account_id& id,
                                          std::optional<wall_time> unchanged_since) {
  auto writing = sqlite::transaction::begin(database_, sqlite::transaction::mode::write);
  if (!writing) return writing.error();
  const auto at = next_update(database_, "account", updated_at_sql, id.value(), unchanged_since);
  if (!at) return at.error();
  const auto remove = database_.kept("DELETE FROM accounts WHERE id = ?1");
  if (!remove) return remove.error();
  if (auto removed = (*remove)->execute(id.value()); !removed) return removed;
  return writing->commit();
}

}  // namespace baton::storage
