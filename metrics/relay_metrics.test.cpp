#include "metrics/relay_metrics.hpp"

#include <gtest/gtest.h>

#include <string>

#include "metrics/exposition.test.hpp"

namespace baton::metrics {
namespace {

relay_labels labels() {
  return {{"claude-console", "none"},
          {"messages", "other"},
          {"completed", "refused"},
          {"connect", "rate_limited"},
          {"active", "full", "cooling_down"}};
}

class relaying : public ::testing::Test {
 protected:
  exposition read() const { return read_exposition(metrics_.text()); }
  relay_metrics metrics_{2, labels()};
};

TEST_F(relaying, nothing_that_happened_is_a_valid_text_already) {
  const auto text = read();
  EXPECT_EQ(text.types.at("baton_requests_total"), "counter");
  EXPECT_EQ(text.types.at("baton_request_duration_seconds"), "histogram");
  EXPECT_EQ(text.types.at("baton_live_streams"), "gauge");
  EXPECT_EQ(text.at("baton_live_streams"), 0);
  EXPECT_EQ(text.at("baton_request_duration_seconds_count"), 0);
}

TEST_F(relaying, everything_that_happened_is_in_the_text) {
  metrics_.requests.add(0, {0, 0, 0});
  metrics_.requests.add(1, {0, 0, 0}, 2);
  metrics_.requests.add(1, {1, 1, 1});
  metrics_.request_duration.observe(0, 30'000);
  metrics_.request_duration.observe(1, 400'000'000);
  metrics_.overhead.observe(0, 40);
  metrics_.failovers.add(0, {1});
  metrics_.live_streams.add(0, {}, 2);
  metrics_.live_streams.add(1, {}, -1);
  metrics_.add_tokens("claude-console", "opus", "input", 25);
  metrics_.add_tokens("claude-console", "opus", "input", 5);
  metrics_.add_cost("claude-console", "opus", 1'500'000'001);
  metrics_.add_cost("claude-console", "opus", 2);
  metrics_.add_cost("claude-console", "opus", -5);
  metrics_.add_unpriced("claude-console", 2);
  metrics_.add_unpriced("claude-console", 0);
  metrics_.add_price_reload(true);
  metrics_.add_price_reload(false);
  metrics_.add_upstream_error("main", "rate_limited");
  metrics_.account_inflight("main", 3);

  const auto text = read();
  const std::string requests = "baton_requests_total";
  EXPECT_EQ(
      text.at(requests + R"({platform="claude-console",route="messages",outcome="completed"})"), 3);
  EXPECT_EQ(text.at(requests + R"({platform="none",route="other",outcome="refused"})"), 1);
  EXPECT_EQ(text.at(R"(baton_request_duration_seconds_bucket{le="0.025"})"), 0);
  EXPECT_EQ(text.at(R"(baton_request_duration_seconds_bucket{le="0.05"})"), 1);
  EXPECT_EQ(text.at(R"(baton_request_duration_seconds_bucket{le="300"})"), 1);
  EXPECT_EQ(text.at(R"(baton_request_duration_seconds_bucket{le="+Inf"})"), 2);
  EXPECT_EQ(text.at("baton_request_duration_seconds_count"), 2);
  EXPECT_DOUBLE_EQ(text.at(R"(baton_cost_usd_total{platform="claude-console",model="opus"})"),
                   1.500000003);
  EXPECT_EQ(text.at(R"(baton_unpriced_requests_total{platform="claude-console"})"), 2);
  EXPECT_EQ(text.at(R"(baton_price_reloads_total{result="loaded"})"), 1);
  EXPECT_EQ(text.at(R"(baton_price_reloads_total{result="failed"})"), 1);
  EXPECT_DOUBLE_EQ(text.at("baton_request_duration_seconds_sum"), 400.03);
  EXPECT_EQ(text.at(R"(baton_failovers_total{reason="rate_limited"})"), 1);
  EXPECT_EQ(text.at("baton_live_streams"), 1);
  EXPECT_EQ(text.at(R"(baton_tokens_total{class="input",model="opus",platform="claude-console"})"),
            30);
  EXPECT_EQ(text.at(R"(baton_upstream_errors_total{account="main",kind="rate_limited"})"), 1);
  EXPECT_EQ(text.at(R"(baton_account_inflight{account="main"})"), 3);
}

TEST_F(relaying, waiting_is_counted_by_queue) {
  metrics_.waiting.add(0, {0}, 2);
  metrics_.waiting.add(1, {0}, -1);
  metrics_.waiting.add(1, {1}, 4);
  metrics_.queue_wait.observe(0, 2'000'000);
  const auto text = read();
  EXPECT_EQ(text.types.at("baton_waiting_requests"), "gauge");
  EXPECT_EQ(text.at(R"(baton_waiting_requests{queue="accounts"})"), 1);
  EXPECT_EQ(text.at(R"(baton_waiting_requests{queue="key"})"), 4);
  EXPECT_EQ(text.at("baton_queue_wait_seconds_count"), 1);
  EXPECT_DOUBLE_EQ(text.at("baton_queue_wait_seconds_sum"), 2);
}

TEST_F(relaying, buckets_of_every_histogram_are_cumulative) {
  for (int n = 0; n < 1000; ++n) {
    metrics_.request_duration.observe(static_cast<std::size_t>(n % 2), 1LL << (n % 30));
    metrics_.overhead.observe(static_cast<std::size_t>(n % 2), n * n);
  }
  for (const auto& collected : {metrics_.request_duration.collect(), metrics_.overhead.collect()}) {
    const auto& histogram = collected.metric.at(0).histogram;
    std::uint64_t last = 0;
    for (const auto& bucket : histogram.bucket) {
      EXPECT_GE(bucket.cumulative_count, last);
      last = bucket.cumulative_count;
    }
    EXPECT_EQ(last, 1000u);
    EXPECT_EQ(histogram.sample_count, 1000u);
  }
}

TEST_F(relaying, an_account_is_in_one_state_at_a_time) {
  const auto state = [&](const std::string& name) {
    return read().at(R"(baton_account_state{account="main",state=")" + name + "\"}");
  };
  metrics_.account_state("main", "cooling_down");
  EXPECT_EQ(state("cooling_down"), 1);
  EXPECT_EQ(state("active"), 0);
  metrics_.account_state("main", "active");
  EXPECT_EQ(state("cooling_down"), 0);
  EXPECT_EQ(state("active"), 1);
  EXPECT_EQ(state("full"), 0);
  metrics_.account_state("main", "a state without a name");
  for (const std::string name : {"active", "full", "cooling_down"}) EXPECT_EQ(state(name), 0);
  EXPECT_FALSE(read().has("a state without a name"));
}

TEST_F(relaying, an_account_that_is_no_more_leaves_nothing_behind) {
  for (const std::string name : {"gone", "stays"}) {
    metrics_.account_inflight(name, 1);
    metrics_.account_state(name, "full");
    metrics_.add_upstream_error(name, "connect");
  }
  metrics_.forget_account("gone");
  metrics_.forget_account("never there");
  const auto text = read();
  EXPECT_FALSE(text.has("gone"));
  EXPECT_FALSE(text.has("never there"));
  EXPECT_EQ(text.at(R"(baton_upstream_errors_total{account="stays",kind="connect"})"), 1);
  EXPECT_EQ(text.at(R"(baton_account_inflight{account="stays"})"), 1);
}

TEST_F(relaying, names_may_have_any_characters) {
  metrics_.account_inflight("a \"b\" \\ c\nd, {e} é", 1);
  metrics_.add_tokens("p", "model\"with\nquotes", "output", 1);
  const auto text = read();
  EXPECT_EQ(text.at("baton_account_inflight{account=\"a \\\"b\\\" \\\\ c\\nd, {e} é\"}"), 1);
}

TEST_F(relaying, no_tokens_make_no_series) {
  metrics_.add_tokens("claude-console", "opus", "cache_read", 0);
  metrics_.add_tokens("claude-console", "opus", "cache_read", -5);
  EXPECT_FALSE(read().has("baton_tokens_total"));
}

TEST_F(relaying, the_process_is_in_the_text) {
  const auto text = read();
  EXPECT_GT(text.at("process_resident_memory_bytes"), 1'000'000);
  EXPECT_GT(text.at("process_open_fds"), 2);
  EXPECT_GE(text.at("process_max_fds"), text.at("process_open_fds"));
  EXPECT_GT(text.at("process_start_time_seconds"), 1'600'000'000);
  EXPECT_GE(text.at("process_cpu_seconds_total"), 0);
  EXPECT_EQ(text.types.at("process_cpu_seconds_total"), "counter");
  EXPECT_TRUE(text.has("baton_build_info{version=\""));
}

}  // namespace
}  // namespace baton::metrics
