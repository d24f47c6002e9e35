#include "storage/usage_tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace baton::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const wall_time noon{std::chrono::sys_days(std::chrono::year(2025) / 6 / 1) + hours(12)};

usage_record ended_at(wall_time when, std::int64_t output, const std::string& key = "k",
                      const std::string& account = "a", const std::string& model = "opus") {
  usage_record record;
  record.key = key_id("id-" + key);
  record.account = account_id("id-" + account);
  record.platform = "claude-console";
  record.model = model;
  record.counted = true;
  record.tokens.input = 1;
  record.tokens.output = output;
  record.cost_nanousd = 2;
  record.rated_nanousd = 3;
  record.priced_by_fallback = true;
  record.finished = when;
  return record;
}

TEST(usage_tally, adds_up_what_belongs_together) {
  usage_tally tally;
  EXPECT_TRUE(tally.empty());
  tally.add(view_of(ended_at(noon, 10)));
  tally.add(view_of(ended_at(noon + minutes(59), 20)));
  EXPECT_FALSE(tally.empty());
  const auto rows = tally.take();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].key, key_id("id-k"));
  EXPECT_EQ(rows[0].account, account_id("id-a"));
  EXPECT_EQ(rows[0].platform, "claude-console");
  EXPECT_EQ(rows[0].model, "opus");
  EXPECT_EQ(rows[0].hour, noon);
  EXPECT_EQ(rows[0].requests, 2);
  EXPECT_EQ(rows[0].tokens.output, 30);
  EXPECT_EQ(rows[0].tokens.input, 2);
  EXPECT_EQ(rows[0].cost_nanousd, 4);
  EXPECT_EQ(rows[0].rated_nanousd, 6);
  EXPECT_EQ(rows[0].fallback_requests, 2);
  EXPECT_TRUE(tally.empty());
  EXPECT_TRUE(tally.take().empty());
}

TEST(usage_tally, keeps_hours_keys_accounts_and_models_apart) {
  usage_tally tally;
  tally.add(view_of(ended_at(noon, 1)));
  tally.add(view_of(ended_at(noon + hours(1), 1)));
  tally.add(view_of(ended_at(noon - std::chrono::milliseconds(1), 1)));
  tally.add(view_of(ended_at(noon, 1, "k2")));
  tally.add(view_of(ended_at(noon, 1, "k", "a2")));
  tally.add(view_of(ended_at(noon, 1, "k", "a", "sonnet")));
  // Parts that would be the same text put together.
  tally.add(view_of(ended_at(noon, 1, "x", "yz")));
  tally.add(view_of(ended_at(noon, 1, "xy", "z")));
  const auto rows = tally.take();
  EXPECT_EQ(rows.size(), 8u);
  EXPECT_TRUE(std::all_of(rows.begin(), rows.end(), [](const auto& r) { return r.requests == 1; }));
}

TEST(usage_tally, leaves_out_what_is_not_counted) {
  usage_tally tally;
  auto refused = ended_at(noon, 1);
  refused.counted = false;
  tally.add(view_of(refused));
  EXPECT_TRUE(tally.empty());
}

TEST(usage_tally, takes_back_what_could_not_be_stored) {
  usage_tally tally;
  tally.add(view_of(ended_at(noon, 10)));
  const auto unstored = tally.take();
  tally.add(view_of(ended_at(noon, 5)));
  tally.add(view_of(ended_at(noon, 7, "other")));
  tally.merge(unstored);
  const auto rows = tally.take();
  ASSERT_EQ(rows.size(), 2u);
  std::int64_t output = 0;
  for (const auto& row : rows) output += row.tokens.output;
  EXPECT_EQ(output, 22);
}

TEST(usage_tally, has_one_row_however_many_requests_end) {
  usage_tally tally;
  const auto record = ended_at(noon, 1);
  for (int n = 0; n < 100'000; ++n) tally.add(view_of(record));
  const auto rows = tally.take();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].requests, 100'000);
}

}  // namespace
}  // namespace baton::storage
