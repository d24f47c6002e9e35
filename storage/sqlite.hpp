// A thin layer over SQLite's C API: what is opened is closed, what is started is ended, and every
// failure is an error with SQLite's reason in its text (never a bound value). Not for several
// threads at once: a connection and all that comes from it belong to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::storage::sqlite {

// What a power cut can take back: the last commits (normal) or nothing (full). The database stays
// whole with both, and a killed process loses no commit with either.
enum class durability : std::uint8_t { normal, full };

// One run of a statement; ends it when destroyed. Columns are read from left to right, so that the
// order is written down once, in the SQL.
class cursor {
 public:
  cursor(sqlite3_stmt* statement, int bind_status) : statement_(statement), status_(bind_status) {}
  ~cursor();
  cursor(const cursor&) = delete;
  cursor& operator=(const cursor&) = delete;

  result<bool> next();  // whether there is one more row; it is the current one then

  std::string text();
  std::int64_t integer();
  template <std::integral T>
  T number() {
    return static_cast<T>(integer());
  }
  wall_time time() { return wall_time(std::chrono::milliseconds(integer())); }
  bool null();  // skips the column if it is null, stays at it otherwise

  // Calls `take(cursor&)`, which returns a result<void>, for each row up to the first error.
  template <class F>
  result<void> each(F&& take);

 private:
  sqlite3_stmt* statement_;
  int status_;  // of binding the values; next() reports it
  int column_ = 0;
};

// A prepared statement. At most one cursor of it may be alive.
class statement {
 public:
  explicit statement(sqlite3_stmt* prepared) : prepared_(prepared, sqlite3_finalize) {}

  // Binds ?1, ?2, … to the values: integers, bool, times, texts (copied), std::nullopt,
  // std::optional.
  template <class... Values>
  cursor query(const Values&... values) {
    int status = SQLITE_OK, index = 0;
    ((status = status != SQLITE_OK ? status : bind(++index, values)), ...);
    return cursor(prepared_.get(), status);
  }

  // Runs to the end, for statements without rows.
  template <class... Values>
  result<void> execute(const Values&... values) {
    cursor run = query(values...);
    const auto row = run.next();
    return row ? result<void>() : row.error();
  }

 private:
  int bind(int index, std::nullopt_t) { return sqlite3_bind_null(prepared_.get(), index); }
  int bind(int index, std::string_view value);
  int bind(int index, wall_time value) { return bind(index, value.time_since_epoch().count()); }
  template <std::integral T>
  int bind(int index, T value) {
    return sqlite3_bind_int64(prepared_.get(), index, static_cast<std::int64_t>(value));
  }
  template <class T>
  int bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, std::nullopt);
  }

  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> prepared_;
};

class connection {
 public:
  // Opens `file`, or makes it with mode 0600. Waits up to 5 s for other processes' locks.
  static result<connection> open(const std::filesystem::path& file,
                                 durability = durability::normal);

  // Any number of statements whose rows nobody wants.
  result<void> execute(const std::string& sql);

  // The statement of this text, prepared at its first use and kept as long as the connection: only
  // for texts of which there are few. The pointer stays valid as long as the connection.
  result<statement*> kept(std::string_view sql);

  // The first column of the only row, for pragmas.
  result<std::int64_t> integer(std::string_view sql);

  std::int64_t changed_rows() const { return sqlite3_changes64(handle_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

 private:
  explicit connection(sqlite3* handle) : handle_(handle, sqlite3_close_v2) {}
  result<void> configure(durability);
  error failure(int status) const;

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
  std::unordered_map<std::string, std::unique_ptr<statement>> kept_;  // dies before handle_
};

// A transaction that is rolled back unless commit() succeeded. One that is begun within another is
// a part of it: rolled back alone, but kept only if the outer one is committed.
class transaction {
 public:
  // `write` takes the write lock at once, so that what was read cannot become stale before it is
  // written; `read` sees one moment's state throughout. Inside a `read`, nothing may be written.
  enum class mode : std::uint8_t { read, write };
  static result<transaction> begin(connection& database, mode);

  transaction(transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)), nested_(other.nested_) {}
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  result<void> commit();

 private:
  transaction(connection& database, bool nested) : database_(&database), nested_(nested) {}

  connection* database_;  // null: nothing left to roll back
  bool nested_;
};

// Whether `failure` came from a UNIQUE or PRIMARY KEY constraint.
bool is_duplicate(const error& failure);

template <class F>
result<void> cursor::each(F&& take) {
  for (;;) {
    const auto more = next();
    if (!more) return more.error();
    if (!*more) return {};
    if (const result<void> taken = take(*this); !taken) return taken.error();
  }
}

}  // namespace baton::storage::sqlite
