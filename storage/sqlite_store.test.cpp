// What is special to SQLite; what every engine does is in store_contract*.test.cpp.
#include "storage/sqlite_store.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>

#include "storage/migrations.hpp"
#include "storage/store_contract.test.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

constexpr crypto::key_256 key{1, 2, 3};
constexpr std::size_t batch_rows = 50;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class sqlite_engine : public ::testing::Test {
 protected:
  std::unique_ptr<store> open() { return std::move(open_sqlite_store(file_, key).value()); }

  test_support::temp_dir folder_;
  std::filesystem::path file_ = folder_ / "baton.db";
};

TEST_F(sqlite_engine, secrets_are_nowhere_in_its_files) {
  const auto store = open();
  ASSERT_TRUE(store->add_account(full_account("account-1", "one")));
  auto changed = full_account("account-1", "one");
  changed.credential.api_key = "sk-second-secret";
  ASSERT_TRUE(store->update_account(changed));
  for (const auto* suffix : {"", "-wal"}) {
    const auto bytes = bytes_of(file_.string() + suffix);
    ASSERT_FALSE(bytes.empty()) << suffix;
    for (const auto* secret : {"sk-upstream-secret", "session-secret", "aws-secret", "proxy-secret",
                               "sk-second-secret"}) {
      EXPECT_EQ(bytes.find(secret), std::string::npos) << secret << " in " << suffix;
    }
  }
}

TEST_F(sqlite_engine, says_so_when_the_encryption_key_does_not_fit) {
  ASSERT_TRUE(open()->add_account(full_account("account-1", "one")));
  const auto other = std::move(open_sqlite_store(file_, crypto::key_256{9}).value());
  for (const auto& failure : {other->accounts().error(), other->load_directory().error(),
                              other->find_account("one").error()}) {
    EXPECT_EQ(failure.code, error_code::storage_failed);
    EXPECT_NE(failure.text.find("encryption key does not fit"), std::string::npos);
    EXPECT_EQ(failure.text.find("v1:"), std::string::npos);
  }
}

TEST_F(sqlite_engine, a_sealed_secret_cannot_be_moved_to_another_account_or_field) {
  const auto store = open();
  ASSERT_TRUE(store->add_account(full_account("account-1", "one")));
  ASSERT_TRUE(store->add_account(full_account("account-2", "two")));
  auto database = std::move(sqlite::connection::open(file_).value());
  ASSERT_TRUE(
      database.execute("UPDATE accounts SET api_key_sealed = (SELECT api_key_sealed FROM accounts"
                       " WHERE id = 'account-1') WHERE id = 'account-2'"));
  EXPECT_FALSE(store->find_account("two"));
  for (const auto* moved :
       {"api_key_sealed = session_token_sealed", "session_token_sealed = secret_access_key_sealed",
        "secret_access_key_sealed = api_key_sealed"}) {
    ASSERT_TRUE(store->update_account(full_account("account-1", "one")));
    EXPECT_TRUE(store->find_account("one")) << moved;
    ASSERT_TRUE(database.execute("UPDATE accounts SET " + std::string(moved)));
    EXPECT_FALSE(store->find_account("one")) << moved;
  }
}

TEST_F(sqlite_engine, a_damaged_list_is_an_error) {
  const auto store = open();
  ASSERT_TRUE(store->add_account(full_account("account-1", "one")));
  ASSERT_TRUE(store->add_key(full_key("key-1", "one")));
  auto database = std::move(sqlite::connection::open(file_).value());
  ASSERT_TRUE(database.execute("UPDATE accounts SET models = '[1'"));
  ASSERT_TRUE(database.execute("UPDATE api_keys SET permissions = '{}'"));
  EXPECT_EQ(store->accounts().error().code, error_code::storage_failed);
  EXPECT_EQ(store->keys(false).error().code, error_code::storage_failed);
}

TEST_F(sqlite_engine, a_file_that_is_no_database_is_a_clear_error) {
  std::ofstream(file_) << std::string(100'000, 'x');
  const auto opened = open_sqlite_store(file_, key);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, error_code::storage_failed);
  EXPECT_NE(opened.error().text.find("baton.db: the database file is damaged"), std::string::npos);
}

TEST_F(sqlite_engine, a_damaged_rule_of_an_account_is_an_error) {
  const auto store = open();
  ASSERT_TRUE(store->add_account(full_account("account-1", "one")));
  auto database = std::move(sqlite::connection::open(file_).value());
  for (const auto* damage :
       {"account_type = 'x'", "group_ids = '{}'", "disconnect_policy = 'drain:x'",
        "timeouts = '{\"connect\":\"5\"}'", "timeouts = '{\"other\":5}'", "cooldowns = '[]'"}) {
    ASSERT_TRUE(database.execute(
        "BEGIN; CREATE TABLE kept AS SELECT * FROM accounts; UPDATE accounts SET " +
        std::string(damage) + "; COMMIT"));
    EXPECT_EQ(store->accounts().error().code, error_code::storage_failed) << damage;
    ASSERT_TRUE(
        database.execute("BEGIN; DELETE FROM accounts; INSERT INTO accounts SELECT * FROM kept;"
                         "DROP TABLE kept; COMMIT"));
    EXPECT_TRUE(store->accounts()) << damage;
  }
}

// As version 1 wrote them: neither account nor key nor usage may be lost or changed by the step.
TEST_F(sqlite_engine, a_database_of_version_1_keeps_its_rows) {
  {
    auto database = std::move(sqlite::connection::open(file_).value());
    ASSERT_TRUE(migrate(database, schema_steps().first(1)));
    ASSERT_TRUE(database.execute(R"sql(
INSERT INTO accounts VALUES ('account-1', 'claude-console', 'one', 'first', 'https://h', '', '', 7,
  3, '{"a":"b"}', '', '', 0, '', '', 1, 0, '["x"]', 1700000000123, 1700000000456);
INSERT INTO api_keys VALUES ('key-1', 'hash', 'laptop', 'mine', '["claude"]', '[]', '[]',
  'account-1', 5, 60, 100, 5000, 1, NULL, NULL, '[]', 1700000000123, 1700000000456);
INSERT INTO usage_series VALUES (1, '', 'account-1', 'claude-console', 'm');
INSERT INTO usage VALUES (13, 1767225600000, 1, 9, 10, 20, 30, 40, 50);
)sql"));
  }
  relay::account account;
  account.id = account_id("account-1");
  account.platform = "claude-console";
  account.name = "one";
  account.description = "first";
  account.api_url = "https://h";
  account.priority = 7;
  account.concurrency_limit = 3;
  account.models = {{"a", "b"}};
  account.schedulable = false;
  account.tags = {"x"};
  account.created_at = at_ms(1'700'000'000'123);
  account.updated_at = at_ms(1'700'000'000'456);
  relay::api_key laptop;
  laptop.id = key_id("key-1");
  laptop.hash = "hash";
  laptop.name = "laptop";
  laptop.description = "mine";
  laptop.permissions = {"claude"};
  laptop.bound_account = account.id;
  laptop.limits = {5, 60, 100, 5000, 0};
  laptop.created_at = account.created_at;
  laptop.updated_at = account.updated_at;

  const auto store = open();
  const auto loaded = store->load_directory().value();
  ASSERT_EQ(loaded.accounts.size(), 1u);
  EXPECT_EQ(described(loaded.accounts[0]), described(account));
  ASSERT_EQ(loaded.keys.size(), 1u);
  EXPECT_EQ(described(loaded.keys[0]), described(laptop));
  EXPECT_TRUE(store->groups().value().empty());
  const auto sums = store->usage({}).value();
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].requests, 9);
  EXPECT_EQ(sums[0].tokens, (relay::token_usage{10, 20, 30, 40, 50}));
  EXPECT_EQ(sums[0].cost_nanousd, 0);
  EXPECT_TRUE(store->update_account(full_account("account-1", "one")));
}

// As version 2 wrote them.
TEST_F(sqlite_engine, a_database_of_version_2_keeps_its_rows) {
  const auto account = [] {
    auto kept = full_account("account-1", "one");
    kept.region = kept.access_key_id = kept.deployment_name = kept.api_version = "";
    kept.credential = {};
    kept.proxy = {};
    kept.cooldowns = {{"connect", std::chrono::seconds(0)}};
    return kept;
  }();
  {
    auto database = std::move(sqlite::connection::open(file_).value());
    ASSERT_TRUE(migrate(database, schema_steps().first(2)));
    ASSERT_TRUE(database.execute(R"sql(
INSERT INTO accounts VALUES ('account-1', 'claude-console', 'one', 'for "tests"; it''s ä 1',
  'https://upstream.example/api', '', '', 7, 4000000000, '{"claude-a":"claude-b","x''y":""}', '',
  '', 0, '', '', 0, 0, '["b","a","with, comma"]', 1700000000123, 1700000000456, 'group',
  '["group-2","group-1"]', 9000000000000, 12345678901234, 'drain:30', '{"connect":1,
  "tls_handshake":2,"stream_head":3,"json_head":4,"first_event":5,"between_events":6,"total":7}',
  '{"connect":0}');
INSERT INTO usage_series VALUES (1, '', 'account-1', 'claude-console', 'm');
INSERT INTO usage VALUES (13, 1767225600000, 1, 9, 10, 20, 30, 40, 50, 60);
)sql"));
  }
  const auto store = open();
  EXPECT_EQ(described(store->find_account("account-1").value()), described(account));
  const auto before = store->usage({}).value();
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].tokens, (relay::token_usage{10, 20, 30, 40, 50, 0}));
  EXPECT_EQ(before[0].cost_nanousd, 60);

  usage_row more;
  more.account = account.id;
  more.platform = "claude-console";
  more.model = "m";
  more.hour = at_ms(1'767'225'600'000);
  more.tokens = {1, 2, 3, 4, 5, 6};
  ASSERT_TRUE(store->add_usage(std::vector{more}, std::nullopt));
  EXPECT_EQ(store->usage({}).value().at(0).tokens, (relay::token_usage{11, 22, 33, 44, 55, 6}));
  EXPECT_TRUE(store->update_account(full_account("account-1", "one")));
  EXPECT_EQ(store->find_account("one").value().region, "eu-central-1");
}

// Any damage may be met or overlooked, but it must never be more than an error.
TEST_F(sqlite_engine, a_damaged_file_gives_errors_and_nothing_worse) {
  {
    const auto store = open();
    for (int i = 0; i < 50; ++i) {
      const auto number = std::to_string(i);
      ASSERT_TRUE(store->add_account(full_account("account-" + number, number)));
      ASSERT_TRUE(store->add_key(full_key("key-" + number, number)));
    }
  }
  const auto whole = bytes_of(file_);
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int errors = 0;
  for (int round = 0; round < 60; ++round) {
    auto damaged = whole;
    if (round % 4 == 0) {
      damaged.resize(random() % whole.size());
    } else {
      const auto at = random() % (whole.size() - 512);
      for (std::size_t i = 0; i < 512; ++i) damaged[at + i] = static_cast<char>(random());
    }
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << damaged;
    std::filesystem::remove(file_.string() + "-wal");
    std::filesystem::remove(file_.string() + "-shm");
    const auto opened = open_sqlite_store(file_, key);
    const auto loaded = opened ? (*opened)->load_directory() : opened.error();
    if (loaded) continue;
    ++errors;
    EXPECT_EQ(loaded.error().code, error_code::storage_failed);
  }
  EXPECT_GT(errors, 0);
}

std::vector<usage_row> numbered_batch(std::int64_t number) {
  std::vector<usage_row> rows(batch_rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].key = key_id("key-" + std::to_string(i));
    rows[i].account = account_id("account");
    rows[i].model = "model";
    rows[i].hour = at_ms(number * 3'600'000);  // an hour of its own for each batch
    rows[i].requests = 1;
  }
  return rows;
}

TEST_F(sqlite_engine, a_failed_batch_leaves_nothing_and_the_next_one_is_right) {
  const auto store = open();
  auto database = std::move(sqlite::connection::open(file_).value());
  ASSERT_TRUE(
      database.execute("CREATE TRIGGER fail BEFORE INSERT ON usage"
                       " BEGIN SELECT raise(ABORT, 'refused'); END"));
  EXPECT_EQ(store->add_usage(numbered_batch(1), std::nullopt).error().code,
            error_code::storage_failed);
  ASSERT_TRUE(database.execute("DROP TRIGGER fail"));
  EXPECT_TRUE(store->usage({}).value().empty());

  // Takes the numbers that the failed batch had given to its keys.
  auto others = numbered_batch(2);
  for (auto& row : others) row.key = key_id("other-" + row.key.value());
  ASSERT_TRUE(open()->add_usage(others, std::nullopt));
  ASSERT_TRUE(store->add_usage(numbered_batch(1), std::nullopt));
  for (const auto* name : {"key-0", "key-49", "other-key-0", "other-key-49"}) {
    usage_query query;
    query.keys = {key_id(name)};
    EXPECT_EQ(store->usage(query).value().at(0).requests, 1) << name;
  }
}

// Writes batches until it is killed; one byte into `committed` for each that was acknowledged.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, std::int64_t first,
                                     int committed) {
  const auto opened = open_sqlite_store(file, key);
  for (auto number = first; opened; ++number) {
    if (!(*opened)->add_usage(numbered_batch(number), std::nullopt)) break;
    if (::write(committed, "", 1) != 1) break;
  }
  ::_exit(1);
}

TEST_F(sqlite_engine, a_killed_writer_leaves_whole_batches_and_all_it_had_acknowledged) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(file_, (round + 1) * 100'000, ends[1]);
    ::close(ends[1]);
    char byte;
    const auto enough = 1 + random() % 100;
    for (std::size_t i = 0; i < enough; ++i) ASSERT_EQ(::read(ends[0], &byte, 1), 1);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    acknowledged += static_cast<std::int64_t>(enough);
    while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
    ::close(ends[0]);

    const auto store = open();
    usage_query by_hour;
    by_hour.granularity = period::hour;
    const auto batches = store->usage(by_hour).value();
    for (const auto& batch : batches) {
      ASSERT_EQ(batch.requests, static_cast<std::int64_t>(batch_rows));
    }
    EXPECT_GE(static_cast<std::int64_t>(batches.size()), acknowledged);
    EXPECT_LE(static_cast<std::int64_t>(batches.size()), acknowledged + round + 1)
        << "at most one per round was written and not yet acknowledged";
    usage_query of_one_key;
    of_one_key.keys = {key_id("key-0")};
    EXPECT_EQ(store->usage(of_one_key).value().at(0).requests,
              static_cast<std::int64_t>(batches.size()));
    EXPECT_EQ(store->usage({}).value().at(0).requests,
              static_cast<std::int64_t>(batches.size() * batch_rows));
  }
}

}  // namespace
}  // namespace baton::storage
