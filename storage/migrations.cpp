#include "storage/migrations.hpp"

#include <cstdint>
#include <string>

namespace baton::storage {
namespace {

constexpr std::int64_t application_id = 0x4261746f;  // "Bato", for file(1) and for ourselves

// Times are milliseconds since 1970 (UTC); lists and maps are JSON; what ends in _sealed is
// crypto::seal's text, or empty where there is no secret.
//
// Usage is kept in rows of an hour, a day and a month, both per key and for all keys together
// (series with an empty key_id), so that a question about a year or about everybody reads few rows;
// `kind` tells them apart (usage_face.hpp). The primary key begins with the time: one group
// commit then touches few pages.
constexpr const char* version_1 = R"sql(
CREATE TABLE accounts (
  id TEXT PRIMARY KEY NOT NULL,
  platform TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  api_url TEXT NOT NULL,
  api_key_sealed TEXT NOT NULL,
  session_token_sealed TEXT NOT NULL,
  priority INTEGER NOT NULL,
  concurrency_limit INTEGER NOT NULL,
  models TEXT NOT NULL,
  proxy_type TEXT NOT NULL,
  proxy_host TEXT NOT NULL,
  proxy_port INTEGER NOT NULL,
  proxy_username TEXT NOT NULL,
  proxy_password_sealed TEXT NOT NULL,
  is_active INTEGER NOT NULL,
  schedulable INTEGER NOT NULL,
  tags TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  permissions TEXT NOT NULL,
  restricted_models TEXT NOT NULL,
  allowed_models TEXT NOT NULL,
  bound_account_id TEXT,
  limit_concurrency INTEGER NOT NULL,
  limit_window_minutes INTEGER NOT NULL,
  limit_window_requests INTEGER NOT NULL,
  limit_window_tokens INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  expires_at INTEGER,
  deleted_at INTEGER,
  tags TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE deleted_at IS NULL;

CREATE TABLE usage_series (
  id INTEGER PRIMARY KEY,
  key_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  model TEXT NOT NULL,
  UNIQUE (key_id, account_id, platform, model)
) STRICT;

CREATE TABLE usage (
  kind INTEGER NOT NULL,
  start INTEGER NOT NULL,
  series INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  PRIMARY KEY (kind, start, series)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_series ON usage (series, kind, start);

CREATE TABLE settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What accounts and keys may say about groups, quotas, waiting and failures; costs in nano-dollars.
// Timeouts are a JSON object of milliseconds, cooldowns one of seconds. A database of version 1
// goes on as before: everything shared, nothing limited, nothing different from the configuration.
constexpr const char* version_2 = R"sql(
CREATE TABLE account_groups (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE accounts ADD COLUMN account_type TEXT NOT NULL DEFAULT 'shared';
ALTER TABLE accounts ADD COLUMN group_ids TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN quota_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN quota_cost_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN disconnect_policy TEXT NOT NULL DEFAULT 'cancel';
ALTER TABLE accounts ADD COLUMN timeouts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN cooldowns TEXT NOT NULL DEFAULT '{}';

ALTER TABLE api_keys ADD COLUMN bound_group_id TEXT;
ALTER TABLE api_keys ADD COLUMN binding_fallback INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN queue_priority INTEGER NOT NULL DEFAULT 50;
ALTER TABLE api_keys ADD COLUMN limit_queue INTEGER NOT NULL DEFAULT 0;

ALTER TABLE usage ADD COLUMN cost_nanousd INTEGER NOT NULL DEFAULT 0;
)sql";

// What accounts of clouds need beside a URL and a key, and tokens generated while thinking, which
// answers before this version had none of.
constexpr const char* version_3 = R"sql(
ALTER TABLE accounts ADD COLUMN region TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN access_key_id TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN secret_access_key_sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN deployment_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN api_version TEXT NOT NULL DEFAULT '';

ALTER TABLE usage ADD COLUMN reasoning INTEGER NOT NULL DEFAULT 0;
)sql";

// What keys may cost, and for how long they live after their first use; weeks begin on a day from 1
// (Monday) to 7 at an hour. Service rates are a JSON object of millionths. What usage cost before
// this version is taken as rated with 1 and as priced by the table. Usage is kept in three more
// faces (storage/usage_face.hpp): by key alone, by key and model, and one sum for all.
constexpr const char* version_4 = R"sql(
ALTER TABLE api_keys ADD COLUMN limit_window_cost_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN limit_daily_cost_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN limit_total_cost_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN limit_weekly_claude_cost_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN weekly_reset_day INTEGER NOT NULL DEFAULT 1;
ALTER TABLE api_keys ADD COLUMN weekly_reset_hour INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN allowed_clients TEXT NOT NULL DEFAULT '[]';
ALTER TABLE api_keys ADD COLUMN service_rates TEXT NOT NULL DEFAULT '{}';
ALTER TABLE api_keys ADD COLUMN activation_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN activated_at INTEGER;

ALTER TABLE usage ADD COLUMN rated_nanousd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN fallback_requests INTEGER NOT NULL DEFAULT 0;
UPDATE usage SET rated_nanousd = cost_nanousd;

INSERT OR IGNORE INTO usage_series (key_id, account_id, platform, model)
  SELECT DISTINCT key_id, '', '', '' FROM usage_series
  UNION SELECT DISTINCT key_id, '', '', model FROM usage_series;
INSERT INTO usage (kind, start, series, requests, input, output, cache_read, cache_write_5m,
                   cache_write_1h, reasoning, cost_nanousd, rated_nanousd, fallback_requests)
  SELECT usage.kind + 20, usage.start, face.id, sum(requests), sum(input), sum(output),
         sum(cache_read), sum(cache_write_5m), sum(cache_write_1h), sum(reasoning),
         sum(cost_nanousd), sum(rated_nanousd), sum(fallback_requests)
  FROM usage
    JOIN usage_series ON usage_series.id = usage.series
    JOIN usage_series AS face ON face.key_id = usage_series.key_id AND face.account_id = ''
      AND face.platform = '' AND face.model = ''
  WHERE usage.kind IN (1, 2, 3, 11, 12, 13)
  GROUP BY usage.kind, usage.start, face.id;
INSERT INTO usage (kind, start, series, requests, input, output, cache_read, cache_write_5m,
                   cache_write_1h, reasoning, cost_nanousd, rated_nanousd, fallback_requests)
  SELECT usage.kind + 40, usage.start, face.id, sum(requests), sum(input), sum(output),
         sum(cache_read), sum(cache_write_5m), sum(cache_write_1h), sum(reasoning),
         sum(cost_nanousd), sum(rated_nanousd), sum(fallback_requests)
  FROM usage
    JOIN usage_series ON usage_series.id = usage.series
    JOIN usage_series AS face ON face.key_id = usage_series.key_id AND face.account_id = ''
      AND face.platform = '' AND face.model = usage_series.model
  WHERE usage.kind IN (1, 2, 3)
  GROUP BY usage.kind, usage.start, face.id;
)sql";

// What operators did, newest last. Nothing takes an entry back: not even REPLACE, which deletes
// without asking the triggers of a deletion. Ended logins are kept until their tokens expire. The
// version of the directory tells who keeps it in memory that there is another one.
constexpr const char* version_5 = R"sql(
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  object_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor, at);
CREATE INDEX audit_by_object ON audit (object_id, at);
CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit
  WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

CREATE TABLE ended_logins (
  token_id TEXT PRIMARY KEY NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_version (value INTEGER NOT NULL) STRICT;
INSERT INTO directory_version VALUES (1);
CREATE TRIGGER key_added AFTER INSERT ON api_keys
  BEGIN UPDATE directory_version SET value = value + 1; END;
CREATE TRIGGER key_changed AFTER UPDATE ON api_keys
  BEGIN UPDATE directory_version SET value = value + 1; END;
CREATE TRIGGER key_removed AFTER DELETE ON api_keys
  BEGIN UPDATE directory_version SET value = value + 1; END;
CREATE TRIGGER account_added AFTER INSERT ON accounts
  BEGIN UPDATE directory_version SET value = value + 1; END;
CREATE TRIGGER account_changed AFTER UPDATE ON accounts
  BEGIN UPDATE directory_version SET value = value + 1; END;
CREATE TRIGGER account_removed AFTER DELETE ON accounts
  BEGIN UPDATE directory_version SET value = value + 1; END;
)sql";

constexpr const char* steps_made[] = {version_1, version_2, version_3, version_4, version_5};

result<std::int64_t> checked_version(sqlite::connection& database, std::int64_t newest) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  const auto owner = database.integer("PRAGMA application_id");
  if (!owner) return owner.error();
  if (*owner != application_id) {
    const auto tables = database.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*owner != 0 || *version != 0 || *tables != 0) {
      return internal_error(error_code::storage_failed, "the database belongs to another program");
    }
  }
  if (*version < 0 || *version > newest) {
    return internal_error(error_code::storage_failed,
                          "the database has schema version " + std::to_string(*version) +
                              ", this Baton knows versions up to " + std::to_string(newest) +
                              ": start the newer Baton that wrote it, or restore a backup");
  }
  return *version;
}

// One step, or none if another process has made it meanwhile. Gives the version reached.
result<std::int64_t> make_next_step(sqlite::connection& database,
                                    std::span<const char* const> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  auto step = sqlite::transaction::begin(database, sqlite::transaction::mode::write);
  if (!step) return step.error();
  const auto version = checked_version(database, newest);
  if (!version || *version == newest) return version;
  const auto made = database.execute(std::string(steps[static_cast<std::size_t>(*version)]) +
                                     ";PRAGMA application_id=" + std::to_string(application_id) +
                                     ";PRAGMA user_version=" + std::to_string(*version + 1));
  if (!made) return made.error();
  if (const auto committed = step->commit(); !committed) return committed.error();
  return *version + 1;
}

// The version without the write lock, which a current database does not need.
result<std::int64_t> current_version(sqlite::connection& database, std::int64_t newest) {
  auto moment = sqlite::transaction::begin(database, sqlite::transaction::mode::read);
  if (!moment) return moment.error();
  return checked_version(database, newest);
}

}  // namespace

std::span<const char* const> schema_steps() {
  return steps_made;
}

result<void> migrate(sqlite::connection& database, std::span<const char* const> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  auto version = current_version(database, newest);
  while (version && *version < newest) version = make_next_step(database, steps);
  if (!version) return version.error();
  return {};
}

}  // namespace baton::storage
