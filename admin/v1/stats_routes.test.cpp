#include "admin/api_fixture.test.hpp"
#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

class v1_stats : public api_test {
 protected:
  void SetUp() override {
    api_test::SetUp();
    key_ = make_key({{"name", "k"}}).at("id");
    add_usage("claude-sonnet-4-5", 3, now_.wall);
    add_usage("claude-opus-4-5", 4, now_.wall);
    add_usage("claude-opus-4-5", 5, now_.wall - std::chrono::days(60));
    found_.flushed = result<void>();
    found_.accounts = std::vector<relay::account_report>();
  }

  void add_usage(const std::string& model, std::int64_t requests, wall_time when) {
    storage::usage_row row{key_id(key_), account_id("a"), "claude-console", model,
                           std::chrono::floor<std::chrono::hours>(when)};
    row.requests = requests;
    row.tokens.input = 10 * requests;
    row.cost_nanousd = row.rated_nanousd = 1'000'000'000 * requests;
    store_->add_usage(std::span(&row, 1), std::nullopt).value();
  }

  std::string key_;
};

TEST_F(v1_stats, a_dashboard_has_an_overview) {
  make_account("a");
  const auto told = get("/admin/dashboard");
  ASSERT_EQ(told.status, 200) << told.text;
  const auto& data = told.body.at("data");
  EXPECT_EQ(data.at("overview").at("totalApiKeys"), 1);
  EXPECT_EQ(data.at("overview").at("activeApiKeys"), 1);
  EXPECT_EQ(data.at("overview").at("totalAccounts"), 1);
  EXPECT_EQ(data.at("overview").at("abnormalAccounts"), 1) << "nobody knows it yet";
  EXPECT_EQ(data.at("overview").at("totalRequestsUsed"), 12);
  EXPECT_EQ(data.at("overview").at("totalTokensUsed"), 120);
  EXPECT_EQ(data.at("recentActivity").at("requestsToday"), 7);
  EXPECT_EQ(data.at("recentActivity").at("inputTokensToday"), 70);
  EXPECT_EQ(data.at("recentActivity").at("apiKeysCreatedToday"), 1);
  EXPECT_GT(data.at("systemAverages").at("rpm"), 0);
  EXPECT_GE(data.at("realtimeMetrics").at("windowMinutes"), 60);
  EXPECT_EQ(data.at("systemTimezone"), 0);
}

TEST_F(v1_stats, what_has_ended_is_in_the_sums_first) {
  found_.flushed.reset();
  for (const auto* path : {"/admin/dashboard", "/admin/usage-stats", "/admin/model-stats"}) {
    EXPECT_TRUE(get(path).missing) << path;
  }
  found_.flushed = internal_error(error_code::storage_failed, "the disk is full");
  EXPECT_EQ(get("/admin/model-stats").status, 503);
}

TEST_F(v1_stats, usage_is_told_by_key) {
  const auto told = get("/admin/usage-stats?period=daily").body.at("data");
  EXPECT_EQ(told.at("period"), "daily");
  ASSERT_EQ(told.at("stats").size(), 1u);
  EXPECT_EQ(told.at("stats").at(0).at("keyId"), key_);
  EXPECT_EQ(told.at("stats").at(0).at("usage").at("requests"), 7);
  const auto all = get("/admin/usage-stats?period=all").body.at("data");
  EXPECT_EQ(all.at("stats").at(0).at("usage").at("requests"), 12);
}

TEST_F(v1_stats, usage_is_told_by_model) {
  const auto told = get("/admin/model-stats?period=daily").body.at("data");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told.at(0).at("model"), "claude-opus-4-5");
  EXPECT_EQ(told.at(0).at("requests"), 4);
  EXPECT_EQ(told.at(0).at("costs").at("total"), 4.0);
  EXPECT_EQ(told.at(0).at("formatted").at("total"), "$4.000000");
  const auto day = spell_timestamp(now_.wall).substr(0, 10);
  const auto dates = get("/admin/model-stats?startDate=" + day + "&endDate=" + day);
  EXPECT_EQ(dates.body.at("data").size(), 2u) << "the end's day belongs to it";
  EXPECT_EQ(get("/admin/model-stats?period=hourly").status, 400);
  EXPECT_EQ(get("/admin/model-stats?startDate=soon").status, 400);
}

}  // namespace
}  // namespace baton::admin
