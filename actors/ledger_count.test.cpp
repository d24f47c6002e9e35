#include "actors/ledger_count.hpp"

#include <gtest/gtest.h>

#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/ledger_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

const wall_time noon = std::chrono::floor<std::chrono::hours>(wall_now());

storage::usage_record record(const std::string& model = "opus") {
  storage::usage_record made;
  made.request_id = "req_1";
  made.finished = noon;
  made.key = key_id("k");
  made.account = account_id("a");
  made.platform = "claude-console";
  made.model = model;
  made.tokens.output = 3;
  made.cost_nanousd = 5;
  made.counted = true;
  return made;
}

std::vector<storage::usage_row> rows_of(const std::vector<storage::usage_record>& records) {
  storage::usage_tally tally;
  for (const auto& each : records) tally.add(storage::view_of(each));
  return tally.take();
}

std::int64_t requests(const uncounted_usage& usage) {
  std::int64_t sum = 0;
  for (const auto& row : *usage.rows) sum += row.requests;
  return sum;
}

class counting : public testing::Test {
 protected:
  std::uint64_t write(const std::vector<storage::usage_record>& records) {
    std::string bytes;
    for (const auto& each : records) storage::append_record(bytes, storage::view_of(each));
    return writer_.append(bytes, static_cast<std::uint32_t>(records.size()), noon, noon).value();
  }
  uncounted_usage next(ledger_count& count) { return count.next(reader_).value().value(); }

  const test_support::temp_dir folder_;
  storage::ledger_writer writer_ =
      std::move(storage::ledger_writer::open(folder_.path(), {}).value());
  storage::ledger_reader reader_{folder_.path()};
};

TEST_F(counting, gives_what_was_added_since_the_last_time_as_one_portion) {
  ledger_count count(0, 0);
  EXPECT_TRUE(count.done());
  EXPECT_FALSE(count.next(reader_).value());
  count.add(rows_of({record(), record()}), write({record(), record()}));
  count.add(rows_of({record()}), write({record()}));
  const auto portion = next(count);
  EXPECT_EQ(requests(portion), 3);
  EXPECT_EQ(portion.last_number, 3u);
  EXPECT_FALSE(count.done());
  count.settle();
  EXPECT_TRUE(count.done());
}

TEST_F(counting, gives_a_portion_again_as_it_was_until_it_is_settled) {
  ledger_count count(0, 0);
  count.add(rows_of({record()}), write({record()}));
  const auto first = next(count);
  count.add(rows_of({record()}), write({record()}));
  EXPECT_EQ(next(count).rows, first.rows);
  EXPECT_EQ(next(count).last_number, 1u);
  count.settle();
  EXPECT_EQ(requests(next(count)), 1);
  EXPECT_EQ(next(count).last_number, 2u);
}

TEST_F(counting, reads_what_an_earlier_life_left_uncounted) {
  for (int n = 0; n < 5; ++n) write({record(), record("sonnet")});
  ledger_count count(4, writer_.last_number());
  EXPECT_EQ(count.uncounted(), 6u);
  const auto portion = next(count);
  EXPECT_EQ(requests(portion), 6);
  EXPECT_EQ(portion.rows->size(), 2u);
  EXPECT_EQ(portion.last_number, 10u);
  count.settle();
  EXPECT_TRUE(count.done());
  count.add(rows_of({record()}), write({record()}));
  EXPECT_EQ(requests(next(count)), 1);
}

TEST_F(counting, counts_everything_once_when_requests_end_while_it_reads) {
  std::vector<storage::usage_record> many(15'000, record());
  for (int n = 0; n < 3; ++n) write(many);
  ledger_count count(0, writer_.last_number());
  std::int64_t counted = 0;
  for (int portion = 0; !count.done(); ++portion) {
    ASSERT_LT(portion, 10);
    counted += requests(next(count));
    if (portion == 0) count.add(rows_of({record()}), write({record()}));
    count.settle();
  }
  EXPECT_EQ(counted, 45'001);
}

TEST_F(counting, reads_again_what_was_too_much_to_be_kept) {
  ledger_count count(0, 0);
  std::vector<storage::usage_record> many;
  for (int n = 0; n < 100'001; ++n) many.push_back(record("model-" + std::to_string(n)));
  count.add(rows_of(many), write(many));
  std::int64_t counted = 0;
  while (!count.done()) {
    const auto portion = next(count);
    EXPECT_LE(portion.rows->size(), 20'000u);
    counted += requests(portion);
    count.settle();
  }
  EXPECT_EQ(counted, 100'001);
}

}  // namespace
}  // namespace baton::actors
