#include "actors/ledger_actor.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <utility>

#include "actors/runtime/fault_handlers.hpp"
#include "base/log.hpp"

namespace baton::actors {
namespace {

constexpr std::chrono::seconds store_retry_delay{1};
// Between syncs where no answer waits for one: what a power cut can take back.
constexpr std::chrono::seconds sync_interval{1};
// A store that is slower than this is not well.
constexpr std::chrono::seconds store_answer_max{2};
constexpr std::chrono::milliseconds watch_interval{250};
constexpr std::chrono::minutes tidy_up_interval{10};

}  // namespace

ledger_actor::ledger_actor(caf::actor_config& config, storage::ledger_writer writer,
                           storage::ledger_reader reader, std::uint64_t counted, caf::actor storage,
                           caf::actor scheduler, const ledger_settings& settings,
                           metrics::relay_metrics& metrics)
    : caf::event_based_actor(config),
      writer_(std::move(writer)),
      reader_(std::move(reader)),
      count_(counted, writer_->last_number()),
      storage_(std::move(storage)),
      scheduler_(std::move(scheduler)),
      settings_(settings),
      metrics_(metrics) {
  runtime::handle_faults(*this);
}

caf::behavior ledger_actor::make_behavior() {
  tidy_up();
  if (!settings_.strict) delayed_send(this, sync_interval, sync_ledger{});
  count();
  watch();
  return {
      [this](const append_to_ledger& order) { return take(order); },
      [this](write_ledger) { write_out(); },
      [this](sync_ledger) { sync_at_intervals(); },
      [this](flush_usage) { return flush(); },
      [this](count_again) {
        counting_ = false;
        count();
      },
      [this](watch_store) { watch(); },
      [this](check_records) { return records_checked{health()}; },
      [this](tidy_ledger) { tidy_up(); },
  };
}

void ledger_actor::on_exit() {
  for (auto& each : pending_) {
    each.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  pending_.clear();
  for (auto& promise : std::exchange(waiting_, {})) {
    promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
  scheduler_ = nullptr;
  writer_.reset();
}

// The order to write is queued behind the batches that have come meanwhile: they share a sync.
caf::result<ledger_appended> ledger_actor::take(const append_to_ledger& order) {
  if (pending_.empty()) send(this, write_ledger{});
  pending_.push_back({order.batch, make_response_promise()});
  return pending_.back().promise;
}

void ledger_actor::write_out() {
  bool any_written = false;
  last_outcome_ = {};
  for (auto& each : pending_) {
    const auto& batch = *each.batch;
    const auto number = writer_->append(batch.records, batch.count, batch.first, batch.last);
    if (number) {
      count_.add(batch.rows, *number);
      record_bytes_ = batch.records.size() / batch.count;
      any_written = true;
    } else {
      each.written = last_outcome_ = number.error();
    }
  }
  unsynced_ |= any_written;
  if (settings_.strict && any_written && sync_) note_sync(writer_->sync());
  for (auto& each : std::exchange(pending_, {})) {
    each.promise.deliver(ledger_appended{each.written, sync_});
  }
  count();
}

void ledger_actor::sync_at_intervals() {
  if (std::exchange(unsynced_, false)) note_sync(writer_->sync());
  delayed_send(this, sync_interval, sync_ledger{});
}

// The system forgets a failure once it has told it: that a later sync works proves nothing of what
// was written before. Strict durability therefore ends here until a restart.
void ledger_actor::note_sync(const result<void>& outcome) {
  if (outcome) return;
  log::error("the ledger could not be brought to the disk; look at it and restart",
             {{"reason", outcome.error().text}});
  sync_ = outcome;
}

result<void> ledger_actor::health() const {
  for (const auto* outcome : {&last_outcome_, &sync_, &counted_}) {
    if (!*outcome) return *outcome;
  }
  return store_;
}

caf::result<usage_flushed> ledger_actor::flush() {
  if (count_.done()) return usage_flushed{};
  waiting_.push_back(make_response_promise());
  count();
  return waiting_.back();
}

void ledger_actor::count() {
  publish();
  if (counting_) return;
  auto next = count_.next(reader_);
  if (!next) {
    log::error("the ledger could not be read", {{"reason", next.error().text}});
    counting_ = true;
    delayed_send(this, store_retry_delay, count_again{});
    return answer_flushed(next.error());
  }
  if (!*next) return answer_flushed({});
  counting_ = true;
  const auto& portion = **next;
  request(storage_, caf::infinite, append_usage{portion.rows, portion.last_number})
      .then([this, portion](const usage_appended& reply) { on_counted(portion, reply.stored); },
            [this, portion](const caf::error&) {
              on_counted(portion,
                         internal_error(error_code::storage_failed, "the store has stopped"));
            });
}

void ledger_actor::on_counted(const uncounted_usage& counted, const result<void>& outcome) {
  counted_ = outcome;
  if (!outcome) {
    log::error("usage is in the ledger, but could not be counted in the store",
               {{"reason", outcome.error().text}});
    delayed_send(this, store_retry_delay, count_again{});
    return answer_flushed(outcome);
  }
  counting_ = false;
  count_.settle();
  tell_accounts(*counted.rows);
  count();
}

// When it is counted, so that an account that asks the store counts nothing twice.
void ledger_actor::tell_accounts(const std::vector<storage::usage_row>& rows) {
  if (!scheduler_) return;
  for (const auto& row : rows) {
    send(scheduler_, account_used{row.account,
                                  {.tokens = static_cast<std::uint64_t>(row.tokens.total()),
                                   .cost_nanousd = static_cast<std::uint64_t>(row.cost_nanousd)},
                                  row.hour});
  }
}

void ledger_actor::answer_flushed(const result<void>& outcome) {
  for (auto& promise : std::exchange(waiting_, {})) promise.deliver(usage_flushed{outcome});
}

void ledger_actor::watch() {
  const auto note = [this](result<void> outcome) {
    store_ = std::move(outcome);
    delayed_send(this, watch_interval, watch_store{});
  };
  request(storage_, store_answer_max, check_store{})
      .then([note](const store_checked& reply) { note(reply.healthy); },
            [note](const caf::error&) {
              note(internal_error(error_code::storage_failed, "the store does not answer"));
            });
}

void ledger_actor::tidy_up() {
  // What the store has not counted stays, however old and however much it is.
  const auto counted = count_.counted();
  auto removed = writer_->remove_older_than(wall_now() - settings_.keep, counted);
  if (removed && settings_.bytes_max > 0) {
    removed = writer_->keep_at_most(settings_.bytes_max, counted);
  }
  if (!removed) {
    log::error("old records could not be removed", {{"reason", removed.error().text}});
  }
  delayed_send(this, tidy_up_interval, tidy_ledger{});
}

void ledger_actor::publish() {
  metrics_.usage_spool_bytes(count_.uncounted() * record_bytes_);
}

}  // namespace baton::actors
