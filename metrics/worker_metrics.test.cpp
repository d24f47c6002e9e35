#include "metrics/worker_metrics.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

namespace baton::metrics {
namespace {

using prometheus::MetricType;

counter_family requests(std::size_t workers, MetricType type = MetricType::Counter) {
  return {"requests_total",
          "Requests.",
          type,
          workers,
          {{"route", {"a", "b", "c"}}, {"outcome", {"good", "bad"}}}};
}

double value_of(const prometheus::MetricFamily& collected, const std::string& route,
                const std::string& outcome) {
  for (const auto& metric : collected.metric) {
    EXPECT_EQ(metric.label.size(), 2u);
    if (metric.label[0].value == route && metric.label[1].value == outcome) {
      EXPECT_EQ(metric.label[0].name, "route");
      EXPECT_EQ(metric.label[1].name, "outcome");
      return collected.type == MetricType::Gauge ? metric.gauge.value : metric.counter.value;
    }
  }
  return -1;
}

TEST(counter_family, adds_up_what_the_workers_counted) {
  auto family = requests(3);
  family.add(0, {1, 0});
  family.add(1, {1, 0}, 10);
  family.add(2, {1, 0}, 100);
  family.add(2, {2, 1});
  const auto collected = family.collect();
  EXPECT_EQ(collected.name, "requests_total");
  EXPECT_EQ(collected.type, MetricType::Counter);
  EXPECT_EQ(value_of(collected, "b", "good"), 111);
  EXPECT_EQ(value_of(collected, "c", "bad"), 1);
}

TEST(counter_family, keeps_every_combination_of_labels_apart) {
  auto family = requests(1);
  const char* routes[] = {"a", "b", "c"};
  const char* outcomes[] = {"good", "bad"};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t o = 0; o < 2; ++o) {
      family.add(0, {r, o}, static_cast<std::int64_t>(10 * r + o + 1));
    }
  }
  const auto collected = family.collect();
  EXPECT_EQ(collected.metric.size(), 6u);
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t o = 0; o < 2; ++o) {
      EXPECT_EQ(value_of(collected, routes[r], outcomes[o]), static_cast<double>(10 * r + o + 1));
    }
  }
}

TEST(counter_family, leaves_out_what_never_happened) {
  auto family = requests(2);
  EXPECT_TRUE(family.collect().metric.empty());
  family.add(1, {0, 0});
  EXPECT_EQ(family.collect().metric.size(), 1u);
}

TEST(counter_family, without_labels_is_there_from_the_start) {
  counter_family streams("streams", "Streams.", MetricType::Gauge, 2, {});
  ASSERT_EQ(streams.collect().metric.size(), 1u);
  EXPECT_EQ(streams.collect().metric[0].gauge.value, 0);
  streams.add(0, {}, 3);
  streams.add(1, {}, -1);  // a gauge's parts may be below zero, their sum is what counts
  EXPECT_EQ(streams.collect().metric[0].gauge.value, 2);
}

TEST(counter_family, may_be_read_while_workers_write) {
  auto family = requests(2);
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    double last = -1;  // as long as there is no such series
    while (!stop) {
      const auto now = value_of(family.collect(), "a", "good");
      EXPECT_GE(now, last);
      last = std::max(last, now);
    }
  });
  std::thread writers[2];
  for (std::size_t worker = 0; worker < 2; ++worker) {
    writers[worker] = std::thread([&family, worker] {
      for (int n = 0; n < 100'000; ++n) family.add(worker, {0, 0});
    });
  }
  for (auto& writer : writers) writer.join();
  stop = true;
  reader.join();
  EXPECT_EQ(value_of(family.collect(), "a", "good"), 200'000);
}

TEST(histogram_family, counts_in_buckets_that_hold_all_the_smaller_ones) {
  histogram_family family("wait_seconds", "Waiting.", 2, {1'000, 10'000, 1'000'000});
  family.observe(0, 0);
  family.observe(0, 1'000);  // a bound belongs to its own bucket
  family.observe(1, 1'001);
  family.observe(1, 500'000);
  family.observe(1, 2'000'000);
  const auto collected = family.collect();
  ASSERT_EQ(collected.metric.size(), 1u);
  const auto& histogram = collected.metric[0].histogram;
  ASSERT_EQ(histogram.bucket.size(), 4u);
  const double bounds[] = {0.001, 0.01, 1, std::numeric_limits<double>::infinity()};
  const std::uint64_t counts[] = {2, 3, 4, 5};
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_DOUBLE_EQ(histogram.bucket[n].upper_bound, bounds[n]);
    EXPECT_EQ(histogram.bucket[n].cumulative_count, counts[n]);
  }
  EXPECT_EQ(histogram.sample_count, 5u);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, 2.502001);
}

TEST(histogram_family, of_nothing_is_all_zero) {
  const histogram_family family("wait_seconds", "Waiting.", 1, {1'000});
  const auto collected = family.collect();
  ASSERT_EQ(collected.metric.size(), 1u);
  EXPECT_EQ(collected.metric[0].histogram.sample_count, 0u);
  EXPECT_EQ(collected.metric[0].histogram.bucket.size(), 2u);
}

}  // namespace
}  // namespace baton::metrics
