// What the tests of Baton's actors share: accounts and keys to speak of, metrics, account actors
// and an actor that notes what it is told.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/account_actor.hpp"
#include "actors/ledger_actor.hpp"
#include "actors/messages.hpp"
#include "actors/metric_labels.hpp"
#include "actors/runtime/actor_fixture.test.hpp"
#include "actors/storage_actor.hpp"
#include "metrics/relay_metrics.hpp"
#include "relay/fair_queue.hpp"
#include "relay/pricing.hpp"

namespace baton::actors {

using runtime::becomes_true;
using runtime::patience;

inline relay::account account_config(const std::string& name, std::uint32_t concurrency_limit = 0) {
  relay::account config;
  config.id = account_id("id-" + name);
  config.platform = "claude-console";
  config.name = name;
  config.api_url = "http://127.0.0.1:9";
  config.credential.api_key = "sk-ant-test";
  config.concurrency_limit = concurrency_limit;
  return config;
}

inline relay::ready_account_ptr ready_account(const relay::account& config) {
  return std::make_shared<const relay::ready_account>(relay::prepare_account(config).value());
}
inline relay::ready_account_ptr ready_account(const std::string& name,
                                              std::uint32_t concurrency_limit = 0) {
  return ready_account(account_config(name, concurrency_limit));
}

inline relay::api_key key_config(const std::string& name, relay::key_limits limits = {}) {
  relay::api_key key;
  key.id = key_id("id-" + name);
  key.hash = "hash-" + name;
  key.name = name;
  key.limits = limits;
  return key;
}

inline relay::api_key_ptr key_with(relay::key_limits limits, const std::string& name = "k") {
  return std::make_shared<const relay::api_key>(key_config(name, limits));
}

inline relay::verdict cooldown_of(std::chrono::seconds time) {
  return {relay::next_step::other_account, relay::failure_kind::rate_limited, time};
}

// Keeps what is in `store`, beside a ledger in `folder`.
inline caf::actor open_storage(caf::actor_system& system, std::unique_ptr<storage::store> store,
                               const std::filesystem::path& folder,
                               metrics::relay_metrics& metrics) {
  return spawn_storage(system, std::move(store), storage::ledger_reader(folder), {}, metrics);
}

// A ledger in `folder`, whose records are counted in `storage`.
inline caf::actor open_ledger(caf::actor_system& system, const std::filesystem::path& folder,
                              const caf::actor& storage, const caf::actor& scheduler,
                              metrics::relay_metrics& metrics, const ledger_settings& how = {}) {
  return spawn_ledger(system, std::move(storage::ledger_writer::open(folder, {}).value()),
                      storage::ledger_reader(folder), std::uint64_t{0}, storage, scheduler, how,
                      std::ref(metrics));
}

// More than any test lets wait.
inline constexpr relay::fair_queue::settings queue_bounds{.waiting_max = 2000, .per_key_max = 1000};

// Stands in for a scheduler: notes the facts it gets, readable from the test's thread.
class listening_actor final : public runtime::pinned_actor {
 public:
  struct notes {
    std::mutex guard;
    std::vector<account_status_changed> statuses;
    std::vector<accounts_changed> accounts;
    std::vector<relay::key_directory_ptr> keys;
    std::vector<account_used> used;
  };
  listening_actor(caf::actor_config& config, runtime::worker& home, std::shared_ptr<notes> kept)
      : pinned_actor(config, home), notes_(std::move(kept)) {}

  caf::behavior make_behavior() override {
    return {
        [this](const account_status_changed& fact) { note(notes_->statuses, fact); },
        [this](const accounts_changed& fact) { note(notes_->accounts, fact); },
        [this](const keys_changed& fact) { note(notes_->keys, fact.keys); },
        [this](const account_used& fact) { note(notes_->used, fact); },
    };
  }

 private:
  template <class Fact>
  void note(std::vector<Fact>& list, const Fact& fact) {
    std::lock_guard lock(notes_->guard);
    list.push_back(fact);
  }
  std::shared_ptr<notes> notes_;
};

// Somebody who may hold a lease, and die.
class bystander final : public runtime::pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

class relay_actor_test : public runtime::actor_test {
 protected:
  using notes = listening_actor::notes;

  void TearDown() override {
    // Handles of actors that know one another.
    forget_notes();
    actor_test::TearDown();
    around_.observers.clear();
    around_.waiting_room = around_.storage = nullptr;
  }
  void forget_notes() {
    std::lock_guard lock(notes_->guard);
    notes_->accounts.clear();
  }

  caf::actor listening() { return spawn<listening_actor>(at(0), notes_); }

  // On another worker than the schedulers.
  caf::actor spawn_account(
      const relay::ready_account_ptr& account,
      std::shared_ptr<account_slots> slots = std::make_shared<account_slots>()) {
    return spawn<account_actor>(at(1), account, std::cref(around_), std::move(slots));
  }

  caf::actor somebody() { return spawn<bystander>(at(0)); }

  // A slot, or null if there is none to be had.
  std::shared_ptr<lease> acquire(const caf::actor& from, const caf::actor& by) {
    const auto answer = acquire_answer(from, by);
    return answer.slot ? *answer.slot : nullptr;
  }
  lease_answered acquire_answer(const caf::actor& from, const caf::actor& by) {
    auto answer = ask<lease_answered>(from, acquire_lease{by.address()});
    EXPECT_TRUE(answer);
    if (!answer) return {std::shared_ptr<lease>()};
    if (!answer->slot) {
      EXPECT_EQ(answer->slot.error().code, error_code::rate_limited);
    }
    return std::move(*answer);
  }

  // Waits until the newest note in a list is as wanted.
  template <class Fact, class Condition>
  bool is_told(std::vector<Fact> notes::*list, Condition wanted) {
    return becomes_true([&] {
      std::lock_guard lock(notes_->guard);
      return !((*notes_).*list).empty() && wanted(((*notes_).*list).back());
    });
  }

  bool shows(const std::string& series, double value) const {
    return becomes_true([&] { return metric(series) == value; });
  }
  bool shows_inflight(int count, const std::string& account = "main") const {
    return shows("baton_account_inflight{account=\"" + account + "\"}", count);
  }
  bool shows_state(const std::string& state, const std::string& account = "main") const {
    return shows("baton_account_state{account=\"" + account + "\",state=\"" + state + "\"}", 1);
  }
  enum class queue : std::uint8_t { accounts, key };
  int waiting(queue which) const {
    const auto name = which == queue::accounts ? "accounts" : "key";
    const auto shown = metric(std::string("baton_waiting_requests{queue=\"") + name + "\"}");
    return shown < 0 ? 0 : static_cast<int>(shown);  // a series appears with its first value
  }
  bool shows_waiting(queue which, int count) const {
    return becomes_true([&] { return waiting(which) == count; });
  }

  // The value of one series, or -1 if there is none.
  double metric(const std::string& series) const {
    const auto text = "\n" + metrics_.text();
    const auto found = text.find("\n" + series + " ");
    return found == std::string::npos ? -1 : std::stod(text.substr(found + series.size() + 2));
  }

  metrics::relay_metrics metrics_{2, relay_label_values()};
  account_surroundings around_{.observers = {},
                               .waiting_room = nullptr,
                               .storage = nullptr,
                               .metrics = metrics_,
                               .circuit = {}};
  std::shared_ptr<notes> notes_ = std::make_shared<notes>();
};

}  // namespace baton::actors
