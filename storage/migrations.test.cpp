#include "storage/migrations.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

constexpr std::array<const char*, 3> steps{"CREATE TABLE a (x)", "INSERT INTO a VALUES (1);",
                                           "ALTER TABLE a ADD COLUMN y DEFAULT 2"};

class migration : public ::testing::Test {
 protected:
  sqlite::connection open() { return std::move(sqlite::connection::open(file_).value()); }
  static std::int64_t version(sqlite::connection& database) {
    return database.integer("PRAGMA user_version").value();
  }

  test_support::temp_dir folder_;
  std::filesystem::path file_ = folder_ / "test.db";
};

TEST_F(migration, makes_the_schema_in_an_empty_file_and_nothing_the_second_time) {
  auto database = open();
  ASSERT_TRUE(migrate(database));
  EXPECT_EQ(version(database), static_cast<std::int64_t>(schema_steps().size()));
  ASSERT_TRUE(migrate(database));
  EXPECT_TRUE(database.execute(
      "SELECT * FROM accounts, account_groups, api_keys, usage, usage_series, settings, audit,"
      " ended_logins"));
}

TEST_F(migration, nothing_takes_an_audit_entry_back) {
  auto database = open();
  ASSERT_TRUE(migrate(database));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(
        database.execute("INSERT INTO audit (at, actor, address, action, object_type, object_id,"
                         " object_name, outcome, changes)"
                         " VALUES (1, 'a', '', 'b', '', '', '', 'done', '{}')"));
  }
  for (const auto* sql :
       {"UPDATE audit SET actor = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 2",
        "REPLACE INTO audit VALUES (2, 1, 'x', '', '', '', '', '', '', '{}')",
        "INSERT INTO audit VALUES (2, 1, 'x', '', '', '', '', '', '', '{}')"
        " ON CONFLICT DO UPDATE SET actor = 'x'"}) {
    const auto refused = database.execute(sql);
    ASSERT_FALSE(refused) << sql;
    EXPECT_NE(refused.error().text.find("only appended to"), std::string::npos) << sql;
  }
  EXPECT_EQ(database.integer("SELECT count(*) FROM audit WHERE actor = 'a'").value(), 2);
}

TEST_F(migration, makes_only_the_steps_that_are_missing) {
  auto database = open();
  ASSERT_TRUE(migrate(database, std::span(steps).first(2)));
  EXPECT_EQ(version(database), 2);
  ASSERT_TRUE(migrate(database, steps));
  EXPECT_EQ(version(database), 3);
  EXPECT_EQ(database.integer("SELECT sum(y) FROM a").value(), 2);
}

TEST_F(migration, usage_from_before_its_new_faces_is_in_them) {
  auto database = open();
  ASSERT_TRUE(migrate(database, schema_steps().first(3)));
  ASSERT_TRUE(database.execute(
      "INSERT INTO usage_series VALUES (1, 'k', 'a', 'p', 'm'), (2, 'k', 'b', 'p', 'm'),"
      " (3, 'l', 'a', 'p', 'm'), (4, '', 'a', 'p', 'm'), (5, '', 'b', 'p', 'm');"
      "INSERT INTO usage VALUES (2, 0, 1, 1, 10, 0, 0, 0, 0, 7, 1), (2, 0, 2, 2, 20, 0, 0, 0, 0, 7,"
      " 1), (2, 0, 3, 4, 40, 0, 0, 0, 0, 7, 1), (12, 0, 4, 5, 50, 0, 0, 0, 0, 7, 1),"
      " (12, 0, 5, 2, 20, 0, 0, 0, 0, 7, 1), (3, 0, 1, 1, 10, 0, 0, 0, 0, 7, 1)"));
  ASSERT_TRUE(migrate(database));
  const auto told = [&](const char* what) { return database.integer(what).value(); };
  EXPECT_EQ(told("SELECT count(*) FROM usage WHERE kind > 13"), 7);
  EXPECT_EQ(told("SELECT input FROM usage JOIN usage_series ON id = series"
                 " WHERE kind = 22 AND key_id = 'k'"),
            30);
  EXPECT_EQ(told("SELECT requests FROM usage JOIN usage_series ON id = series"
                 " WHERE kind = 22 AND key_id = 'l'"),
            4);
  EXPECT_EQ(told("SELECT requests FROM usage JOIN usage_series ON id = series"
                 " WHERE kind = 42 AND key_id = 'k' AND model = 'm'"),
            3);
  EXPECT_EQ(told("SELECT requests FROM usage WHERE kind = 32"), 7);
  EXPECT_EQ(told("SELECT rated_nanousd FROM usage WHERE kind = 32"), 14);
  EXPECT_EQ(told("SELECT requests FROM usage WHERE kind = 23"), 1);
}

TEST_F(migration, a_step_that_fails_leaves_the_version_before_it) {
  auto database = open();
  const std::array<const char*, 2> broken{steps[0], "INSERT INTO a VALUES (1); INSERT INTO b"};
  EXPECT_FALSE(migrate(database, broken));
  EXPECT_EQ(version(database), 1);
  EXPECT_EQ(database.integer("SELECT count(*) FROM a").value(), 0);
  EXPECT_FALSE(database.in_transaction());
}

TEST_F(migration, refuses_a_database_of_a_newer_baton) {
  auto database = open();
  ASSERT_TRUE(migrate(database, steps));
  const auto refused = migrate(database, std::span(steps).first(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::storage_failed);
  EXPECT_NE(refused.error().text.find("version 3"), std::string::npos);
  EXPECT_NE(refused.error().text.find("newer Baton"), std::string::npos);
}

TEST_F(migration, refuses_a_database_of_another_program) {
  auto database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE theirs (x)"));
  const auto refused = migrate(database);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("another program"), std::string::npos);
}

// Fresh files again and again, since the critical moment is short.
TEST_F(migration, several_processes_can_start_on_a_fresh_file_at_once) {
  constexpr int rounds = 15, starters = 4;
  for (int round = 0; round < rounds; ++round) {
    const auto file = folder_ / ("fresh-" + std::to_string(round));
    int start[2];
    ASSERT_EQ(::pipe(start), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < starters; ++i) {
      const auto child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        char go;
        ::close(start[1]);
        (void)!::read(start[0], &go, 1);  // returns when the parent closes its end
        auto database = sqlite::connection::open(file);
        ::_exit(database && migrate(*database) ? 0 : 1);
      }
      children.push_back(child);
    }
    ::close(start[0]);
    ::close(start[1]);
    for (const auto child : children) {
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "round " << round;
    }
    auto database = std::move(sqlite::connection::open(file).value());
    EXPECT_EQ(version(database), static_cast<std::int64_t>(schema_steps().size()));
  }
}

}  // namespace
}  // namespace baton::storage
