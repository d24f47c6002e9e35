#include "actors/storage_actor.hpp"

#include "actors/relay_fixture.test.hpp"
#include "base/crypto.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

// The tests of its noticing changes are in change_notice.test.cpp.
class stores : public relay_actor_test {
 protected:
  void SetUp() override {
    storage_ = keep(open_storage(system_, open(), folder_ / "ledger", metrics_));
  }
  void TearDown() override {
    storage_ = nullptr;
    relay_actor_test::TearDown();
  }

  std::unique_ptr<storage::store> open() const {
    return std::move(storage::open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
  }
  result<void> append(std::int64_t requests, const std::string& model = "opus") {
    storage::usage_row row;
    row.key = key_id("k");
    row.account = account_id("a");
    row.platform = "claude-console";
    row.model = model;
    row.hour = std::chrono::floor<std::chrono::hours>(wall_now());
    row.requests = requests;
    const auto rows = std::make_shared<const std::vector<storage::usage_row>>(1, row);
    return ask<usage_appended>(storage_, append_usage{rows})->stored;
  }

  const test_support::temp_dir folder_;
  caf::actor storage_;
};

TEST_F(stores, what_is_appended_is_found_and_stays_in_the_file) {
  ASSERT_TRUE(append(2));
  ASSERT_TRUE(append(3));
  ASSERT_TRUE(append(10, "sonnet"));
  storage::usage_query query;
  query.group = storage::usage_group::model;
  const auto found = ask<usage_found>(storage_, query_usage{query});
  ASSERT_TRUE(found && found->sums);
  ASSERT_EQ(found->sums->size(), 2u);
  EXPECT_EQ((*found->sums)[0].group, "opus");
  EXPECT_EQ((*found->sums)[0].requests, 5);
  EXPECT_EQ((*found->sums)[1].requests, 10);

  kill(storage_);
  const auto kept = open()->usage({}).value();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].requests, 15);
}

TEST_F(stores, tell_a_subscriber_what_there_is) {
  {
    const auto other_process = open();
    ASSERT_TRUE(other_process->add_key(key_config("k")));
    ASSERT_TRUE(other_process->add_account(account_config("main", 3)));
  }
  caf::scoped_actor self{system_};
  self->send(storage_, subscribe_directory{caf::actor(self)});
  self->receive(
      [](const directory_loaded& fact) {
        ASSERT_EQ(fact.content->keys.size(), 1u);
        EXPECT_EQ(fact.content->keys[0].hash, "hash-k");
        ASSERT_EQ(fact.content->accounts.size(), 1u);
        EXPECT_EQ(fact.content->accounts[0].name, "main");
        EXPECT_EQ(fact.content->accounts[0].credential.api_key, "sk-ant-test");
      },
      caf::after(patience) >> [] { FAIL() << "nothing is told"; });
}

// Its own write is no change by another process, which the poll would see.
TEST_F(stores, tell_their_subscribers_of_a_first_use) {
  auto key = key_config("k");
  key.activation = std::chrono::hours(2);
  ASSERT_TRUE(open()->add_key(key));
  caf::scoped_actor self{system_};
  self->send(storage_, subscribe_directory{caf::actor(self)});
  const auto next_directory = [&] {
    std::shared_ptr<const storage::directory> content;
    self->receive([&](const directory_loaded& fact) { content = fact.content; },
                  caf::after(patience) >> [] { ADD_FAILURE() << "nothing is told"; });
    return content;
  };
  EXPECT_EQ(next_directory()->keys.at(0).activated_at, std::nullopt);
  const wall_time first(std::chrono::hours(500'000));
  caf::anon_send(storage_, activate_key{key.id, first});
  caf::anon_send(storage_, activate_key{key.id, first + std::chrono::hours(1)});
  EXPECT_EQ(next_directory()->keys.at(0).expires_at, first + std::chrono::hours(2));
}

TEST_F(stores, say_whether_they_are_well) {
  ASSERT_TRUE(append(1));
  const auto checked = ask<store_checked>(storage_, check_store{});
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->healthy);
}

TEST_F(stores, answer_from_a_thread_of_their_own) {
  // While a worker is kept busy.
  EXPECT_TRUE(run_on(at(0), [&] { return append(1).has_value(); }));
}

}  // namespace
}  // namespace baton::actors
