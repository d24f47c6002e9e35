// The only one that touches the SQLite store while the server runs: a detached actor, since every
// call may block. Its queue is bounded by its callers: each worker's aggregator keeps at most one
// append on its way.
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "actors/admin_messages.hpp"
#include "actors/messages.hpp"
#include "metrics/relay_metrics.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/store.hpp"

namespace baton::actors {

struct storage_settings {
  std::chrono::milliseconds keep_hours = std::chrono::hours(180 * 24);  // sums of usage
  std::chrono::milliseconds keep_days = std::chrono::hours(730 * 24);
};

class storage_actor final : public caf::event_based_actor {
 public:
  // `ledger`: of the records that the store's sums are held against.
  storage_actor(caf::actor_config& config, std::unique_ptr<storage::store> store,
                storage::ledger_reader ledger, const storage_settings& settings,
                metrics::relay_metrics& metrics);

  const char* name() const override { return "storage"; }
  caf::behavior make_behavior() override;
  // An actor lives as long as somebody holds its handle, so two that hold one another must let go.
  void on_exit() override;

 private:
  void subscribe(const subscribe_directory& order);
  void activate(const activate_key& order);
  void publish_directory();
  void publish_changes();
  caf::result<directory_reloaded> reload();
  void reload_for_all();
  void poll();
  void remove_old_usage();
  void check_usage();

  std::unique_ptr<storage::store> store_;
  storage::ledger_reader ledger_;
  const storage_settings settings_;
  metrics::relay_metrics& metrics_;
  std::vector<caf::actor> subscribers_;
  std::optional<std::int64_t> published_;         // the version of the directory that they know
  std::vector<caf::response_promise> reloading_;  // who waits for the next reload
  result<void> last_outcome_;                     // of the newest call: what readiness tells
};

// Spawns it on a thread of its own.
caf::actor spawn_storage(caf::actor_system& system, std::unique_ptr<storage::store> store,
                         storage::ledger_reader ledger, const storage_settings& settings,
                         metrics::relay_metrics& metrics);

}  // namespace baton::actors
