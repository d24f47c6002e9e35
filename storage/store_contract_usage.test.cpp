// Usage: the part of the contract that bills live on.
#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "storage/store_contract.test.hpp"
#include "storage/usage_range.hpp"

namespace baton::storage {
namespace {

using namespace std::chrono;

wall_time utc(int year_number, unsigned month_number, unsigned day_number, int hour = 0) {
  return sys_days(year(year_number) / month(month_number) / day(day_number)) + hours(hour);
}

usage_row row_of(const std::string& key, const std::string& account, const std::string& model,
                 wall_time hour, std::int64_t requests = 1) {
  usage_row row;
  row.key = key_id(key);
  row.account = account_id(account);
  row.platform = "claude-console";
  row.model = model;
  row.hour = hour;
  row.requests = requests;
  row.tokens = {10 * requests, 20 * requests, 30 * requests,
                40 * requests, 50 * requests, 70 * requests};
  row.cost_nanousd = 60 * requests;
  return row;
}

TEST_P(store_contract, usage_of_nobody_is_empty) {
  EXPECT_TRUE(store_->usage({}).value().empty());
  EXPECT_TRUE(store_->add_usage({}, std::nullopt));
}

TEST_P(store_contract, usage_adds_up_over_batches_with_every_class_of_tokens) {
  for (int i = 0; i < 3; ++i) {
    const std::vector rows{row_of("k", "a", "m", utc(2026, 3, 1, 5)),
                           row_of("k", "a", "m", utc(2026, 3, 1, 5), 2)};
    ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  }
  const auto sums = store_->usage({}).value();
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].start, wall_time{});
  EXPECT_EQ(sums[0].group, "");
  EXPECT_EQ(sums[0].requests, 9);
  EXPECT_EQ(sums[0].tokens, (relay::token_usage{90, 180, 270, 360, 450, 630}));
  EXPECT_EQ(sums[0].cost_nanousd, 540);
}

TEST_P(store_contract, usage_is_given_by_hour_utc_day_and_utc_month) {
  const std::vector rows{
      row_of("k", "a", "m", utc(2024, 2, 28, 23)), row_of("k", "a", "m", utc(2024, 2, 29, 0)),
      row_of("k", "a", "m", utc(2024, 2, 29, 23)), row_of("k", "a", "m", utc(2024, 3, 1, 0))};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  const auto told = [&](period granularity) {
    std::map<wall_time, std::int64_t> requests;
    usage_query query;
    query.granularity = granularity;
    const auto sums = store_->usage(query).value();
    for (const auto& sum : sums) requests[sum.start] = sum.requests;
    return requests;
  };
  EXPECT_EQ(told(period::hour).size(), 4u);
  EXPECT_EQ(told(period::day),
            (std::map<wall_time, std::int64_t>{
                {utc(2024, 2, 28), 1}, {utc(2024, 2, 29), 2}, {utc(2024, 3, 1), 1}}));
  EXPECT_EQ(told(period::month),
            (std::map<wall_time, std::int64_t>{{utc(2024, 2, 1), 3}, {utc(2024, 3, 1), 1}}));
  EXPECT_EQ(told(period::all), (std::map<wall_time, std::int64_t>{{wall_time{}, 4}}));
}

TEST_P(store_contract, usage_is_given_by_model_in_order) {
  const std::vector rows{row_of("k", "a", "m2", utc(2026, 1, 2)),
                         row_of("k", "a", "m1", utc(2026, 1, 2)),
                         row_of("k", "b", "m1", utc(2026, 1, 1))};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  usage_query query;
  query.group = usage_group::model;
  query.granularity = period::day;
  const auto sums = store_->usage(query).value();
  ASSERT_EQ(sums.size(), 3u);
  EXPECT_EQ(sums[0].start, utc(2026, 1, 1));
  EXPECT_EQ(sums[1].group, "m1");
  EXPECT_EQ(sums[2].group, "m2");
}

TEST_P(store_contract, absurd_counts_of_an_upstream_spoil_nothing) {
  auto absurd = row_of("k", "a", "m", utc(2026, 1, 1));
  absurd.tokens.input = std::numeric_limits<std::int64_t>::max();
  absurd.tokens.output = -5;
  absurd.cost_nanousd = std::numeric_limits<std::int64_t>::max();
  const std::vector rows{absurd, absurd, absurd, row_of("k2", "a", "m", utc(2026, 1, 1))};
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));
  usage_query query;
  query.keys = {key_id("k2")};
  EXPECT_EQ(store_->usage(query).value().at(0).tokens.input, 10);
  EXPECT_EQ(store_->usage({}).value().at(0).tokens.output, 20);
  EXPECT_EQ(store_->usage({}).value().at(0).cost_nanousd, 300'000'000'000'060);
}

template <class T, class V>
bool passes(const std::vector<T>& filter, const V& value) {
  return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

bool counts(const usage_query& query, const usage_row& row) {
  return passes(query.keys, row.key) && passes(query.accounts, row.account) &&
         passes(query.platforms, row.platform) && passes(query.models, row.model) &&
         !(query.from && row.hour < *query.from) && !(query.to && row.hour >= *query.to);
}

std::string group_of(usage_group group, const usage_row& row) {
  switch (group) {
    case usage_group::key: return row.key.value();
    case usage_group::account: return row.account.value();
    case usage_group::model: return row.model;
    case usage_group::platform: return row.platform;
    case usage_group::none: break;
  }
  return {};
}

usage_query any_query(std::mt19937& random, wall_time first) {
  const auto pick = [&](int count) { return static_cast<int>(random() % count); };
  const auto some = [&](const char* prefix) {
    std::vector<std::string> names;
    for (int left = pick(3); left > 0; --left) names.push_back(prefix + std::to_string(pick(4)));
    return names;
  };
  usage_query query;
  if (pick(2)) {
    for (const auto& name : some("k")) query.keys.emplace_back(name);
  }
  if (pick(2)) {
    for (const auto& name : some("a")) query.accounts.emplace_back(name);
  }
  if (pick(3) == 0) query.platforms = some("p");
  if (pick(3) == 0) query.models = some("m");
  if (pick(4)) query.from = first + minutes(pick(60 * 24 * 110) - 60 * 24 * 5);
  if (pick(4)) query.to = first + minutes(pick(60 * 24 * 110) - 60 * 24 * 5);
  query.granularity = static_cast<period>(pick(4));
  query.group = static_cast<usage_group>(pick(5));
  return query;
}

// Compares with sums made the simple way, for questions of every kind.
TEST_P(store_contract, usage_is_right_for_any_question) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](int count) { return static_cast<int>(random() % count); };
  const auto first = utc(2025, 11, 20);
  std::vector<usage_row> rows;
  for (int i = 0; i < 2000; ++i) {
    rows.push_back(row_of("k" + std::to_string(pick(3)), "a" + std::to_string(pick(3)),
                          "m" + std::to_string(pick(2)), first + hours(pick(24 * 100)),
                          1 + pick(5)));
    rows.back().platform = "p" + std::to_string(pick(2));
  }
  ASSERT_TRUE(store_->add_usage(rows, std::nullopt));

  for (int i = 0; i < 400; ++i) {
    const auto query = any_query(random, first);
    std::map<std::pair<wall_time, std::string>, std::int64_t> expected, got;
    for (const auto& row : rows) {
      if (!counts(query, row)) continue;
      expected[{start_of(query.granularity, row.hour), group_of(query.group, row)}] += row.requests;
    }
    const auto sums = store_->usage(query).value();
    for (const auto& sum : sums) {
      got[{sum.start, sum.group}] = sum.requests;
      ASSERT_EQ(sum.tokens.cache_write_1h, 50 * sum.requests);
      ASSERT_EQ(sum.tokens.reasoning, 70 * sum.requests);
      ASSERT_EQ(sum.cost_nanousd, 60 * sum.requests);
    }
    ASSERT_EQ(got, expected) << "question " << i;
    ASSERT_EQ(sums.size(), got.size());
  }
}

// Each batch has a model that is new to both, so that they also race for making what it needs.
TEST_P(store_contract, two_writers_at_once_lose_nothing) {
  constexpr int batches = 100;
  const auto write = [&](const std::string& key) {
    const auto own = place_->open();
    for (int i = 0; i < batches; ++i) {
      const auto model = "m" + std::to_string(i);
      const std::vector rows{row_of(key, "a", model, utc(2026, 1, 1)),
                             row_of("both", "a", model, utc(2026, 1, 1))};
      ASSERT_TRUE(own->add_usage(rows, std::nullopt));
    }
  };
  std::thread first(write, "k1"), second(write, "k2");
  first.join();
  second.join();
  usage_query query;
  query.keys = {key_id("both")};
  query.group = usage_group::model;
  const auto sums = store_->usage(query).value();
  ASSERT_EQ(sums.size(), static_cast<std::size_t>(batches));
  for (const auto& sum : sums) EXPECT_EQ(sum.requests, 2) << sum.group;
  EXPECT_EQ(store_->usage({}).value().at(0).requests, 4 * batches);
}

}  // namespace
}  // namespace baton::storage
