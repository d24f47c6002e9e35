// Every metric of the relay, by name. Made once, shared by all workers; the families say which
// thread may write (worker_metrics.hpp). The label values that depend on the platforms and routes
// come from whoever makes it, so that this folder knows none of them.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/worker_metrics.hpp"

namespace baton::metrics {

struct relay_labels {
  std::vector<std::string> platforms;  // the last one is "none": no account was reached
  std::vector<std::string> routes;     // the last one is "other"
  std::vector<std::string> outcomes;
  std::vector<std::string> failure_kinds;
  std::vector<std::string> account_states;
};

class relay_metrics {
 public:
  // `per_key`: whether keys get series of their own.
  relay_metrics(std::size_t workers, relay_labels labels, bool per_key = false);

  counter_family requests;  // platform, route, outcome
  histogram_family request_duration;
  histogram_family overhead;  // Baton's own time in a request
  histogram_family queue_wait;
  histogram_family time_to_first_event;
  counter_family failovers;         // reason
  counter_family live_streams;      // gauge
  counter_family live_connections;  // gauge
  counter_family limit_rejections;  // limit
  counter_family client_aborts;
  counter_family tls_handshake_failures;  // of clients
  counter_family waiting;                 // gauge; queue

  // Label sets that grow with the configuration (accounts, models). Updated a few times a second at
  // most, so that prometheus-cpp's own locking does not matter. Any thread.
  void add_tokens(const std::string& platform, const std::string& model,
                  std::string_view token_class, std::int64_t n);
  // Kept in nano-USD, so that the sum is exact; only what is shown is in USD.
  void add_cost(const std::string& platform, const std::string& model, std::int64_t nanousd);
  // Requests whose model the prices do not have.
  void add_unpriced(const std::string& platform, std::int64_t requests);
  void add_price_reload(bool loaded);
  // `setting`: which of the listeners' certificates.
  void add_certificate_reload(std::string_view setting, bool loaded);
  void certificate_expiry(std::string_view setting, std::int64_t seconds_since_1970);
  // By the key's id; does nothing unless keys are to have series.
  void add_key_usage(const std::string& key, std::int64_t requests, std::int64_t tokens);
  // Requests whose records could not be kept any more.
  void add_lost_usage(std::int64_t requests);
  void add_usage_disagreements(std::uint64_t rows);
  void usage_spool_bytes(std::uint64_t n);
  void add_upstream_error(const std::string& account, std::string_view kind);
  void account_inflight(const std::string& account, std::int64_t n);
  void account_state(const std::string& account, std::string_view state);
  // All series of an account that is no more; without it every account there ever was would stay.
  void forget_account(const std::string& account);

  // The exposition (Prometheus text format 0.0.4). Any thread.
  std::string text() const;

 private:
  prometheus::MetricFamily collect_cost() const;

  const std::vector<std::string> failure_kinds_;
  const std::vector<std::string> account_states_;
  prometheus::Registry growing_;
  const bool per_key_;
  prometheus::Family<prometheus::Counter>& tokens_;
  prometheus::Counter& lost_usage_;
  prometheus::Counter& disagreements_;
  prometheus::Gauge& spool_bytes_;
  prometheus::Family<prometheus::Counter>& unpriced_;
  prometheus::Family<prometheus::Counter>& price_reloads_;
  prometheus::Family<prometheus::Counter>& certificate_reloads_;
  prometheus::Family<prometheus::Gauge>& certificate_expiry_;
  prometheus::Family<prometheus::Counter>& upstream_errors_;
  prometheus::Family<prometheus::Gauge>& inflight_;
  prometheus::Family<prometheus::Gauge>& states_;
  mutable std::mutex cost_guard_;
  std::map<std::pair<std::string, std::string>, std::int64_t> cost_nanousd_;  // platform, model
};

}  // namespace baton::metrics
