// Counters, gauges and histograms that each worker writes for itself: an update is a plain load and
// store in the worker's own memory, without a lock or an atomic read-modify-write. The shards are
// added up when Prometheus scrapes, from whichever thread that happens on.
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace baton::metrics {

// A number with one writing thread and any number of reading ones.
class cell {
 public:
  void add(std::int64_t n) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::int64_t load() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// A label and every value it can take: sets are bounded by construction.
struct label_dimension {
  std::string name;
  std::vector<std::string> values;
};

// What can be scraped.
class family {
 public:
  family(std::string name, std::string help);
  virtual ~family() = default;
  virtual prometheus::MetricFamily collect() const = 0;

 protected:
  prometheus::MetricFamily described(prometheus::MetricType type) const;

 private:
  std::string name_;
  std::string help_;
};

// One number per worker and combination of label values, exposed as a counter or a gauge. Series
// that were never touched are left out.
class counter_family final : public family {
 public:
  counter_family(std::string name, std::string help, prometheus::MetricType type,
                 std::size_t workers, std::vector<label_dimension> dimensions);

  // `indexes`: one per dimension, into its values.
  void add(std::size_t worker, std::initializer_list<std::size_t> indexes, std::int64_t n = 1);

  prometheus::MetricFamily collect() const override;

 private:
  prometheus::MetricType type_;
  std::vector<label_dimension> dimensions_;
  std::size_t series_ = 1;
  std::vector<std::unique_ptr<cell[]>> shards_;
};

// Durations in seconds, observed in microseconds.
class histogram_family final : public family {
 public:
  // `bounds_us`: upper bounds of the buckets, ascending, in microseconds.
  histogram_family(std::string name, std::string help, std::size_t workers,
                   std::vector<std::int64_t> bounds_us);

  void observe(std::size_t worker, std::int64_t microseconds);

  prometheus::MetricFamily collect() const override;

 private:
  std::vector<std::int64_t> bounds_us_;
  // Per worker: a cell per bucket, one for what is above all, one for the sum.
  std::vector<std::unique_ptr<cell[]>> shards_;
};

}  // namespace baton::metrics
