#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

class stats_routes : public api_test {
 protected:
  void SetUp() override {
    api_test::SetUp();
    key_ = make_key({{"name", "k"}, {"tags", {"team"}}}).at("id");
    add_usage(key_, "claude-sonnet-4-5", 3);
    add_usage(key_, "claude-opus-4-5", 1);
    add_usage("another", "claude-opus-4-5", 5);
    found_.flushed = result<void>();
  }

  void add_usage(const std::string& key, const std::string& model, std::int64_t requests) {
    storage::usage_row row{key_id(key), account_id("a"), "claude-console", model,
                           std::chrono::floor<std::chrono::hours>(now_.wall)};
    row.requests = requests;
    row.tokens.input = 10 * requests;
    row.cost_nanousd = row.rated_nanousd = 1'000'000'000 * requests;
    store_->add_usage(std::span(&row, 1), std::nullopt).value();
  }

  std::string key_;
};

TEST_F(stats_routes, what_has_ended_is_in_the_sums_first) {
  found_.flushed.reset();
  const auto asked = get("/api/v2/stats/usage");
  ASSERT_TRUE(asked.missing);
  EXPECT_TRUE(std::holds_alternative<flush_usage>(*asked.missing));
  found_.flushed = internal_error(error_code::storage_failed, "the disk is full");
  EXPECT_EQ(get("/api/v2/stats/usage").status, 503);
}

TEST_F(stats_routes, usage_is_told_by_group_and_time) {
  const auto told = get("/api/v2/stats/usage?groupBy=model&granularity=day&from=today");
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("items").size(), 2u);
  EXPECT_EQ(told.body.at("total").at("requests"), 9);
  const auto one = get("/api/v2/stats/usage?key=k");
  EXPECT_EQ(one.body.at("total").at("requests"), 4);
  EXPECT_EQ(get("/api/v2/stats/usage?tag=team").body.at("total").at("requests"), 4);
  EXPECT_EQ(get("/api/v2/stats/usage?tag=nobody").status, 404);
  EXPECT_EQ(get("/api/v2/stats/usage?key=nobody").status, 404);
  EXPECT_EQ(get("/api/v2/stats/usage?granularity=week").status, 400);
}

TEST_F(stats_routes, cost_is_told_exactly) {
  const auto told = get("/api/v2/stats/cost?groupBy=key&top=1");
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("items").at(0).at("costUsd"), "5");
  EXPECT_EQ(told.body.at("items").at(1).at("rest"), true);
  EXPECT_EQ(told.body.at("total").at("costUsd"), "9");
}

TEST_F(stats_routes, a_keys_usage_is_told_by_model) {
  for (const auto& path : {"/api/v2/stats/keys/" + key_, "/api/v2/keys/" + key_ + "/stats"}) {
    const auto told = get(path);
    ASSERT_EQ(told.status, 200) << told.text;
    EXPECT_EQ(told.body.at("id"), key_);
    EXPECT_EQ(told.body.at("total").at("requests"), 4);
    EXPECT_EQ(told.body.at("models").size(), 2u);
  }
  EXPECT_EQ(get("/api/v2/stats/keys/nobody").status, 404);
}

TEST_F(stats_routes, single_requests_are_told_by_page) {
  const auto told = get("/api/v2/stats/requests?key=k&limit=10&before=5");
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("items"), json::array());
  EXPECT_TRUE(told.body.at("next").is_null());
  EXPECT_EQ(get("/api/v2/stats/requests?limit=0").status, 400);
  EXPECT_EQ(get("/api/v2/stats/requests?granularity=day").status, 400);
}

}  // namespace
}  // namespace baton::admin
