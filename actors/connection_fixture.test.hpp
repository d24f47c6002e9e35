// Connections whose sessions are coroutines of a test's own, with all the actors they talk to.
#pragma once

#include <atomic>
#include <memory>

#include "actors/connection_actor.hpp"
#include "actors/key_limits_actor.hpp"
#include "actors/relay_fixture.test.hpp"
#include "actors/scheduler_actor.hpp"
#include "actors/session_port.hpp"
#include "actors/usage_aggregator_actor.hpp"
#include "actors/waiting_room_actor.hpp"

namespace baton::actors {

// Waits for ever, and goes with its coroutine.
struct never {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<>) const {}
  void await_resume() const {}
};

// A session that runs one task on its port, and knows whether it lives.
class scripted_session final : public session_driver {
 public:
  using script = std::function<task<void>(session_port&)>;
  struct traces {
    std::atomic<int> started = 0;
    std::atomic<int> alive = 0;
    std::atomic<int> asked_to_finish = 0;
    std::atomic<bool> finishes_at_once = true;
  };

  scripted_session(std::shared_ptr<traces> left, script run)
      : traces_(std::move(left)), script_(std::move(run)) {
    ++traces_->alive;
  }
  ~scripted_session() override { --traces_->alive; }

  void start(session_port& port) override {
    port_ = &port;
    ++traces_->started;
    if (!script_) return;
    running_ = script_(port);
    running_.start();
  }
  void finish_up() override {
    ++traces_->asked_to_finish;
    if (traces_->finishes_at_once) port_->finished();
  }
  void cut_short() override { port_->finished(); }

 private:
  std::shared_ptr<traces> traces_;
  script script_;
  session_port* port_ = nullptr;
  task<void> running_;
};

class connection_test : public relay_actor_test {
 protected:
  void SetUp() override {
    scheduler_ = spawn<scheduler_actor>(at(0), std::ref(view_));
    limits_ = {spawn<key_limits_actor>(at(0), std::ref(metrics_)),
               spawn<key_limits_actor>(at(1), std::ref(metrics_))};
    around_.observers = {scheduler_};
    peers_.scheduler = scheduler_;
    peers_.limits = limits_;
    peers_.wait_max = patience;
    peers_.metrics = &metrics_;
  }
  void TearDown() override {
    scheduler_ = nullptr;
    limits_.clear();
    known_ = {};
    relay_actor_test::TearDown();
    peers_ = {};
  }

  // Where connections wait for a slot; to be opened before there are accounts.
  void open_waiting_room() {
    peers_.waiting_room = spawn<waiting_room_actor>(at(1), queue_bounds, std::ref(metrics_));
    around_.waiting_room = peers_.waiting_room;
    around_.observers.push_back(peers_.waiting_room);
  }
  // An account with its actor, known to the scheduler and those who wait.
  caf::actor add_account(const std::string& name, std::uint32_t limit) {
    return add_account(account_config(name, limit));
  }
  caf::actor add_account(const relay::account& config) {
    const auto account = ready_account(config);
    const auto owner = spawn_account(account);
    known_.accounts.push_back(account);
    known_.owners.emplace(account->config.id, owner);
    for (const auto& observer : around_.observers) caf::anon_send(observer, known_);
    return owner;
  }

  caf::actor connect(scripted_session::script script) {
    return spawn<connection_actor>(at(0), std::cref(peers_),
                                   std::make_unique<scripted_session>(traces_, std::move(script)));
  }
  bool all_gone() {
    return becomes_true([&] { return traces_->alive == 0; });
  }

  worker_view view_;
  connection_peers peers_;
  accounts_changed known_;
  caf::actor scheduler_;
  std::vector<caf::actor> limits_;
  std::shared_ptr<scripted_session::traces> traces_ = std::make_shared<scripted_session::traces>();
};

}  // namespace baton::actors
