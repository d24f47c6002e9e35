// Usage: the groups that matter most, and what may be forgotten after a time.
#include "storage/store_contract.test.hpp"

namespace baton::storage {
namespace {

using namespace std::chrono;

wall_time utc(int year_number, unsigned month_number, unsigned day_number, int hour = 0) {
  return sys_days(year(year_number) / month(month_number) / day(day_number)) + hours(hour);
}

usage_row row_of(const std::string& key, wall_time hour, std::int64_t cost_nanousd,
                 std::int64_t input = 1) {
  usage_row row;
  row.key = key_id(key);
  row.account = account_id("a");
  row.platform = "gemini";
  row.model = "m";
  row.hour = hour;
  row.requests = 1;
  row.tokens.input = input;
  row.cost_nanousd = cost_nanousd;
  return row;
}

std::vector<std::string> groups_of(const std::vector<usage_sum>& sums) {
  std::vector<std::string> names;
  for (const auto& sum : sums) names.push_back(sum.is_rest ? "rest" : sum.group);
  return names;
}

std::int64_t requests(store& from, period granularity, usage_group group = usage_group::none) {
  usage_query query;
  query.granularity = granularity;
  query.group = group;
  std::int64_t count = 0;
  for (const auto& sum : from.usage(query).value()) count += sum.requests;
  return count;
}

TEST_P(store_contract, top_groups_are_by_cost_then_tokens_then_name) {
  const std::vector rows{row_of("b", utc(2026, 1, 1), 5), row_of("a", utc(2026, 1, 1), 5),
                         row_of("c", utc(2026, 1, 1), 5, 2), row_of("d", utc(2026, 1, 1), 9),
                         row_of("e", utc(2026, 1, 1), 1)};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  usage_query query;
  query.group = usage_group::key;
  query.top = 3;
  EXPECT_EQ(groups_of(store_->usage(query).value()), (std::vector<std::string>{"d", "c", "a"}));
  query.with_rest = true;
  const auto sums = store_->usage(query).value();
  EXPECT_EQ(groups_of(sums), (std::vector<std::string>{"d", "c", "a", "rest"}));
  EXPECT_EQ(sums[3].cost_nanousd, 6);
  EXPECT_EQ(sums[3].requests, 2);
  query.top = 5;
  EXPECT_EQ(store_->usage(query).value().size(), 5u) << "nobody is left for the rest";
}

TEST_P(store_contract, top_groups_are_those_of_the_whole_range_in_every_period) {
  const std::vector rows{row_of("big", utc(2026, 1, 1), 100), row_of("small", utc(2026, 1, 1), 1),
                         row_of("big", utc(2026, 1, 2), 1), row_of("small", utc(2026, 1, 2), 50)};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  usage_query query;
  query.group = usage_group::key;
  query.granularity = period::day;
  query.top = 1;
  query.with_rest = true;
  const auto sums = store_->usage(query).value();
  EXPECT_EQ(groups_of(sums), (std::vector<std::string>{"big", "rest", "big", "rest"}));
  EXPECT_EQ(sums[3].start, utc(2026, 1, 2));
  EXPECT_EQ(sums[3].cost_nanousd, 50);
}

TEST_P(store_contract, filters_may_be_hostile) {
  const std::vector rows{row_of("k", utc(2026, 1, 1), 1)};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  usage_query query;
  query.models = {"'); DROP TABLE usage; --", "\"", std::string(70'000, '[')};
  EXPECT_TRUE(store_->usage(query).value().empty());
  query.models.emplace_back("m");
  EXPECT_EQ(store_->usage(query).value().size(), 1u);
  for (const auto& unusable : {std::string("\xff\xfe"), std::string("m\0x", 3)}) {
    query.models = {unusable};
    EXPECT_EQ(code_of(store_->usage(query)), error_code::invalid_argument);
    query.models.clear();
    query.keys = {key_id(unusable)};
    EXPECT_EQ(code_of(store_->usage(query)), error_code::invalid_argument);
    query.keys.clear();
  }
  EXPECT_EQ(requests(*store_, period::all), 1);
}

TEST_P(store_contract, hours_and_days_are_forgotten_whole_and_months_never) {
  const std::vector rows{row_of("k", utc(2026, 1, 10, 5), 1), row_of("k", utc(2026, 2, 10, 5), 1),
                         row_of("k", utc(2026, 3, 10, 5), 1), row_of("k", utc(2026, 3, 10, 23), 1)};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  EXPECT_FALSE(store_->remove_usage_before(utc(2026, 3, 10, 20), utc(2026, 2, 20)).value());
  for (const auto group : {usage_group::none, usage_group::key, usage_group::model}) {
    EXPECT_EQ(requests(*store_, period::hour, group), 2) << "the day has begun already";
    EXPECT_EQ(requests(*store_, period::day, group), 3) << "the month has begun already";
    EXPECT_EQ(requests(*store_, period::month, group), 4);
    EXPECT_EQ(requests(*store_, period::all, group), 4);
  }
  EXPECT_FALSE(store_->remove_usage_before(utc(1970, 1, 1), utc(1970, 1, 1)).value());
  EXPECT_EQ(requests(*store_, period::hour), 2);
}

TEST_P(store_contract, much_is_forgotten_in_steps) {
  std::vector<usage_row> rows;
  for (int hour = 0; hour < 1500; ++hour) {
    rows.push_back(row_of("k", utc(2025, 1, 1) + hours(hour), 1));
  }
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  int steps = 1;
  while (store_->remove_usage_before(utc(2026, 1, 1), utc(2026, 1, 1)).value()) ++steps;
  EXPECT_EQ(steps, 4) << "7,500 rows of hours and 315 of days";
  EXPECT_EQ(requests(*store_, period::hour), 0);
  EXPECT_EQ(requests(*store_, period::day), 0);
  EXPECT_EQ(requests(*store_, period::all), 1500);
}

}  // namespace
}  // namespace baton::storage
