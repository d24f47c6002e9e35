// The store in one SQLite file: the default engine. Other processes may use the file at the same
// time (the command line while the server runs).
#pragma once

#include <filesystem>
#include <memory>

#include "base/crypto.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"
#include "storage/usage_groups.hpp"
#include "storage/usage_rows.hpp"
#include "storage/usage_series.hpp"

namespace baton::storage {

// Opens `file`, or makes it, and brings its schema up to date. `encryption_key` seals the accounts'
// secrets: storage::storage_key() of storage/first_start.hpp makes it.
result<std::unique_ptr<store>> open_sqlite_store(
    const std::filesystem::path& file, const crypto::key_256& encryption_key,
    sqlite::durability durability = sqlite::durability::normal);

// Made by open_sqlite_store(). Belongs to one thread at a time, as every store. Each kind of record
// has a source file of its own: sqlite_accounts.cpp, sqlite_audit.cpp, sqlite_groups.cpp,
// sqlite_keys.cpp, sqlite_usage.cpp (writing) and sqlite_usage_query.cpp (reading).
class sqlite_store final : public store {
 public:
  sqlite_store(sqlite::connection database, const crypto::key_256& encryption_key)
      : database_(std::move(database)), encryption_key_(encryption_key) {}

  result<void> together(const std::function<result<void>()>& work) override;

  result<directory> load_directory() override;
  result<std::int64_t> directory_version() override;

  result<std::vector<relay::account>> accounts() override;
  result<relay::account> find_account(std::string_view id_or_name) override;
  result<void> add_account(const relay::account& account) override;
  result<void> update_account(const relay::account& account,
                              std::optional<wall_time> unchanged_since) override;
  result<void> remove_account(const account_id& id,
                              std::optional<wall_time> unchanged_since) override;

  result<std::vector<relay::account_group>> groups() override;
  result<relay::account_group> find_group(std::string_view id_or_name) override;
  result<void> add_group(const relay::account_group& group) override;
  result<void> update_group(const relay::account_group& group,
                            std::optional<wall_time> unchanged_since) override;
  result<void> remove_group(const group_id& id, std::optional<wall_time> unchanged_since) override;

  result<std::vector<relay::api_key>> keys(bool include_deleted) override;
  // A deleted key is found by its whole id only, so that it can be shown and restored.
  result<relay::api_key> find_key(std::string_view id_or_name) override;
  result<void> add_key(const relay::api_key& key) override;
  result<void> update_key(const relay::api_key& key,
                          std::optional<wall_time> unchanged_since) override;
  result<bool> activate_key(const key_id& id, wall_time first_use) override;

  // Counts outside 0..10^12 and costs outside 0..10^14 are taken as the nearest of these, lest one
  // absurd number of an upstream makes a sum overflow and every later batch fail.
  result<void> add_usage(std::span<const usage_row> rows,
                         std::optional<std::uint64_t> ledger_number) override;
  result<std::uint64_t> ledger_position() override;
  result<std::vector<usage_sum>> usage(const usage_query& query) override;
  result<bool> remove_usage_before(wall_time hours_before, wall_time days_before) override;

  result<usage_check> check_hour(wall_time hour, const hour_rows& records, repair what) override;
  result<usage_check> check_sums(period length, wall_time start, repair what) override;

  result<void> add_audit(const audit_entry& entry) override;
  result<audit_page> audit(const audit_query& query) override;

  result<bool> ended_login(std::string_view token_id) override;
  result<void> end_login(std::string_view token_id, wall_time until, wall_time now) override;

  result<std::optional<std::string>> setting(std::string_view name) override;
  result<void> put_setting(std::string_view name, std::string_view value) override;
  result<bool> add_setting(std::string_view name, std::string_view value) override;

 private:
  result<std::vector<relay::account>> select_accounts(std::string_view sql,
                                                      std::string_view value = {});
  result<void> read_account(sqlite::cursor& row, relay::account& account) const;
  result<void> write_account(std::string_view sql, const relay::account& account,
                             wall_time updated_at);

  result<std::vector<relay::account_group>> select_groups(std::string_view condition,
                                                          std::string_view value = {});
  result<void> check_unused(const group_id& id);

  result<std::vector<relay::api_key>> select_keys(std::string_view sql,
                                                  std::string_view value = {});
  result<void> write_key(std::string_view sql, const relay::api_key& key, wall_time updated_at);

  // Adds the rows, in every face, to those of the periods of these lengths.
  result<void> add_to_rows(std::span<const usage_row> rows, std::span<const period> lengths,
                           usage_rows& sums);
  result<void> write_rows(const usage_rows& rows);
  result<usage_check> compare(const usage_rows& expected, period length, wall_time start,
                              repair what);
  result<void> mend(const usage_rows& wrong);
  result<void> sum_up(const usage_query& query, usage_groups& groups);
  result<std::int64_t> remove_rows(period length, wall_time before, std::int64_t count_max);

  sqlite::connection database_;
  crypto::key_256 encryption_key_;
  usage_series series_;
};

}  // namespace baton::storage
