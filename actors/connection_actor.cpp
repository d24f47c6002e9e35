#include "actors/connection_actor.hpp"

#include <atomic>
#include <caf/send.hpp>

#include "actors/admin_messages.hpp"
#include "actors/key_limits_actor.hpp"
#include "actors/runtime/ask.hpp"

namespace baton::actors {

using runtime::ask;

namespace {

place_number next_place() {
  static std::atomic<place_number> last = 0;
  return ++last;
}

choose_account question_of(const account_wish& wish) {
  choose_account question;
  question.protocol = wish.protocol;
  question.model = wish.model;
  question.key = wish.key;
  question.session = wish.session;
  question.only = wish.only;
  question.failed.assign(wish.failed.begin(), wish.failed.end());
  return question;
}

std::chrono::microseconds since(steady_time moment) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - moment);
}

}  // namespace

// The connection's place in the queue of the actor it asks, which it gives up when it is destroyed.
class connection_actor::queue_place {
 public:
  queue_place(connection_actor& self, const caf::actor& queue)
      : self_(self), queue_(queue), number_(next_place()) {
    self_.waiting_ = this;
  }
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;
  ~queue_place() {
    self_.waiting_ = nullptr;
    if (!answered_) leave();
  }
  place_number number() const { return number_; }
  void leave() const { caf::anon_send(queue_, leave_queue{number_}); }
  void answered() { answered_ = true; }

 private:
  connection_actor& self_;
  const caf::actor& queue_;
  const place_number number_;
  bool answered_ = false;
};

connection_actor::connection_actor(caf::actor_config& config, runtime::worker& home,
                                   const connection_peers& peers,
                                   std::unique_ptr<session_driver> session)
    : pinned_actor(config, home), peers_(peers), session_(std::move(session)) {}

caf::behavior connection_actor::make_behavior() {
  session_->start(*this);
  return {
      [this](session_finished) { quit(); },
      [this](finish_up) { session_->finish_up(); },
      [this](cut_short) { session_->cut_short(); },
  };
}

void connection_actor::on_exit() {
  session_.reset();
}

task<result<admission>> connection_actor::admit(const relay::api_key_ptr& key,
                                                relay::usage_estimate estimate) {
  if (!key->limits.any()) co_return admission{};
  const auto& owner = key_limits_owner(peers_.limits, key->id);
  const auto asked = steady_now();
  queue_place place(*this, owner);
  admit_request order{key, estimate, place.number(), asked + peers_.wait_max};
  auto reply = co_await ask<admission_answered>(*this, owner, order);
  place.answered();
  if (!reply) co_return reply.error();
  if (!reply->claim) co_return reply->claim.error();
  admission admitted;
  admitted.claim = std::move(**reply->claim);
  if (reply->waited) admitted.waited = since(asked);
  co_return admitted;
}

task<result<leased_account>> connection_actor::lease_account(account_wish wish) {
  std::vector<account_id> found_full;
  bool trust_full = true;
  leased_account leased;
  steady_time waiting_since{};
  stopped_ = false;
  for (;;) {
    auto question = question_of(wish);
    question.found_full = found_full;
    question.trust_full = trust_full;
    auto chosen = co_await ask<account_chosen>(*this, peers_.scheduler, question);
    if (!chosen) co_return chosen.error();
    auto& choice = chosen->choice;
    wish.only = chosen->only;
    if (!choice.account) {
      if (!choice.may_wait) co_return choice.refusal;
      if (!peers_.waiting_room) {
        // That a slot is free again may not have reached the scheduler yet; the accounts know.
        if (!std::exchange(trust_full, false)) co_return choice.refusal;
        continue;
      }
      // It may have been called while nobody waited yet.
      if (stopped_) co_return internal_error(error_code::cancelled, "the client has left");
      if (waiting_since == steady_time{}) waiting_since = steady_now();
      auto found = co_await wait_for_slot(wish, waiting_since + peers_.wait_max);
      if (!found) co_return found.error();
      if (!found->slot) co_return found->slot.error();
      leased.waited = since(waiting_since);
      found_full.clear();
      if (!found->account) continue;  // something has changed: choose again
      leased.account = std::move(found->account);
      leased.slot = std::move(**found->slot);
      co_return leased;
    }
    leased.account = std::move(choice.account);
    if (!chosen->owner) co_return leased;

    acquire_lease claim{address()};
    auto granted = co_await ask<lease_answered>(*this, chosen->owner, claim);
    if (granted && granted->slot) {
      leased.slot = std::move(**granted->slot);
      leased.probe = granted->probe;
      co_return leased;
    }
    // Somebody took the last slot meanwhile, or the account is gone.
    found_full.push_back(leased.account->config.id);
  }
}

task<result<slot_answered>> connection_actor::wait_for_slot(const account_wish& wish,
                                                            steady_time deadline) {
  queue_place place(*this, peers_.waiting_room);
  await_slot order{place.number(), question_of(wish), deadline};
  auto found = co_await ask<slot_answered>(*this, peers_.waiting_room, order);
  place.answered();
  co_return found;
}

void connection_actor::stop_waiting() {
  stopped_ = true;
  if (waiting_ != nullptr) waiting_->leave();
}

void connection_actor::report_failure(const relay::ready_account_ptr& account,
                                      const relay::verdict& verdict, bool probe) {
  if (verdict.step == relay::next_step::other_account) {
    peers_.metrics->failovers.add(home().index(), {static_cast<std::size_t>(*verdict.blame)});
  }
  caf::anon_send(peers_.scheduler, account_to_blame{account->config.id, verdict, false, probe});
}

void connection_actor::confirm_failure(const relay::ready_account_ptr& account,
                                       const relay::verdict& verdict, bool probe) {
  caf::anon_send(peers_.scheduler, account_to_blame{account->config.id, verdict, true, probe});
}

void connection_actor::report_success(const leased_account& leased) {
  if (!leased.probe) return;
  caf::anon_send(peers_.scheduler, account_works{leased.account->config.id});
}

void connection_actor::answer_stored(const relay::session_key& own,
                                     const relay::session_key& anyones, const account_id& account) {
  caf::anon_send(peers_.scheduler, answer_kept{own, anyones, account});
}

task<result<relay::model_offer>> connection_actor::models(const relay::api_key_ptr& key) {
  list_models order{key};
  auto listed = co_await ask<models_listed>(*this, peers_.scheduler, order);
  if (!listed) co_return listed.error();
  co_return std::move(listed->offer);
}

task<result<relay::choice_explanation>> connection_actor::explain(account_wish wish) {
  explain_choice order{question_of(wish)};
  auto told = co_await ask<choice_explained>(*this, peers_.scheduler, order);
  if (!told) co_return told.error();
  co_return std::move(told->explanation);
}

task<result<std::vector<relay::account_report>>> connection_actor::account_states() {
  list_account_states order;
  auto listed = co_await ask<account_states_listed>(*this, peers_.scheduler, order);
  if (!listed) co_return listed.error();
  co_return std::move(listed->reports);
}

task<result<void>> connection_actor::reset_account(account_id id) {
  find_account question{std::move(id)};
  const auto found = co_await ask<account_found>(*this, peers_.scheduler, question);
  if (!found) co_return found.error();
  if (!found->owner) {
    co_return downstream_error(error_code::not_found, "There is no such account");
  }
  actors::reset_account order;
  const auto done = co_await ask<account_reset>(*this, found->owner, order);
  if (!done) co_return done.error();
  co_return result<void>{};
}

task<result<void>> connection_actor::write_record(relay::request_record ended) {
  actors::write_record order{std::move(ended)};
  auto reply = co_await ask<record_written>(*this, peers_.aggregator, order);
  if (!reply) co_return reply.error();
  co_return std::move(reply->durable);
}

void connection_actor::key_first_used(const key_id& key, wall_time when) {
  caf::anon_send(peers_.storage, activate_key{key, when});
}

void connection_actor::record(relay::request_record&& ended) {
  caf::anon_send(peers_.aggregator, request_ended{std::move(ended)});
}

task<result<void>> connection_actor::flush_usage() {
  for (const auto& aggregator : peers_.aggregators) {
    actors::flush_usage flush;
    auto flushed = co_await ask<usage_flushed>(*this, aggregator, flush);
    if (!flushed) co_return flushed.error();
    if (!flushed->stored) co_return flushed->stored.error();
  }
  co_return result<void>{};
}

task<result<std::vector<storage::usage_sum>>> connection_actor::usage(storage::usage_query query) {
  const auto flushed = co_await flush_usage();
  if (!flushed) co_return flushed.error();
  query_usage order{std::move(query)};
  auto found = co_await ask<usage_found>(*this, peers_.storage, order);
  if (!found) co_return found.error();
  co_return std::move(found->sums);
}

task<result<storage::ledger_page>> connection_actor::recorded_requests(
    storage::record_query query) {
  const auto flushed = co_await flush_usage();
  if (!flushed) co_return flushed.error();
  query_records order{std::move(query)};
  auto found = co_await ask<records_found>(*this, peers_.storage, order);
  if (!found) co_return found.error();
  co_return std::move(found->page);
}

task<result<admin::step>> connection_actor::administer(std::shared_ptr<const admin::request> asked,
                                                       admin::findings found) {
  actors::administer order{std::move(asked), std::move(found)};
  auto reply = co_await ask<administered>(*this, peers_.admin, order);
  if (!reply) co_return reply.error();
  co_return std::move(reply->step);
}

// Each has been told before the one in front of it answers, so what is asked of it comes behind.
task<result<void>> connection_actor::reload_directory() {
  actors::reload_directory reload;
  const auto reloaded = co_await ask<directory_reloaded>(*this, peers_.storage, reload);
  if (!reloaded) co_return reloaded.error();
  if (!reloaded->loaded) co_return reloaded->loaded.error();
  await_directory wait;
  const auto ready = co_await ask<directory_ready>(*this, peers_.directory, wait);
  if (!ready) co_return ready.error();
  for (const auto& scheduler : peers_.schedulers) {
    check_accounts check;
    const auto checked = co_await ask<accounts_checked>(*this, scheduler, check);
    if (!checked) co_return checked.error();
  }
  co_return result<void>{};
}

task<result<relay::window_use>> connection_actor::window_of(const key_id& key) {
  show_window order{key};
  const auto shown = co_await ask<window_shown>(*this, key_limits_owner(peers_.limits, key), order);
  if (!shown) co_return shown.error();
  co_return shown->use;
}

task<result<void>> connection_actor::readiness() {
  check_records records_order;
  const auto records = co_await ask<records_checked>(*this, peers_.ledger, records_order);
  if (!records) co_return records.error();
  if (!records->healthy) co_return records->healthy.error();
  check_accounts accounts_order;
  const auto accounts = co_await ask<accounts_checked>(*this, peers_.scheduler, accounts_order);
  if (!accounts) co_return accounts.error();
  if (!accounts->any_usable) {
    co_return internal_error(error_code::no_account, "No account is usable.");
  }
  co_return result<void>{};
}

// By a message: the session's coroutine is still running, so it cannot be destroyed here.
void connection_actor::finished() {
  caf::anon_send(caf::actor(this), session_finished{});
}

}  // namespace baton::actors
