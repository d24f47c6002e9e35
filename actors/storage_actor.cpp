#include "actors/storage_actor.hpp"

#include <caf/actor_system.hpp>

#include "actors/runtime/fault_handlers.hpp"
#include "base/log.hpp"

namespace baton::actors {
namespace {

// How soon a change made by another process (the command line) is noticed.
constexpr std::chrono::milliseconds poll_interval{250};

}  // namespace

storage_actor::storage_actor(caf::actor_config& config, std::unique_ptr<storage::store> store)
    : caf::event_based_actor(config), store_(std::move(store)) {
  runtime::handle_faults(*this);
}

caf::behavior storage_actor::make_behavior() {
  delayed_send(this, poll_interval, poll_store{});
  return {
      [this](const append_usage& order) {
        last_outcome_ = store_->add_usage(*order.rows, order.ledger_number);
        return usage_appended{last_outcome_};
      },
      [this](const query_usage& order) { return usage_found{store_->usage(order.query)}; },
      [this](check_store) { return store_checked{last_outcome_}; },
      [this](const subscribe_directory& order) { subscribe(order); },
      [this](poll_store) { poll(); },
  };
}

// The store remembers from here on what is a change. Were the first poll the first to ask, whatever
// another process wrote between loading and that poll would never be noticed.
void storage_actor::subscribe(const subscribe_directory& order) {
  subscribers_.push_back(order.receiver);
  static_cast<void>(store_->changed_elsewhere());
  publish_directory();
}

void storage_actor::publish_directory() {
  auto loaded = store_->load_directory();
  last_outcome_ = loaded ? result<void>{} : result<void>{loaded.error()};
  if (!loaded) {
    log::error("keys and accounts could not be loaded", {{"reason", loaded.error().text}});
    return;
  }
  const auto content = std::make_shared<const storage::directory>(std::move(*loaded));
  for (const auto& subscriber : subscribers_) send(subscriber, directory_loaded{content});
}

void storage_actor::poll() {
  const auto changed = store_->changed_elsewhere();
  if (!changed) {
    last_outcome_ = changed.error();
  } else if (*changed || !last_outcome_) {
    publish_directory();
  }
  delayed_send(this, poll_interval, poll_store{});
}

caf::actor spawn_storage(caf::actor_system& system, std::unique_ptr<storage::store> store) {
  return system.spawn<storage_actor, caf::detached>(std::move(store));
}

}  // namespace baton::actors
