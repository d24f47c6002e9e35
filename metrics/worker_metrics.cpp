#include "metrics/worker_metrics.hpp"

#include <algorithm>
#include <limits>

namespace baton::metrics {

family::family(std::string name, std::string help)
    : name_(std::move(name)), help_(std::move(help)) {}

prometheus::MetricFamily family::described(prometheus::MetricType type) const {
  return {name_, help_, type, {}};
}

counter_family::counter_family(std::string name, std::string help, prometheus::MetricType type,
                               std::size_t workers, std::vector<label_dimension> dimensions)
    : family(std::move(name), std::move(help)), type_(type), dimensions_(std::move(dimensions)) {
  for (const auto& dimension : dimensions_) series_ *= dimension.values.size();
  for (std::size_t worker = 0; worker < workers; ++worker) {
    shards_.push_back(std::make_unique<cell[]>(series_));
  }
}

void counter_family::add(std::size_t worker, std::initializer_list<std::size_t> indexes,
                         std::int64_t n) {
  std::size_t flat = 0;
  auto dimension = dimensions_.begin();
  for (const auto index : indexes) flat = flat * (dimension++)->values.size() + index;
  shards_[worker][flat].add(n);
}

prometheus::MetricFamily counter_family::collect() const {
  auto collected = described(type_);
  for (std::size_t flat = 0; flat < series_; ++flat) {
    std::int64_t sum = 0;
    for (const auto& shard : shards_) sum += shard[flat].load();
    if (sum == 0 && !dimensions_.empty()) continue;
    prometheus::ClientMetric metric;
    auto rest = flat;
    for (auto dimension = dimensions_.rbegin(); dimension != dimensions_.rend(); ++dimension) {
      const auto& value = dimension->values[rest % dimension->values.size()];
      metric.label.insert(metric.label.begin(), {dimension->name, value});
      rest /= dimension->values.size();
    }
    (type_ == prometheus::MetricType::Gauge ? metric.gauge.value : metric.counter.value) =
        static_cast<double>(sum);
    collected.metric.push_back(std::move(metric));
  }
  return collected;
}

histogram_family::histogram_family(std::string name, std::string help, std::size_t workers,
                                   std::vector<std::int64_t> bounds_us)
    : family(std::move(name), std::move(help)), bounds_us_(std::move(bounds_us)) {
  for (std::size_t worker = 0; worker < workers; ++worker) {
    shards_.push_back(std::make_unique<cell[]>(bounds_us_.size() + 2));
  }
}

void histogram_family::observe(std::size_t worker, std::int64_t microseconds) {
  const auto bucket = std::lower_bound(bounds_us_.begin(), bounds_us_.end(), microseconds);
  auto& shard = shards_[worker];
  shard[static_cast<std::size_t>(bucket - bounds_us_.begin())].add(1);
  shard[bounds_us_.size() + 1].add(microseconds);
}

prometheus::MetricFamily histogram_family::collect() const {
  auto collected = described(prometheus::MetricType::Histogram);
  prometheus::ClientMetric metric;
  std::uint64_t cumulative = 0;
  for (std::size_t bucket = 0; bucket <= bounds_us_.size(); ++bucket) {
    for (const auto& shard : shards_)
      cumulative += static_cast<std::uint64_t>(shard[bucket].load());
    const bool last = bucket == bounds_us_.size();
    metric.histogram.bucket.push_back(
        {cumulative, last ? std::numeric_limits<double>::infinity()
                          : static_cast<double>(bounds_us_[bucket]) / 1e6});
  }
  std::int64_t sum_us = 0;
  for (const auto& shard : shards_) sum_us += shard[bounds_us_.size() + 1].load();
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = static_cast<double>(sum_us) / 1e6;
  collected.metric.push_back(std::move(metric));
  return collected;
}

}  // namespace baton::metrics
