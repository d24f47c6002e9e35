// The only one that writes the ledger while the server runs, on a thread of its own: batches of
// records come from the workers' aggregators, several are written together, and with strict
// durability brought to the disk together. What is written is then counted in the store, one
// portion at a time; a store that is slow or down keeps nobody waiting but those who asked for a
// flush.
//
// Its queue is bounded by its callers: each aggregator keeps one batch on its way.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "actors/ledger_count.hpp"
#include "actors/messages.hpp"
#include "metrics/relay_metrics.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/ledger/ledger_writer.hpp"

namespace baton::actors {

struct ledger_settings {
  bool strict = false;  // an append is answered when it is on the disk
  std::chrono::milliseconds keep = std::chrono::hours(90 * 24);  // records
  std::uint64_t bytes_max = 0;                                   // of all records; 0: no limit
};

class ledger_actor final : public caf::event_based_actor {
 public:
  // `counted`: storage::store::ledger_position(). `scheduler` passes on to the accounts what was
  // used of them.
  ledger_actor(caf::actor_config& config, storage::ledger_writer writer,
               storage::ledger_reader reader, std::uint64_t counted, caf::actor storage,
               caf::actor scheduler, const ledger_settings& settings,
               metrics::relay_metrics& metrics);

  const char* name() const override { return "ledger"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  struct pending_batch {
    std::shared_ptr<const usage_batch> batch;
    caf::response_promise promise;
    result<void> written{};
  };

  caf::result<ledger_appended> take(const append_to_ledger& order);
  void write_out();
  void sync_at_intervals();
  void note_sync(const result<void>& outcome);
  result<void> health() const;
  caf::result<usage_flushed> flush();
  void count();
  void on_counted(const uncounted_usage& counted, const result<void>& outcome);
  void tell_accounts(const std::vector<storage::usage_row>& rows);
  void answer_flushed(const result<void>& outcome);
  void watch();
  void tidy_up();
  void publish();

  std::optional<storage::ledger_writer> writer_;  // closed when the actor ends, not when it goes
  storage::ledger_reader reader_;
  ledger_count count_;
  const caf::actor storage_;
  caf::actor scheduler_;
  const ledger_settings settings_;
  metrics::relay_metrics& metrics_;
  std::vector<pending_batch> pending_;          // to be written; one of each aggregator at most
  std::vector<caf::response_promise> waiting_;  // for flush_usage
  std::size_t record_bytes_ = 128;              // about, on average
  bool counting_ = false;                       // the store has been asked
  bool unsynced_ = false;                       // written since the last sync
  result<void> last_outcome_;                   // of writing
  result<void> sync_;     // once it has failed, what was written before may never reach the disk
  result<void> counted_;  // of counting in the store, until it works again
  result<void> store_;    // whether it answered when it was last asked
};

// Spawns it on a thread of its own.
template <class... Arguments>
caf::actor spawn_ledger(caf::actor_system& system, Arguments&&... arguments) {
  return system.spawn<ledger_actor, caf::detached>(std::forward<Arguments>(arguments)...);
}

}  // namespace baton::actors
