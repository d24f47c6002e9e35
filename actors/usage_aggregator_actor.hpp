// What happens when a request has ended: it is counted in the metrics, gets its line in the log,
// and its record goes to the ledger. One per worker, so that ending a request is a message on the
// same thread; log lines and records go out in batches.
//
// At most one batch is on its way to the ledger. While that cannot be written, records are kept
// here up to a bound; what does not fit any more is lost, and the metric that counts it says so.
#pragma once

#include <caf/response_promise.hpp>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/usage_batch.hpp"
#include "metrics/relay_metrics.hpp"

namespace baton::actors {

class usage_aggregator_actor final : public runtime::pinned_actor {
 public:
  // `at_once`: what has ended is written without waiting for more (strict durability).
  usage_aggregator_actor(caf::actor_config& config, runtime::worker& home, caf::actor ledger,
                         bool at_once, metrics::relay_metrics& metrics);

  const char* name() const override { return "usage_aggregator"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  void take_in(const relay::request_record& ended);
  caf::result<record_written> write_first(const relay::request_record& ended);
  // False: there is no room, and it is lost.
  bool collect(const relay::request_record& ended);
  void count(const relay::request_record& ended);
  void log_line(const relay::request_record& ended);
  void schedule_flush(std::chrono::milliseconds delay);
  void flush();
  void write();
  void send_batch();
  void on_written(const ledger_appended& reply);
  void on_failed(const error& reason);
  void await_counted();
  void answer_flushed(const result<void>& outcome);
  void publish(const std::vector<storage::usage_row>& rows);

  const caf::actor ledger_;
  const bool at_once_;
  metrics::relay_metrics& metrics_;
  usage_collector collected_;
  std::shared_ptr<const usage_batch> on_the_way_;  // null: none
  std::string log_lines_;                          // written out before they exceed a fixed size
  bool flush_scheduled_ = false;
  std::vector<caf::response_promise> held_answers_;        // whose records are collected
  std::vector<caf::response_promise> answers_on_the_way_;  // whose records are in the batch
  std::vector<caf::response_promise> announced_;           // for flush_now to take up
  std::vector<caf::response_promise> waiting_;             // for flush_usage
  std::unordered_set<std::string> labelled_models_;        // bounded; others count as "other"
};

}  // namespace baton::actors
