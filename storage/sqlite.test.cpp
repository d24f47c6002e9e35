#include "storage/sqlite.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace baton::storage::sqlite {
namespace {

class sqlite_file : public ::testing::Test {
 protected:
  connection open() { return std::move(connection::open(file_).value()); }
  std::int64_t integer(connection& database, std::string_view sql) {
    return database.integer(sql).value();
  }

  test_support::temp_dir folder_;
  std::filesystem::path file_ = folder_ / "test.db";
};

TEST_F(sqlite_file, is_made_for_its_owner_only) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (x)"));
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((file_.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(sqlite_file, is_opened_with_the_promised_settings) {
  auto database = open();
  const auto journal = database.kept("PRAGMA journal_mode").value();
  cursor row = journal->query();
  ASSERT_TRUE(row.next().value());
  EXPECT_EQ(row.text(), "wal");
  EXPECT_EQ(integer(database, "PRAGMA synchronous"), 1);
  EXPECT_EQ(integer(database, "PRAGMA foreign_keys"), 1);
  EXPECT_EQ(integer(database, "PRAGMA busy_timeout"), 5000);
  auto strict = connection::open(file_, durability::full);
  EXPECT_EQ(integer(*strict, "PRAGMA synchronous"), 2);
}

TEST_F(sqlite_file, gives_every_bound_type_back) {
  auto database = open();
  const std::string odd("a\0'\"b", 5);
  cursor row =
      (*database.kept("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"))
          ->query(std::numeric_limits<std::int64_t>::min(), odd, true, std::nullopt,
                  std::optional<int>(7), std::optional<std::string_view>(), std::string_view());
  ASSERT_TRUE(row.next().value());
  EXPECT_EQ(row.integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.text(), odd);
  EXPECT_EQ(row.integer(), 1);
  EXPECT_TRUE(row.null());
  EXPECT_FALSE(row.null());
  EXPECT_EQ(row.number<int>(), 7);
  EXPECT_TRUE(row.null());
  EXPECT_FALSE(row.null()) << "an empty text is not null";
  EXPECT_EQ(row.text(), "");
  EXPECT_FALSE(row.next().value());
}

TEST_F(sqlite_file, a_kept_statement_can_be_run_again_after_rows_were_left_over) {
  auto database = open();
  const auto select = database.kept("SELECT 1 UNION SELECT 2").value();
  for (int i = 0; i < 3; ++i) {
    cursor rows = select->query();
    ASSERT_TRUE(rows.next().value());
    EXPECT_EQ(rows.integer(), 1);
  }
  EXPECT_EQ(database.kept("SELECT 1 UNION SELECT 2").value(), select);
}

TEST_F(sqlite_file, wrong_sql_and_wrong_values_are_errors) {
  auto database = open();
  EXPECT_EQ(database.execute("SELEKT").error().code, error_code::storage_failed);
  EXPECT_EQ(database.kept("SELEKT").error().code, error_code::storage_failed);
  const auto too_many = (*database.kept("SELECT ?1"))->execute(1, 2);
  EXPECT_EQ(too_many.error().code, error_code::storage_failed);
}

TEST_F(sqlite_file, a_duplicate_is_told_from_other_failures) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (x INTEGER UNIQUE NOT NULL)"));
  const auto insert = database.kept("INSERT INTO t VALUES (?1)").value();
  ASSERT_TRUE(insert->execute(1));
  EXPECT_TRUE(is_duplicate(insert->execute(1).error()));
  EXPECT_FALSE(is_duplicate(insert->execute(std::nullopt).error()));
}

TEST_F(sqlite_file, a_transaction_is_rolled_back_unless_committed) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (x)"));
  {
    auto dropped = transaction::begin(database, transaction::mode::write);
    ASSERT_TRUE(dropped);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(integer(database, "SELECT count(*) FROM t"), 0);
  auto kept = transaction::begin(database, transaction::mode::write);
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
  ASSERT_TRUE(kept->commit());
  EXPECT_EQ(integer(database, "SELECT count(*) FROM t"), 1);
}

TEST_F(sqlite_file, a_transaction_within_another_is_a_part_of_it) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (x)"));
  const auto begin = [&] {
    return std::move(transaction::begin(database, transaction::mode::write).value());
  };
  {
    const auto dropped = begin();
    auto part = begin();
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(part.commit());
    EXPECT_TRUE(database.in_transaction());
  }
  EXPECT_EQ(integer(database, "SELECT count(*) FROM t"), 0) << "it went with the outer one";
  auto kept = begin();
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
  {
    const auto dropped = begin();
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (2)"));
    auto part = begin();
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (4)"));
    ASSERT_TRUE(part.commit());
  }
  {
    auto part = begin();
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (8)"));
    ASSERT_TRUE(part.commit());
  }
  ASSERT_TRUE(kept.commit());
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(integer(database, "SELECT sum(x) FROM t"), 9);
}

TEST_F(sqlite_file, a_read_transaction_sees_one_moment) {
  auto reader = open(), writer = open();
  ASSERT_TRUE(writer.execute("CREATE TABLE t (x)"));
  auto moment = transaction::begin(reader, transaction::mode::read);
  ASSERT_TRUE(moment);
  EXPECT_EQ(integer(reader, "SELECT count(*) FROM t"), 0);
  ASSERT_TRUE(writer.execute("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(integer(reader, "SELECT count(*) FROM t"), 0);
  ASSERT_TRUE(moment->commit());
  EXPECT_EQ(integer(reader, "SELECT count(*) FROM t"), 1);
}

TEST_F(sqlite_file, a_lock_that_is_not_given_up_is_an_error) {
  auto holder = open(), waiter = open();
  ASSERT_TRUE(waiter.execute("PRAGMA busy_timeout=1"));
  auto held = transaction::begin(holder, transaction::mode::write);
  ASSERT_TRUE(held);
  const auto refused = transaction::begin(waiter, transaction::mode::write);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("another process"), std::string::npos);
}

TEST_F(sqlite_file, that_is_no_database_is_a_clear_error) {
  std::ofstream(file_) << std::string(10'000, 'x');
  const auto opened = connection::open(file_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, error_code::storage_failed);
  EXPECT_NE(opened.error().text.find(file_.string()), std::string::npos);
  EXPECT_NE(opened.error().text.find("not a database"), std::string::npos);
}

TEST_F(sqlite_file, that_cannot_be_made_is_a_clear_error) {
  const auto opened = connection::open(folder_.path() / "missing" / "test.db");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text.find("No such file or directory"), std::string::npos);
  EXPECT_FALSE(connection::open(folder_.path()));
}

}  // namespace
}  // namespace baton::storage::sqlite
