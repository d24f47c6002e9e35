#include "actors/ledger_actor.hpp"

#include <atomic>
#include <mutex>

#include "actors/relay_fixture.test.hpp"
#include "storage/ledger/ledger_codec.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

// A store that counts as it is told to: counts, fails, or is silent.
class scripted_store final : public runtime::pinned_actor {
 public:
  enum class way { count, fail, silent };
  struct book {
    std::atomic<way> next = way::count;
    std::atomic<std::int64_t> requests = 0;
    std::atomic<std::uint64_t> position = 0;
  };

  scripted_store(caf::actor_config& config, runtime::worker& home, std::shared_ptr<book> kept)
      : pinned_actor(config, home), book_(std::move(kept)) {}

  caf::behavior make_behavior() override {
    return {
        [this](const append_usage& order) -> caf::result<usage_appended> {
          if (book_->next == way::silent) return silence();
          if (book_->next == way::fail) return usage_appended{broken()};
          EXPECT_GT(*order.ledger_number, book_->position);
          for (const auto& row : *order.rows) book_->requests += row.requests;
          book_->position = *order.ledger_number;
          return usage_appended{};
        },
        [this](check_store) -> caf::result<store_checked> {
          if (book_->next == way::silent) return silence();
          return store_checked{book_->next == way::fail ? broken() : result<void>{}};
        },
    };
  }
  void on_exit() override { runtime::fail_all(unanswered_); }

 private:
  caf::response_promise silence() {
    unanswered_.push_back(make_response_promise());
    return unanswered_.back();
  }
  static result<void> broken() {
    return internal_error(error_code::storage_failed, "the disk is full");
  }

  std::shared_ptr<book> book_;
  std::vector<caf::response_promise> unanswered_;
};

using way = scripted_store::way;

class ledgers : public relay_actor_test, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    store_ = spawn<scripted_store>(at(1), book_);
    open();
  }
  void open() {
    ledger_ = keep(open_ledger(system_, folder_.path(), store_, listening(), metrics_,
                               {.strict = GetParam()}));
  }
  void TearDown() override {
    store_ = ledger_ = nullptr;
    relay_actor_test::TearDown();
  }

  static std::shared_ptr<const usage_batch> batch(std::uint32_t count) {
    usage_batch made;
    storage::usage_tally tally;
    storage::usage_record record;
    record.key = key_id("k");
    record.account = account_id("a");
    record.model = "opus";
    record.finished = made.first = made.last = wall_now();
    record.counted = true;
    record.tokens.output = 2;
    for (std::uint32_t n = 0; n < count; ++n) {
      storage::append_record(made.records, storage::view_of(record));
      tally.add(storage::view_of(record));
    }
    made.count = count;
    made.rows = tally.take();
    return std::make_shared<const usage_batch>(std::move(made));
  }
  bool append(std::uint32_t count) {
    const auto reply = ask<ledger_appended>(ledger_, append_to_ledger{batch(count)});
    return reply && reply->written && reply->synced;
  }
  std::optional<bool> flush() {
    const auto reply = ask<usage_flushed>(ledger_, flush_usage{});
    return reply ? std::optional(reply->stored.has_value()) : std::nullopt;
  }
  std::size_t records_on_disk() const {
    storage::ledger_reader reader(folder_.path());
    std::size_t count = 0;
    EXPECT_TRUE(reader.each_after(0, [&](auto, const auto&) -> result<bool> {
      ++count;
      return true;
    }));
    return count;
  }
  bool is_well() {
    const auto reply = ask<records_checked>(ledger_, check_records{});
    return reply && reply->healthy;
  }

  const test_support::temp_dir folder_;
  std::shared_ptr<scripted_store::book> book_ = std::make_shared<scripted_store::book>();
  caf::actor store_;
  caf::actor ledger_;
};

INSTANTIATE_TEST_SUITE_P(durability, ledgers, testing::Bool(),
                         [](const auto& which) { return which.param ? "strict" : "batched"; });

TEST_P(ledgers, what_is_appended_is_on_disk_and_then_counted) {
  ASSERT_TRUE(append(3));
  EXPECT_EQ(records_on_disk(), 3u);
  ASSERT_TRUE(append(2));
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->requests, 5);
  EXPECT_EQ(book_->position, 5u);
}

TEST_P(ledgers, a_store_that_fails_keeps_nobody_from_appending) {
  book_->next = way::fail;
  ASSERT_TRUE(append(3));
  EXPECT_EQ(flush(), false);
  ASSERT_TRUE(append(2));
  EXPECT_EQ(records_on_disk(), 5u);
  EXPECT_TRUE(becomes_true([&] { return metric("baton_usage_spool_bytes") > 0; }));
  book_->next = way::count;
  EXPECT_TRUE(becomes_true([&] { return book_->requests == 5; }));
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(metric("baton_usage_spool_bytes"), 0);
}

TEST_P(ledgers, a_store_that_is_silent_keeps_nobody_from_appending) {
  book_->next = way::silent;
  for (int n = 0; n < 10; ++n) ASSERT_TRUE(append(1));
  EXPECT_EQ(records_on_disk(), 10u);
}

TEST_P(ledgers, say_when_the_store_is_not_well) {
  EXPECT_TRUE(becomes_true([&] { return is_well(); }));
  book_->next = way::fail;
  EXPECT_TRUE(becomes_true([&] { return !is_well(); }));
  book_->next = way::count;
  EXPECT_TRUE(becomes_true([&] { return is_well(); }));
}

TEST_P(ledgers, an_accounts_use_is_told_when_it_is_counted) {
  ASSERT_TRUE(append(3));
  EXPECT_EQ(flush(), true);
  EXPECT_TRUE(is_told(&notes::used, [](const account_used& fact) {
    return fact.id == account_id("a") && fact.used.tokens == 6;
  }));
}

TEST_P(ledgers, what_a_life_left_uncounted_is_counted_by_the_next) {
  book_->next = way::fail;
  ASSERT_TRUE(append(4));
  EXPECT_EQ(flush(), false);
  kill(ledger_);
  book_->next = way::count;
  open();
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->requests, 4);
  ASSERT_TRUE(append(1));
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->requests, 5);
}

}  // namespace
}  // namespace baton::actors
