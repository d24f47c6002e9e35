// What the sessions of one worker share. Made by the server for each worker, outlives its sessions,
// belongs to the worker's thread.
#pragma once

#include <cstddef>
#include <string>

#include "actors/worker_view.hpp"
#include "base/event_loop.hpp"
#include "metrics/relay_metrics.hpp"
#include "net/body_buffer.hpp"
#include "net/deadline_sweep.hpp"
#include "net/relay_scratch.hpp"
#include "net/relay_settings.hpp"
#include "net/running_requests.hpp"
#include "net/upstream_pool.hpp"

namespace baton::net {

class worker_context {
 public:
  worker_context(event_loop& owner, std::size_t worker_index, const relay_settings& configured,
                 metrics::relay_metrics& counters);

  event_loop& loop;
  const std::size_t index;
  const relay_settings& settings;
  metrics::relay_metrics& metrics;
  deadline_sweep deadlines;
  upstream_pool pool;
  byte_budget body_budget;
  scratch_pool scratch;
  running_requests running;
  actors::worker_view view;
  std::size_t connections = 0;  // open client connections

  // Unique over all workers and runs: "req_" + 24 hex digits.
  std::string next_request_id();

 private:
  std::string id_prefix_;
  std::uint32_t id_counter_ = 0;
};

}  // namespace baton::net
