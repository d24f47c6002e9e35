// What Baton keeps, and the interface of the engines that keep it. All calls block and belong to
// one thread; the storage actor is the only caller while the server runs, the command line the
// other one. Redis speaks the same messages from an actor of its own (actors/storage_messages.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/account.hpp"
#include "relay/account_group.hpp"
#include "relay/api_key.hpp"
#include "relay/usage.hpp"

namespace baton::storage {

// Everything the relay needs in memory, as of one moment.
struct directory {
  std::vector<relay::api_key> keys;  // deleted ones are left out
  std::vector<relay::account> accounts;
};

// Usage of one hour for one (key, account, model). The engine adds it to the rows of the hour, the
// UTC day and the UTC month it lies in.
struct usage_row {
  key_id key;
  account_id account;
  std::string platform;
  std::string model;
  wall_time hour{};  // start of the hour
  std::int64_t requests = 0;
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;      // see usage_record
  std::int64_t fallback_requests = 0;  // those whose model has no price of its own
};

enum class period : std::uint8_t { hour, day, month, all };

struct usage_query {
  std::optional<key_id> key;
  std::optional<account_id> account;
  period granularity = period::all;
  std::optional<wall_time> from;  // inclusive
  std::optional<wall_time> to;    // exclusive
  bool by_model = false;          // one row per model rather than their sum
};

struct usage_sum {
  wall_time start{};  // of the period; the epoch for period::all
  std::string model;  // empty unless by_model
  std::int64_t requests = 0;
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;
  std::int64_t fallback_requests = 0;
};

class store {
 public:
  virtual ~store() = default;

  virtual result<directory> load_directory() = 0;

  // Whether another process has committed since this was last asked; the first call says no.
  virtual result<bool> changed_elsewhere() = 0;

  virtual result<std::vector<relay::account>> accounts() = 0;                    // by name
  virtual result<relay::account> find_account(std::string_view id_or_name) = 0;  // or an id's start
  virtual result<void> add_account(const relay::account& account) = 0;     // conflict: name taken
  virtual result<void> update_account(const relay::account& account) = 0;  // sets updated_at
  virtual result<void> remove_account(const account_id& id) = 0;           // its usage stays

  virtual result<std::vector<relay::account_group>> groups() = 0;                    // by name
  virtual result<relay::account_group> find_group(std::string_view id_or_name) = 0;  // see above
  virtual result<void> add_group(const relay::account_group& group) = 0;     // conflict: name taken
  virtual result<void> update_group(const relay::account_group& group) = 0;  // sets updated_at
  // Conflict while an account or a key refers to it. Deleted keys do not count: one that is
  // restored later is bound to a group without accounts.
  virtual result<void> remove_group(const group_id& id) = 0;

  virtual result<std::vector<relay::api_key>> keys(bool include_deleted) = 0;  // by name
  virtual result<relay::api_key> find_key(std::string_view id_or_name) = 0;    // or an id's start
  virtual result<void> add_key(const relay::api_key& key) = 0;
  virtual result<void> update_key(const relay::api_key& key) = 0;  // sets updated_at

  // All rows or none, in one transaction, and with them that the ledger is counted up to the record
  // `ledger_number`; nothing, if it is counted that far already. Without a number, the rows are of
  // no ledger.
  virtual result<void> add_usage(std::span<const usage_row> rows,
                                 std::optional<std::uint64_t> ledger_number) = 0;
  // 0: no record is counted.
  virtual result<std::uint64_t> ledger_position() = 0;
  virtual result<std::vector<usage_sum>> usage(const usage_query& query) = 0;  // by start, model

  // Small values by name: the admin's password hash, the schema's own marks.
  virtual result<std::optional<std::string>> setting(std::string_view name) = 0;
  virtual result<void> put_setting(std::string_view name, std::string_view value) = 0;
  // Puts it unless there is one; whether it did. Of several that start at once one wins.
  virtual result<bool> add_setting(std::string_view name, std::string_view value) = 0;
};

}  // namespace baton::storage
