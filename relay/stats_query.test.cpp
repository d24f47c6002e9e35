#include "relay/stats_query.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

constexpr wall_time now = std::chrono::sys_days{std::chrono::year(2026) / 11 / 24};

std::string refusal(std::string_view query) {
  const auto parsed = parse_stats_query(query, now);
  if (parsed) return "none";
  EXPECT_EQ(parsed.error().code, error_code::invalid_argument);
  return parsed.error().text;
}

TEST(stats_query, without_parameters_asks_for_everything) {
  const auto query = parse_stats_query("", now).value();
  EXPECT_FALSE(query.from);
  EXPECT_EQ(query.granularity, usage_period::all);
  EXPECT_EQ(query.group_by, usage_group::none);
  EXPECT_EQ(query.page, 1u);
  EXPECT_EQ(query.page_size, 100u);
}

TEST(stats_query, reads_every_parameter) {
  const auto query = parse_stats_query(
                         "from=7d&to=2026-11-24T05:00&granularity=day&groupBy=model&key=a&key=b%20c"
                         "&account=x&model=claude+4&platform=gemini&tag=t&top=5&page=2&pageSize=10",
                         now)
                         .value();
  EXPECT_EQ(query.from, now - std::chrono::days(7));
  EXPECT_EQ(query.to, now + std::chrono::hours(5));
  EXPECT_EQ(query.granularity, usage_period::day);
  EXPECT_EQ(query.group_by, usage_group::model);
  EXPECT_EQ(query.keys, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(query.accounts, std::vector<std::string>{"x"});
  EXPECT_EQ(query.models, std::vector<std::string>{"claude 4"});
  EXPECT_EQ(query.platforms, std::vector<std::string>{"gemini"});
  EXPECT_EQ(query.tags, std::vector<std::string>{"t"});
  EXPECT_EQ(query.top, 5u);
  EXPECT_EQ(query.page, 2u);
  EXPECT_EQ(query.page_size, 10u);
}

TEST(stats_query, tags_are_sums_of_keys) {
  const auto query = parse_stats_query("groupBy=tag", now).value();
  EXPECT_TRUE(query.by_tag);
  EXPECT_EQ(query.group_by, usage_group::key);
}

TEST(stats_query, refusals_name_the_parameter_and_what_is_allowed) {
  EXPECT_EQ(refusal("granularity=week"), "granularity: allowed: hour, day, month, all");
  EXPECT_EQ(refusal("groupBy=Model"), "groupBy: allowed: none, key, account, model, platform, tag");
  EXPECT_EQ(refusal("top=-1"), "top: allowed: a whole number from 0 to 1000");
  EXPECT_EQ(refusal("pageSize=0"), "pageSize: allowed: a whole number from 1 to 1000");
  EXPECT_EQ(refusal("page=18446744073709551616"),
            "page: allowed: a whole number from 1 to 1000000");
  EXPECT_TRUE(refusal("from=soon").starts_with("from: is no time; allowed: 2026-11-01"));
  EXPECT_EQ(refusal("from=today&to=yesterday"), "from: must be before to");
  EXPECT_EQ(refusal("from=today&to=today"), "from: must be before to");
  EXPECT_EQ(refusal("top=1&top=2"), "top: is given twice");
  EXPECT_TRUE(refusal("group_by=key").starts_with("'group_by' is no parameter; allowed: from, to"));
}

TEST(stats_query, hostile_ones_are_refused) {
  EXPECT_EQ(refusal("key="), "key: allowed: 1 to 256 bytes without control characters");
  EXPECT_NE(refusal("key"), "none");
  EXPECT_NE(refusal("model=a%00b"), "none");
  EXPECT_NE(refusal("key=" + std::string(257, 'a')), "none");
  EXPECT_NE(refusal(std::string(16 * 1024 + 1, '&')), "none");
  EXPECT_EQ(refusal(std::string(16 * 1024, '&')), "none");
  std::string many;
  for (int i = 0; i < 201; ++i) many += "key=k&";
  EXPECT_EQ(refusal(many), "key: may be given 200 times at most");
  EXPECT_EQ(refusal("%0a%1b[31m" + std::string(100, 'x') + "=1").find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace baton::relay
