#include "actors/storage_actor.hpp"

#include <caf/actor_system.hpp>

#include "actors/runtime/fault_handlers.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "base/log.hpp"
#include "storage/reconcile.hpp"

namespace baton::actors {
namespace {

// How soon a change made by another process (the command line) is noticed.
constexpr std::chrono::milliseconds poll_interval{250};
// Of removing what is old: between rounds, and between the steps of one, which others may use.
constexpr std::chrono::hours tidy_interval{1};
constexpr std::chrono::milliseconds tidy_pause{50};
constexpr std::chrono::hours check_interval{1};
// Of each check: an hour that has ended, and the one before it.
constexpr std::chrono::hours checked_hours{2};

}  // namespace

storage_actor::storage_actor(caf::actor_config& config, std::unique_ptr<storage::store> store,
                             storage::ledger_reader ledger, const storage_settings& settings,
                             metrics::relay_metrics& metrics)
    : caf::event_based_actor(config),
      store_(std::move(store)),
      ledger_(std::move(ledger)),
      settings_(settings),
      metrics_(metrics) {
  runtime::handle_faults(*this);
}

void storage_actor::on_exit() {
  runtime::fail_all(reloading_);
  subscribers_.clear();
}

caf::behavior storage_actor::make_behavior() {
  delayed_send(this, poll_interval, poll_store{});
  delayed_send(this, tidy_interval, tidy_store{});
  delayed_send(this, check_interval, check_sums{});
  return {
      [this](const append_usage& order) {
        last_outcome_ = store_->add_usage(*order.rows, order.ledger_number);
        return usage_appended{last_outcome_};
      },
      [this](const query_usage& order) { return usage_found{store_->usage(order.query)}; },
      [this](const query_records& order) { return records_found{ledger_.page(order.query)}; },
      [this](tidy_store) { remove_old_usage(); },
      [this](check_sums) { check_usage(); },
      [this](const activate_key& order) { activate(order); },
      [this](check_store) { return store_checked{last_outcome_}; },
      [this](const subscribe_directory& order) { subscribe(order); },
      [this](poll_store) { poll(); },
      [this](reload_directory) { return reload(); },
      [this](reload_now) { reload_for_all(); },
  };
}

void storage_actor::subscribe(const subscribe_directory& order) {
  subscribers_.push_back(order.receiver);
  publish_directory();
}

void storage_actor::activate(const activate_key& order) {
  const auto begun = store_->activate_key(order.key, order.first_use);
  if (!begun) {
    last_outcome_ = begun.error();
    log::error("the first use of a key could not be stored and is tried again",
               {{"key", order.key.value()}, {"reason", begun.error().text}});
  } else if (*begun) {
    publish_directory();
  }
}

void storage_actor::publish_directory() {
  auto loaded = store_->load_directory();
  last_outcome_ = loaded ? result<void>{} : result<void>{loaded.error()};
  if (!loaded) {
    log::error("keys and accounts could not be loaded", {{"reason", loaded.error().text}});
    return;
  }
  published_ = loaded->version;
  const auto content = std::make_shared<const storage::directory>(std::move(*loaded));
  for (const auto& subscriber : subscribers_) send(subscriber, directory_loaded{content});
}

// One reload is for all who have asked until it begins.
caf::result<directory_reloaded> storage_actor::reload() {
  if (reloading_.empty()) send(this, reload_now{});
  reloading_.push_back(make_response_promise());
  return reloading_.back();
}

void storage_actor::reload_for_all() {
  publish_changes();
  for (auto& each : std::exchange(reloading_, {})) each.deliver(directory_reloaded{last_outcome_});
}

void storage_actor::publish_changes() {
  const auto version = store_->directory_version();
  if (!version) {
    last_outcome_ = version.error();
  } else if (*version != published_ || !last_outcome_) {
    publish_directory();
  }
}

void storage_actor::poll() {
  publish_changes();
  delayed_send(this, poll_interval, poll_store{});
}

void storage_actor::remove_old_usage() {
  const auto now = wall_now();
  const auto more =
      store_->remove_usage_before(now - settings_.keep_hours, now - settings_.keep_days);
  if (!more) log::error("old usage could not be removed", {{"reason", more.error().text}});
  const bool goes_on = more && *more;
  delayed_send(this, goes_on ? std::chrono::milliseconds(tidy_pause) : tidy_interval, tidy_store{});
}

// What is wrong is told, not mended: whoever mends it should know why.
void storage_actor::check_usage() {
  const auto now = wall_now();
  storage::reconcile_order order;
  order.from = std::chrono::floor<std::chrono::hours>(now) - checked_hours;
  order.to = std::chrono::floor<std::chrono::hours>(now);
  order.hours_since = order.days_since = now;
  const auto report = storage::reconcile(*store_, ledger_, now, order);
  if (!report) {
    log::error("usage could not be checked", {{"reason", report.error().text}});
  } else if (report->found.disagreements > 0) {
    metrics_.add_usage_disagreements(report->found.disagreements);
    log::error("sums of usage do not agree with the ledger; see baton reconcile",
               {{"rows", report->found.disagreements}});
  }
  delayed_send(this, check_interval, check_sums{});
}

caf::actor spawn_storage(caf::actor_system& system, std::unique_ptr<storage::store> store,
                         storage::ledger_reader ledger, const storage_settings& settings,
                         metrics::relay_metrics& metrics) {
  return system.spawn<storage_actor, caf::detached>(std::move(store), std::move(ledger), settings,
                                                    std::ref(metrics));
}

}  // namespace baton::actors
