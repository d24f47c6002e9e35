#include "metrics/relay_metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>

#include "base/limit_kind.hpp"
#include "metrics/process_metrics.hpp"

namespace baton::metrics {
namespace {

using prometheus::MetricType;

// Upper bounds in microseconds. Requests to a model take from milliseconds to minutes, Baton's own
// part from microseconds to milliseconds.
std::vector<std::int64_t> request_bounds_us() {
  return {5'000,     10'000,    25'000,    50'000,     100'000,    250'000,    500'000,
          1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000, 300'000'000};
}
std::vector<std::int64_t> overhead_bounds_us() {
  return {10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 50'000, 100'000};
}

std::vector<std::string> limit_names() {
  std::vector<std::string> names;
  for (std::size_t kind = 0; kind < limit_kind_count; ++kind) {
    names.emplace_back(to_string(static_cast<limit_kind>(kind)));
  }
  return names;
}

}  // namespace

relay_metrics::relay_metrics(std::size_t workers, relay_labels labels, bool per_key)
    : requests(
          "baton_requests_total", "Requests that ended, by how they ended.", MetricType::Counter,
          workers,
          {{"platform", labels.platforms}, {"route", labels.routes}, {"outcome", labels.outcomes}}),
      request_duration("baton_request_duration_seconds",
                       "From a relayed request's head to the end of its answer.", workers,
                       request_bounds_us()),
      overhead("baton_overhead_seconds",
               "Time in a relayed request that was not spent waiting for an upstream or a slot.",
               workers, overhead_bounds_us()),
      queue_wait("baton_queue_wait_seconds",
                 "How long requests that had to wait for a slot waited for it.", workers,
                 request_bounds_us()),
      time_to_first_event("baton_time_to_first_event_seconds",
                          "From a request's head to the first byte of its answer's body.", workers,
                          request_bounds_us()),
      failovers("baton_failovers_total",
                "Failed attempts after which another account was looked for.", MetricType::Counter,
                workers, {{"reason", labels.failure_kinds}}),
      live_streams("baton_live_streams", "Event streams being relayed now.", MetricType::Gauge,
                   workers, {}),
      live_connections("baton_client_connections", "Client connections open now.",
                       MetricType::Gauge, workers, {}),
      limit_rejections("baton_limit_rejections_total",
                       "Requests refused for a limit of their key, or of every account.",
                       MetricType::Counter, workers, {{"limit", limit_names()}}),
      client_aborts("baton_client_aborts_total",
                    "Requests whose client left before the answer was complete.",
                    MetricType::Counter, workers, {}),
      tls_handshake_failures("baton_tls_handshake_failures_total",
                             "Client connections that ended in their TLS handshake.",
                             MetricType::Counter, workers, {}),
      waiting("baton_waiting_requests", "Requests that wait for a slot now.", MetricType::Gauge,
              workers, {{"queue", {"accounts", "key"}}}),
      failure_kinds_(labels.failure_kinds),
      account_states_(labels.account_states),
      per_key_(per_key),
      tokens_(prometheus::BuildCounter()
                  .Name("baton_tokens_total")
                  .Help("Tokens used, in disjoint classes.")
                  .Register(growing_)),
      lost_usage_(prometheus::BuildCounter()
                      .Name("baton_usage_lost_requests_total")
                      .Help("Requests whose records neither disk nor memory had room for.")
                      .Register(growing_)
                      .Add({})),
      disagreements_(prometheus::BuildCounter()
                         .Name("baton_usage_disagreements_total")
                         .Help("Sums of usage that were not those of the ledger's records.")
                         .Register(growing_)
                         .Add({})),
      spool_bytes_(prometheus::BuildGauge()
                       .Name("baton_usage_spool_bytes")
                       .Help("Records in the ledger that the store has not counted yet.")
                       .Register(growing_)
                       .Add({})),
      unpriced_(prometheus::BuildCounter()
                    .Name("baton_unpriced_requests_total")
                    .Help("Billed requests whose model the prices in force do not have.")
                    .Register(growing_)),
      price_reloads_(prometheus::BuildCounter()
                         .Name("baton_price_reloads_total")
                         .Help("Prices read anew after the start, by whether they could be used.")
                         .Register(growing_)),
      certificate_reloads_(
          prometheus::BuildCounter()
              .Name("baton_certificate_reloads_total")
              .Help("Certificates read anew after the start, by whether they could be used.")
              .Register(growing_)),
      certificate_expiry_(prometheus::BuildGauge()
                              .Name("baton_certificate_expiry_timestamp_seconds")
                              .Help("When the certificate that clients are shown ends.")
                              .Register(growing_)),
      upstream_errors_(prometheus::BuildCounter()
                           .Name("baton_upstream_errors_total")
                           .Help("Failed attempts, by account and kind.")
                           .Register(growing_)),
      inflight_(prometheus::BuildGauge()
                    .Name("baton_account_inflight")
                    .Help("Slots taken of accounts with a concurrency limit.")
                    .Register(growing_)),
      states_(prometheus::BuildGauge()
                  .Name("baton_account_state")
                  .Help("1 for the state the account is in.")
                  .Register(growing_)) {}

void relay_metrics::add_tokens(const std::string& platform, const std::string& model,
                               std::string_view token_class, std::int64_t n) {
  if (n <= 0) return;
  tokens_.Add({{"platform", platform}, {"model", model}, {"class", std::string(token_class)}})
      .Increment(static_cast<double>(n));
}

void relay_metrics::add_cost(const std::string& platform, const std::string& model,
                             std::int64_t nanousd) {
  if (nanousd <= 0) return;
  std::lock_guard lock(cost_guard_);
  auto& sum = cost_nanousd_[{platform, model}];
  sum += std::min(nanousd, std::numeric_limits<std::int64_t>::max() - sum);
}

prometheus::MetricFamily relay_metrics::collect_cost() const {
  prometheus::MetricFamily collected{"baton_cost_usd_total",
                                     "What the tokens used cost at the prices in force, in USD.",
                                     MetricType::Counter,
                                     {}};
  std::lock_guard lock(cost_guard_);
  for (const auto& [labels, nanousd] : cost_nanousd_) {
    prometheus::ClientMetric metric;
    metric.label = {{"platform", labels.first}, {"model", labels.second}};
    metric.counter.value = static_cast<double>(nanousd) / 1e9;
    collected.metric.push_back(std::move(metric));
  }
  return collected;
}

void relay_metrics::add_unpriced(const std::string& platform, std::int64_t requests) {
  if (requests > 0)
    unpriced_.Add({{"platform", platform}}).Increment(static_cast<double>(requests));
}

void relay_metrics::add_price_reload(bool loaded) {
  price_reloads_.Add({{"result", loaded ? "loaded" : "failed"}}).Increment();
}

void relay_metrics::add_certificate_reload(std::string_view setting, bool loaded) {
  certificate_reloads_
      .Add({{"setting", std::string(setting)}, {"result", loaded ? "loaded" : "failed"}})
      .Increment();
}

void relay_metrics::certificate_expiry(std::string_view setting, std::int64_t seconds_since_1970) {
  certificate_expiry_.Add({{"setting", std::string(setting)}})
      .Set(static_cast<double>(seconds_since_1970));
}

void relay_metrics::add_key_usage(const std::string& key, std::int64_t requests,
                                  std::int64_t tokens) {
  if (!per_key_) return;
  prometheus::BuildCounter()
      .Name("baton_key_requests_total")
      .Help("Message requests by key, if metrics.per_key is on.")
      .Register(growing_)
      .Add({{"key", key}})
      .Increment(static_cast<double>(requests));
  prometheus::BuildCounter()
      .Name("baton_key_tokens_total")
      .Help("Tokens of all classes by key, if metrics.per_key is on.")
      .Register(growing_)
      .Add({{"key", key}})
      .Increment(static_cast<double>(tokens));
}

void relay_metrics::add_lost_usage(std::int64_t requests) {
  lost_usage_.Increment(static_cast<double>(requests));
}

void relay_metrics::add_usage_disagreements(std::uint64_t rows) {
  disagreements_.Increment(static_cast<double>(rows));
}

void relay_metrics::usage_spool_bytes(std::uint64_t n) {
  spool_bytes_.Set(static_cast<double>(n));
}

void relay_metrics::add_upstream_error(const std::string& account, std::string_view kind) {
  upstream_errors_.Add({{"account", account}, {"kind", std::string(kind)}}).Increment();
}

void relay_metrics::account_inflight(const std::string& account, std::int64_t n) {
  inflight_.Add({{"account", account}}).Set(static_cast<double>(n));
}

void relay_metrics::account_state(const std::string& account, std::string_view state) {
  for (const auto& known : account_states_) {
    states_.Add({{"account", account}, {"state", known}}).Set(known == state ? 1 : 0);
  }
}

void relay_metrics::forget_account(const std::string& account) {
  for (const auto& kind : failure_kinds_) {
    upstream_errors_.Remove(&upstream_errors_.Add({{"account", account}, {"kind", kind}}));
  }
  inflight_.Remove(&inflight_.Add({{"account", account}}));
  for (const auto& known : account_states_) {
    states_.Remove(&states_.Add({{"account", account}, {"state", known}}));
  }
}

std::string relay_metrics::text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const family* each : std::initializer_list<const family*>{
           &requests, &request_duration, &overhead, &queue_wait, &time_to_first_event, &failovers,
           &live_streams, &live_connections, &limit_rejections, &waiting, &client_aborts,
           &tls_handshake_failures}) {
    families.push_back(each->collect());
  }
  families.push_back(collect_cost());
  for (auto& each : growing_.Collect()) families.push_back(std::move(each));
  for (auto& each : collect_process_metrics()) families.push_back(std::move(each));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace baton::metrics
