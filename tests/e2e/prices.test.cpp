// What requests are counted to cost: by which prices, while these change, and at which rates.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/baton_process.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

constexpr std::int64_t million = 1'000'000;

class prices : public relay_fixture {
 protected:
  prices() { settings.pricing.file = (folder_ / "prices.json").string(); }

  // One model, at so many USD for a million tokens of input, put in place as a whole.
  void put_price(std::string_view usd) {
    put("{\"claude-sonnet-4-5\": {\"input_cost_per_token\": " + std::string(usd) +
        "e-6, \"output_cost_per_token\": 0}}");
  }
  void put(const std::string& content) {
    const auto fresh = folder_ / "fresh.json";
    std::ofstream(fresh, std::ios::binary) << content;
    std::filesystem::rename(fresh, settings.pricing.file);
  }
  // Whether, soon, requests on every worker cost so much.
  bool each_costs(std::int64_t nanousd) {
    return eventually([&] {
      for (int i = 0; i < 8; ++i) {
        const auto before = settled();
        if (send_message(i % 2 == 0).status != 200) return false;
        if (settled().cost_nanousd - before.cost_nanousd != nanousd) return false;
      }
      return true;
    });
  }
  // The sums when everything is stored that has been answered.
  storage::usage_sum settled() {
    const auto answered = static_cast<std::int64_t>(upstream->stats().requests);
    EXPECT_TRUE(eventually([&] { return stored_usage().requests == answered; }));
    return stored_usage();
  }

 private:
  test_support::temp_dir folder_;
};

TEST_F(prices, of_a_file_that_is_replaced_hold_on_every_worker_without_a_restart) {
  settings.server.workers = 3;
  put_price("2");
  add_account("a", {.tokens = {.input = million, .output = 0}});
  start();
  EXPECT_TRUE(each_costs(2'000 * million));
  put_price("5");
  EXPECT_TRUE(each_costs(5'000 * million));
  put("{\"claude-sonnet-4-5\": {\"input_co");
  EXPECT_TRUE(metric_becomes(R"(baton_price_reloads_total{result="failed"})", 1));
  EXPECT_TRUE(each_costs(5'000 * million)) << "what cannot be read changes nothing";
  std::filesystem::remove(settings.pricing.file);
  EXPECT_TRUE(metric_becomes(R"(baton_price_reloads_total{result="failed"})", 2));
  put_price("7");
  EXPECT_TRUE(each_costs(7'000 * million));
}

TEST_F(prices, are_charged_at_the_rate_of_the_service) {
  put_price("2");
  settings.rates.claude = 1'250'000;
  settings.rates.bedrock = 9'000'000;
  add_account("a", {.tokens = {.input = million, .output = 0}});
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(settled().cost_nanousd, 2'000 * million);
  EXPECT_EQ(settled().rated_nanousd, 2'500 * million);
  EXPECT_TRUE(metric_becomes(
      R"(baton_cost_usd_total{platform="claude-console",model="claude-sonnet-4-5"})", 2));
}

TEST_F(prices, of_models_that_have_none_are_the_fallback_s) {
  put_price("2");
  add_account("a", {.tokens = {.input = million, .output = 0}});
  start();
  EXPECT_EQ(post("/v1/messages", message_body(false, "unheard-of")).status, 200);
  EXPECT_EQ(settled().cost_nanousd, 3'000 * million);
  EXPECT_EQ(settled().fallback_requests, 1);
  EXPECT_TRUE(metric_becomes(R"(baton_unpriced_requests_total{platform="claude-console"})", 1));
}

TEST_F(prices, that_cannot_be_read_are_told_at_the_start) {
  const auto refused = app::server::start(settings);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, testing::HasSubstr("pricing.file: "));
}

TEST_F(prices, are_read_anew_by_sighup) {
  put_price("2");
  baton_process process(settings);
  const auto shows = [&](std::string_view sample) {
    return eventually([&] {
      return test::get(process.port(), "/metrics").body.find(sample) != std::string::npos;
    });
  };
  process.send_signal(SIGHUP);
  EXPECT_TRUE(shows("baton_price_reloads_total{result=\"loaded\"} 1\n"));
  put("[]");
  process.send_signal(SIGHUP);
  EXPECT_TRUE(shows("baton_price_reloads_total{result=\"failed\"} "));
  EXPECT_EQ(test::get(process.port(), "/health").status, 200);
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0) << "it ends in order all the same";
}

}  // namespace
}  // namespace baton::e2e
