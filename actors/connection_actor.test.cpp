#include "actors/connection_actor.hpp"

#include "actors/connection_fixture.test.hpp"
#include "actors/storage_actor.hpp"
#include "base/crypto.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

// What a session learned, for the test to read once `done`.
struct learned {
  std::atomic<bool> done = false;
  std::optional<error> refusal;
  std::string account;
  std::int64_t requests = -1;
};

// Takes every order to choose an account, and answers none.
class silent_actor final : public runtime::pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[this](const choose_account&) -> caf::result<account_chosen> {
      waiting_.push_back(make_response_promise());
      return waiting_.back();
    }};
  }
  void on_exit() override { runtime::fail_all(waiting_); }

 private:
  std::vector<caf::response_promise> waiting_;
};

class connections : public connection_test {
 protected:
  bool is_done() {
    return becomes_true([&] { return learned_.done.load(); });
  }
  // Its only slot is taken, and the scheduler does not know.
  std::shared_ptr<lease> add_full_account(const std::string& name) {
    const auto observers = std::exchange(around_.observers, {});
    const auto owner = spawn_account(ready_account(name, 1));
    auto taken = acquire(owner, scheduler_);
    EXPECT_TRUE(taken);
    around_.observers = observers;
    const auto account = ready_account(name, 1);
    known_.accounts.push_back(account);
    known_.owners.emplace(account->config.id, owner);
    caf::anon_send(scheduler_, known_);
    return taken;
  }

  learned learned_;
};

task<void> lease_and_hold(session_port& port, learned& result) {
  account_wish wish;
  wish.protocol = &relay::anthropic_api();
  wish.key = key_with({});
  auto leased = co_await port.lease_account(wish);
  if (leased) {
    result.account = leased->account->config.name;
  } else {
    result.refusal = leased.error();
  }
  result.done = true;
  never for_ever;
  co_await for_ever;
}

TEST_F(connections, lease_an_account_and_give_the_slot_back_when_they_die) {
  add_account("main", 1);
  const auto connection =
      connect([this](session_port& port) { return lease_and_hold(port, learned_); });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(learned_.account, "main");
  EXPECT_TRUE(shows_inflight(1));
  kill(connection);
  EXPECT_EQ(traces_->alive, 0);
  EXPECT_TRUE(shows_inflight(0));
}

TEST_F(connections, need_no_slot_of_an_account_without_a_limit) {
  const auto owner = add_account("free", 0);
  kill(owner);  // nobody asks it
  connect([this](session_port& port) { return lease_and_hold(port, learned_); });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(learned_.account, "free");
}

// The scheduler has not heard that it is.
TEST_F(connections, pass_over_an_account_that_was_found_full) {
  add_account("b", 1);
  const auto full = add_full_account("a");
  // Whichever is offered first, the second one is what they get.
  for (int n = 0; n < 2; ++n) {
    learned_.done = false;
    const auto connection =
        connect([this](session_port& port) { return lease_and_hold(port, learned_); });
    ASSERT_TRUE(is_done());
    EXPECT_EQ(learned_.account, "b");
    kill(connection);
    ASSERT_TRUE(shows_inflight(0, "b"));
  }
}

TEST_F(connections, say_so_when_every_account_is_full) {
  const auto full = add_full_account("a");
  connect([this](session_port& port) { return lease_and_hold(port, learned_); });
  ASSERT_TRUE(is_done());
  ASSERT_TRUE(learned_.refusal);
  EXPECT_EQ(learned_.refusal->code, error_code::rate_limited);
  EXPECT_TRUE(learned_.refusal->retry_after);
}

TEST_F(connections, pass_over_an_account_whose_actor_is_gone) {
  const auto owner = add_account("main", 1);
  kill(owner);
  connect([this](session_port& port) { return lease_and_hold(port, learned_); });
  ASSERT_TRUE(is_done());
  ASSERT_TRUE(learned_.refusal);
  EXPECT_EQ(learned_.refusal->code, error_code::rate_limited);
}

TEST_F(connections, fail_rather_than_hang_without_a_scheduler) {
  kill(scheduler_);
  connect([this](session_port& port) { return lease_and_hold(port, learned_); });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(learned_.refusal->code, error_code::internal);
}

task<void> admit_and_hold(session_port& port, relay::api_key_ptr key, learned& result) {
  const relay::usage_estimate estimate;
  auto admitted = co_await port.admit(key, estimate);
  if (!admitted) result.refusal = admitted.error();
  result.done = true;
  never for_ever;
  co_await for_ever;
}

TEST_F(connections, give_a_reservation_back_when_they_die) {
  const auto key = key_with({.concurrency = 1});
  const auto script = [this, key](session_port& port) {
    return admit_and_hold(port, key, learned_);
  };
  const auto first = connect(script);
  ASSERT_TRUE(is_done());
  EXPECT_FALSE(learned_.refusal);
  learned_.done = false;
  connect(script);
  ASSERT_TRUE(is_done());
  ASSERT_TRUE(learned_.refusal);
  EXPECT_EQ(learned_.refusal->code, error_code::rate_limited);

  kill(first);
  const auto owner = key_limits_owner(limits_, key->id);
  EXPECT_TRUE(becomes_true([&] {
    return ask<admission_answered>(owner, admit_request{key, {}})->claim.has_value();
  }));
}

TEST_F(connections, ask_nobody_about_a_key_without_limits) {
  for (const auto& each : limits_) kill(each);
  connect([this](session_port& port) { return admit_and_hold(port, key_with({}), learned_); });
  ASSERT_TRUE(is_done());
  EXPECT_FALSE(learned_.refusal);
}

TEST_F(connections, die_when_their_session_has_finished) {
  const auto connection = connect([](session_port& port) -> task<void> {
    port.finished();
    co_return;
  });
  EXPECT_TRUE(all_gone());
  caf::scoped_actor self{system_};
  self->monitor(connection);
  self->receive([](const caf::down_msg&) {}, caf::after(patience) >> [] { FAIL(); });
}

TEST_F(connections, killed_destroy_a_session_that_waits_for_an_answer) {
  peers_.scheduler = spawn<silent_actor>(at(1));
  std::vector<caf::actor> open;
  for (int n = 0; n < 100; ++n) {
    open.push_back(connect([this](session_port& port) { return lease_and_hold(port, learned_); }));
  }
  for (const auto& each : open) caf::anon_send_exit(each, caf::exit_reason::kill);
  EXPECT_TRUE(all_gone());
}

task<void> report_and_record(session_port& port, relay::ready_account_ptr account,
                             relay::request_record record, learned& result) {
  port.report_failure(account, cooldown_of(std::chrono::seconds(60)), false);
  port.record(std::move(record));
  storage::usage_query query;
  auto found = co_await port.usage(query);
  if (found && !found->empty()) result.requests = found->front().requests;
  auto ready = co_await port.readiness();
  if (!ready) result.refusal = ready.error();
  result.done = true;
}

TEST_F(connections, record_what_ended_and_find_it_in_the_usage_at_once) {
  const test_support::temp_dir folder;
  const auto storage = keep(open_storage(
      system_,
      std::move(storage::open_sqlite_store(folder / "baton.db", crypto::key_256{}).value()),
      folder / "ledger", metrics_));
  peers_.ledger = keep(open_ledger(system_, folder / "ledger", storage, scheduler_, metrics_));
  for (std::size_t index : {0u, 1u}) {
    peers_.aggregators.push_back(
        spawn<usage_aggregator_actor>(at(index), peers_.ledger, false, std::ref(metrics_)));
  }
  peers_.aggregator = peers_.aggregators[0];
  peers_.storage = storage;
  add_account("main", 1);

  relay::request_record record;
  record.route = relay::match_route("POST", "/v1/messages").found;
  record.key = key_with({});
  record.account = known_.accounts[0];
  record.model = "opus";
  record.reached_upstream = true;
  record.finished = wall_now();
  connect([this, record](session_port& port) {
    return report_and_record(port, record.account, record, learned_);
  });
  ASSERT_TRUE(is_done());
  EXPECT_EQ(learned_.requests, 1);
  EXPECT_EQ(metric(R"(baton_failovers_total{reason="rate_limited"})"), 1);
  // The blame has cooled the only account down, or is about to.
  if (learned_.refusal) {
    EXPECT_EQ(learned_.refusal->code, error_code::no_account);
  }
  EXPECT_TRUE(becomes_true(
      [&] { return !ask<accounts_checked>(scheduler_, check_accounts{})->any_usable; }));
}

task<void> mend(session_port& port, account_id id, learned& result) {
  const auto before = co_await port.account_states();
  const auto reset = co_await port.reset_account(id);
  if (!reset) result.refusal = reset.error();
  const account_wish wish;
  const auto told = co_await port.explain(wish);
  if (told && told->account) result.account = told->account->value();
  if (before) result.requests = static_cast<std::int64_t>(before->size());
  result.done = true;
}

TEST_F(connections, reset_an_account_so_that_the_next_choice_may_be_it) {
  const auto owner = add_account("main", 0);
  caf::anon_send(owner, account_failed{cooldown_of(std::chrono::seconds(600))});
  connect([this](session_port& port) { return mend(port, account_id("id-main"), learned_); });
  ASSERT_TRUE(is_done());
  EXPECT_FALSE(learned_.refusal);
  EXPECT_EQ(learned_.requests, 1);
  EXPECT_EQ(learned_.account, "id-main");
}

TEST_F(connections, cannot_reset_an_account_that_is_not_there) {
  connect([this](session_port& port) { return mend(port, account_id("gone"), learned_); });
  ASSERT_TRUE(is_done());
  ASSERT_TRUE(learned_.refusal);
  EXPECT_EQ(learned_.refusal->code, error_code::not_found);
}

}  // namespace
}  // namespace baton::actors
