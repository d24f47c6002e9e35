#include "storage/sqlite.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace baton::storage::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;
constexpr int busy_pause_ms = 5;

// Duplicates are conflicts; whoever runs the statement knows better words for them.
error failure_of(sqlite3* handle, int status) {
  const int extended = handle != nullptr ? sqlite3_extended_errcode(handle) : status;
  if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY) {
    return downstream_error(error_code::conflict, "exists already");
  }
  std::string reason = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status);
  switch (status & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return internal_error(error_code::storage_failed,
                            "the database file is damaged or not a database: " + reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return internal_error(error_code::storage_failed,
                            "another process keeps the database locked: " + reason);
    default: return internal_error(error_code::storage_failed, "the database failed: " + reason);
  }
}

// SQLite would make the file readable for the user's group; -wal and -shm take its mode over. A
// file that is there is not touched: closing any descriptor of it would drop the locks that this
// process's other connections hold, and another process would then take the log away from them
// (https://sqlite.org/howtocorrupt.html, section 2.2).
result<void> make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno == EEXIST) return {};
    return internal_error(error_code::storage_failed, "cannot open the database " + file.string() +
                                                          ": " +
                                                          std::generic_category().message(errno));
  }
  ::close(descriptor);
  return {};
}

}  // namespace

bool is_duplicate(const error& failure) {
  return failure.code == error_code::conflict;
}

cursor::~cursor() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

result<bool> cursor::next() {
  if (status_ == SQLITE_OK || status_ == SQLITE_ROW) status_ = sqlite3_step(statement_);
  column_ = 0;
  if (status_ == SQLITE_ROW) return true;
  if (status_ == SQLITE_DONE) return false;
  return failure_of(sqlite3_db_handle(statement_), status_);
}

std::string cursor::text() {
  const int column = column_++;
  const auto* const data = sqlite3_column_text(statement_, column);  // before its size
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr
             ? std::string()
             : std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::int64_t cursor::integer() {
  return sqlite3_column_int64(statement_, column_++);
}

bool cursor::null() {
  if (sqlite3_column_type(statement_, column_) != SQLITE_NULL) return false;
  ++column_;
  return true;
}

int statement::bind(int index, std::string_view value) {
  return sqlite3_bind_text64(prepared_.get(), index, value.empty() ? "" : value.data(),
                             value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

result<connection> connection::open(const std::filesystem::path& file, durability kept_through) {
  if (const auto made = make_private_file(file); !made) return made.error();
  sqlite3* handle = nullptr;
  const int status =
      sqlite3_open_v2(file.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection opened(handle);  // SQLite gives a handle even when it fails
  auto ready = status == SQLITE_OK ? opened.configure(kept_through) : opened.failure(status);
  if (!ready) {
    auto failure = ready.error();
    failure.text = file.string() + ": " + failure.text;
    return failure;
  }
  return opened;
}

result<void> connection::configure(durability kept_through) {
  sqlite3_busy_timeout(handle_.get(), busy_timeout_ms);
  // Changing a new file to WAL needs it alone, and SQLite does not wait for that by itself.
  for (int waited_ms = 0;; waited_ms += busy_pause_ms) {
    const int status =
        sqlite3_exec(handle_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
    if (status == SQLITE_OK) break;
    if ((status & 0xff) != SQLITE_BUSY || waited_ms >= busy_timeout_ms) return failure(status);
    sqlite3_sleep(busy_pause_ms);
  }
  return execute(std::string("PRAGMA foreign_keys=ON;"
                             "PRAGMA temp_store=MEMORY;"
                             "PRAGMA cache_size=-8000;"              // kB
                             "PRAGMA wal_autocheckpoint=4000;"       // pages: 16 MB
                             "PRAGMA journal_size_limit=67108864;")  // bytes the WAL keeps
                 + (kept_through == durability::full ? "PRAGMA synchronous=FULL"
                                                     : "PRAGMA synchronous=NORMAL"));
}

result<void> connection::execute(const std::string& sql) {
  const int status = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return failure(status);
  return {};
}

result<statement*> connection::kept(std::string_view sql) {
  std::string text(sql);
  if (const auto found = kept_.find(text); found != kept_.end()) return found->second.get();
  sqlite3_stmt* prepared = nullptr;
  const int status = sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (status != SQLITE_OK) return failure(status);
  auto& place = kept_[std::move(text)];
  place = std::make_unique<statement>(prepared);
  return place.get();
}

result<std::int64_t> connection::integer(std::string_view sql) {
  const auto prepared = kept(sql);
  if (!prepared) return prepared.error();
  cursor row = (*prepared)->query();
  const auto found = row.next();
  if (!found) return found.error();
  return *found ? row.integer() : 0;
}

error connection::failure(int status) const {
  return failure_of(handle_.get(), status);
}

result<transaction> transaction::begin(connection& database, mode kind) {
  const bool nested = database.in_transaction();
  const char* const sql = nested                ? "SAVEPOINT part"
                          : kind == mode::write ? "BEGIN IMMEDIATE"
                                                : "BEGIN";
  if (const auto begun = database.execute(sql); !begun) return begun.error();
  return transaction(database, nested);
}

transaction::~transaction() {
  // After some failures (disk full, for one) SQLite has rolled back already.
  if (database_ == nullptr || !database_->in_transaction()) return;
  (void)database_->execute(nested_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
}

result<void> transaction::commit() {
  const auto done = database_->execute(nested_ ? "RELEASE part" : "COMMIT");
  if (!done) return done.error();
  database_ = nullptr;
  return {};
}

}  // namespace baton::storage::sqlite
