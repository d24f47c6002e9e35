// What happens when a request has ended: it is counted in the metrics, gets its line in the log,
// and its usage is added up and stored. One per worker, so that ending a request is a message on
// the same thread; log lines and usage go out in batches.
//
// At most one batch is on its way to the store. While the store is slow or down, usage goes on
// being added up here and nothing is lost; only the process's end could lose it.
#pragma once

#include <caf/response_promise.hpp>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "actors/messages.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/usage_tally.hpp"
#include "metrics/relay_metrics.hpp"

namespace baton::actors {

class usage_aggregator_actor final : public runtime::pinned_actor {
 public:
  // `scheduler`, of the same worker, passes on to the accounts what was used of them.
  usage_aggregator_actor(caf::actor_config& config, runtime::worker& home, caf::actor storage,
                         caf::actor scheduler, metrics::relay_metrics& metrics);

  const char* name() const override { return "usage_aggregator"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  void take_in(const relay::request_record& ended);
  void count(const relay::request_record& ended);
  void log_line(const relay::request_record& ended);
  void schedule_flush(std::chrono::milliseconds delay);
  void flush();
  void store();
  void on_stored(const std::shared_ptr<const std::vector<storage::usage_row>>& rows,
                 const result<void>& outcome);
  void answer_flushed(const result<void>& outcome);
  void tell_accounts(const std::vector<storage::usage_row>& rows);
  void publish_tokens(const std::vector<storage::usage_row>& rows);

  const caf::actor storage_;
  caf::actor scheduler_;
  metrics::relay_metrics& metrics_;
  usage_tally tally_;
  std::string log_lines_;  // written out before they exceed a fixed size
  bool flush_scheduled_ = false;
  bool storing_ = false;
  std::vector<caf::response_promise> announced_;     // for flush_now to take up
  std::vector<caf::response_promise> waiting_;       // for flush_usage
  std::unordered_set<std::string> labelled_models_;  // bounded; others count as "other"
};

}  // namespace baton::actors
