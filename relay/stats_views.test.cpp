#include "relay/stats_views.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace baton::relay {
namespace {

constexpr wall_time first = std::chrono::sys_days{std::chrono::year(2026) / 3 / 1};

usage_counts counts_of(std::int64_t requests) {
  usage_counts counts;
  counts.requests = requests;
  counts.tokens = {1, 2, 3, 4, 5, 6};
  counts.cost_nanousd = 1'500'000'001;
  counts.rated_nanousd = 750'000'000;
  counts.fallback_requests = 1;
  return counts;
}

usage_report report_of(std::size_t entries) {
  usage_report report;
  report.from = first;
  report.period = usage_period::day;
  report.group_by = "key";
  for (std::size_t i = 0; i < entries; ++i) {
    const auto number = std::to_string(i);
    report.entries.push_back({first, "id-" + number, "name-" + number, false, counts_of(1)});
  }
  report.total = total_of(report.entries);
  return report;
}

TEST(stats_views, tell_exact_money_and_every_class_of_tokens) {
  const auto view = usage_json(report_of(2));
  EXPECT_EQ(view.at("from"), "2026-03-01T00:00:00.000Z");
  EXPECT_TRUE(view.at("to").is_null());
  EXPECT_EQ(view.at("granularity"), "day");
  EXPECT_EQ(view.at("groupBy"), "key");
  const auto& item = view.at("items").at(1);
  EXPECT_EQ(item.at("start"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(item.at("group"), "id-1");
  EXPECT_EQ(item.at("name"), "name-1");
  EXPECT_EQ(item.at("costUsd"), "1.500000001");
  EXPECT_EQ(item.at("ratedCostUsd"), "0.75");
  EXPECT_EQ(item.at("fallbackRequests"), 1);
  EXPECT_EQ(item.at("tokens").at("cacheWrite1h"), 5);
  EXPECT_EQ(item.at("tokens").at("total"), 21);
  EXPECT_EQ(view.at("total").at("costUsd"), "3.000000002");
  EXPECT_EQ(view.at("itemCount"), 2);
}

TEST(stats_views, the_rest_and_what_is_not_grouped_have_no_name) {
  auto report = report_of(1);
  report.entries.push_back({first, "", "", true, counts_of(3)});
  EXPECT_TRUE(usage_json(report).at("items").at(1).at("group").is_null());
  EXPECT_EQ(usage_json(report).at("items").at(1).at("rest"), true);
  report.group_by = "none";
  report.period = usage_period::all;
  EXPECT_TRUE(usage_json(report).at("items").at(0).at("name").is_null());
  EXPECT_TRUE(usage_json(report).at("items").at(0).at("start").is_null());
}

TEST(stats_views, pages_never_pass_the_end) {
  const auto report = report_of(5);
  const auto page = [&](std::size_t number, std::size_t size) {
    return usage_json(report, {number, size}).at("items").size();
  };
  EXPECT_EQ(page(1, 2), 2u);
  EXPECT_EQ(page(3, 2), 1u);
  EXPECT_EQ(page(4, 2), 0u);
  EXPECT_EQ(page(0, 2), 2u);
  constexpr auto huge = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(page(huge, huge), 0u);
  EXPECT_EQ(page(1, huge), 5u);
  EXPECT_EQ(page(huge, 1), 0u);
  EXPECT_EQ(usage_json(usage_report{}).at("items").size(), 0u);
}

TEST(stats_views, costs_are_told_without_tokens) {
  const auto item = cost_json(report_of(1)).at("items").at(0);
  EXPECT_EQ(item.at("costUsd"), "1.500000001");
  EXPECT_FALSE(item.contains("tokens"));
}

TEST(stats_views, a_key_is_told_by_period_and_by_model) {
  auto models = report_of(1);
  models.group_by = "model";
  const auto view = key_stats_json("id", "laptop", report_of(3), models);
  EXPECT_EQ(view.at("name"), "laptop");
  EXPECT_EQ(view.at("items").size(), 3u);
  EXPECT_EQ(view.at("models").at(0).at("name"), "name-0");
  EXPECT_EQ(view.at("total").at("requests"), 3);
}

TEST(usage_report, a_key_counts_for_each_of_its_tags_once) {
  const std::vector<usage_entry> keys{{{}, "k1", "", false, counts_of(1)},
                                      {{}, "k2", "", false, counts_of(2)},
                                      {{}, "k3", "", false, counts_of(4)}};
  const auto tags_of = [](const std::string& id) -> std::vector<std::string> {
    if (id == "k1") return {"a", "b", "a"};
    if (id == "k2") return {"a"};
    return {};
  };
  const auto tags = by_tag(keys, 0, tags_of);
  ASSERT_EQ(tags.size(), 3u);
  EXPECT_EQ(tags[0].name, "a");
  EXPECT_EQ(tags[0].counts.requests, 3);
  EXPECT_EQ(tags[1].name, "(no tag)");
  EXPECT_EQ(tags[1].counts.requests, 4);
  EXPECT_EQ(tags[2].counts.requests, 1);
  const auto top = by_tag(keys, 1, tags_of);
  ASSERT_EQ(top.size(), 2u);
  EXPECT_TRUE(top[1].is_rest);
  EXPECT_EQ(top[1].counts.requests, 5);
}

}  // namespace
}  // namespace baton::relay
