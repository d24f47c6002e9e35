// What Baton keeps, and the interface of the engines that keep it. All calls block and belong to
// one thread: while the server runs, the storage actor and the administration's have a store each,
// and so has the command line.
#pragma once

#include <cstdint>
#include <functional>
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
#include "storage/audit.hpp"
#include "storage/usage_check.hpp"
#include "storage/usage_query.hpp"

namespace baton::storage {

// Everything the relay needs in memory, as of one moment.
struct directory {
  std::vector<relay::api_key> keys;  // deleted ones are left out
  std::vector<relay::account> accounts;
  std::int64_t version = 0;  // directory_version() of that moment
};

// An update dates what it writes: updated_at becomes later than it was, by a millisecond at least,
// so it tells one state of a record from every other. Given `unchanged_since`, an update or a
// removal is a conflict, and nothing happens, unless the record's updated_at is still that one.
// Errors of both: not_found.
class store {
 public:
  virtual ~store() = default;

  // All that `work` does with this store is one write transaction, rolled back if it fails. Nobody
  // else writes meanwhile, so that what it reads stays true. May be used within itself.
  virtual result<void> together(const std::function<result<void>()>& work) = 0;

  virtual result<directory> load_directory() = 0;

  // Another number after every change of a key or an account, whoever makes it.
  virtual result<std::int64_t> directory_version() = 0;

  virtual result<std::vector<relay::account>> accounts() = 0;                    // by name
  virtual result<relay::account> find_account(std::string_view id_or_name) = 0;  // or an id's start
  virtual result<void> add_account(const relay::account& account) = 0;  // conflict: name taken
  virtual result<void> update_account(const relay::account& account,
                                      std::optional<wall_time> unchanged_since = {}) = 0;
  virtual result<void> remove_account(const account_id& id,  // its usage stays
                                      std::optional<wall_time> unchanged_since = {}) = 0;

  virtual result<std::vector<relay::account_group>> groups() = 0;                    // by name
  virtual result<relay::account_group> find_group(std::string_view id_or_name) = 0;  // see above
  virtual result<void> add_group(const relay::account_group& group) = 0;  // conflict: name taken
  virtual result<void> update_group(const relay::account_group& group,
                                    std::optional<wall_time> unchanged_since = {}) = 0;
  // Conflict while an account or a key refers to it. Deleted keys do not count: one that is
  // restored later is bound to a group without accounts.
  virtual result<void> remove_group(const group_id& id,
                                    std::optional<wall_time> unchanged_since = {}) = 0;

  virtual result<std::vector<relay::api_key>> keys(bool include_deleted) = 0;  // by name
  virtual result<relay::api_key> find_key(std::string_view id_or_name) = 0;    // or an id's start
  virtual result<void> add_key(const relay::api_key& key) = 0;
  // A first use that is stored already stays, whatever `key` says of it.
  virtual result<void> update_key(const relay::api_key& key,
                                  std::optional<wall_time> unchanged_since = {}) = 0;
  // Begins the life of a key that counts it from its first use. Whether it did: not if it has begun
  // before, if the key does not count it so, or if there is no such key.
  virtual result<bool> activate_key(const key_id& id, wall_time first_use) = 0;

  // All rows or none, in one transaction, and with them that the ledger is counted up to the record
  // `ledger_number`; nothing, if it is counted that far already. Without a number, the rows are of
  // no ledger.
  virtual result<void> add_usage(std::span<const usage_row> rows,
                                 std::optional<std::uint64_t> ledger_number) = 0;
  // 0: no record is counted.
  virtual result<std::uint64_t> ledger_position() = 0;
  // Errors: invalid_argument for a filter that is no UTF-8 or has a NUL. See usage_groups::take()
  // for the order. A range that begins or ends within a day whose hours were removed lacks the part
  // of that day.
  virtual result<std::vector<usage_sum>> usage(const usage_query& query) = 0;
  // Removes rows of hours, and of days, that are from before these times, but nothing of a UTC day
  // or month that they lie within; months stay for ever. A bounded number at a time, so that
  // nobody waits for it long; whether there are more.
  virtual result<bool> remove_usage_before(wall_time hours_before, wall_time days_before) = 0;

  // Holds the rows of an hour, in every face, against the records of that hour up to the one that
  // the ledger is counted to. `records` is asked twice: for most of them while others may use the
  // store, and then for those that were counted meanwhile.
  virtual result<usage_check> check_hour(wall_time hour, const hour_rows& records, repair what) = 0;
  // Holds the rows of a UTC day against those of its hours, or of a month against those of its
  // days.
  virtual result<usage_check> check_sums(period length, wall_time start, repair what) = 0;

  // Errors: invalid_argument for a text that is no UTF-8, or changes that are no JSON object.
  virtual result<void> add_audit(const audit_entry& entry) = 0;
  // Errors: invalid_argument for a filter that is no UTF-8 or has a NUL, or a `before_id` that no
  // entry has.
  virtual result<audit_page> audit(const audit_query& query) = 0;

  // Logins that were ended before their tokens expire. Ending one forgets those whose `until` has
  // passed by `now`.
  virtual result<bool> ended_login(std::string_view token_id) = 0;
  virtual result<void> end_login(std::string_view token_id, wall_time until, wall_time now) = 0;

  // Small values by name: the admin's password hash, the schema's own marks.
  virtual result<std::optional<std::string>> setting(std::string_view name) = 0;
  virtual result<void> put_setting(std::string_view name, std::string_view value) = 0;
  // Puts it unless there is one; whether it did. Of several that start at once one wins.
  virtual result<bool> add_setting(std::string_view name, std::string_view value) = 0;
};

}  // namespace baton::storage
