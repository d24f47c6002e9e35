#include "actors/connection_actor.hpp"

#include <caf/send.hpp>

#include "actors/key_limits_actor.hpp"
#include "actors/runtime/ask.hpp"

namespace baton::actors {

using runtime::ask;

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

task<result<reservation>> connection_actor::admit(const relay::api_key_ptr& key,
                                                  relay::usage_estimate estimate) {
  if (!key->limits.any()) co_return reservation{};
  const auto& owner = key_limits_owner(peers_.limits, key->id);
  admit_request order{key, estimate};
  auto reply = co_await ask<admission_answered>(*this, owner, order);
  if (!reply) co_return reply.error();
  if (!reply->claim) co_return reply->claim.error();
  co_return std::move(**reply->claim);
}

task<result<leased_account>> connection_actor::lease_account(account_wish wish) {
  std::optional<error> full;
  for (;;) {
    choose_account order;
    order.protocol = wish.protocol;
    order.model = wish.model;
    if (wish.bound_account != nullptr) order.bound_account = *wish.bound_account;
    order.excluded = *wish.excluded;
    auto chosen = co_await ask<account_chosen>(*this, peers_.scheduler, order);
    if (!chosen) co_return chosen.error();
    if (!chosen->account) {
      const auto refusal = chosen->account.error();
      // To the scheduler those found full here look like those that failed.
      if (full && refusal.code == error_code::no_account) co_return *full;
      co_return refusal;
    }
    leased_account leased;
    leased.account = std::move(*chosen->account);
    if (!chosen->owner) co_return leased;

    acquire_lease claim{address()};
    auto granted = co_await ask<lease_answered>(*this, chosen->owner, claim);
    if (granted && granted->slot) {
      leased.slot = std::move(**granted->slot);
      co_return leased;
    }
    // Somebody took the last slot meanwhile, or the account is gone.
    if (granted) full = granted->slot.error();
    wish.excluded->push_back(leased.account->config.id);
  }
}

void connection_actor::report_failure(const relay::ready_account_ptr& account,
                                      const relay::verdict& verdict) {
  if (verdict.blame && verdict.step == relay::next_step::other_account) {
    peers_.metrics->failovers.add(home().index(), {static_cast<std::size_t>(*verdict.blame)});
  }
  caf::anon_send(peers_.scheduler, account_to_blame{account->config.id, verdict});
}

void connection_actor::record(relay::request_record&& ended) {
  caf::anon_send(peers_.aggregator, request_ended{std::move(ended)});
}

task<result<std::vector<storage::usage_sum>>> connection_actor::usage(storage::usage_query query) {
  for (const auto& aggregator : peers_.aggregators) {
    flush_usage flush;
    auto flushed = co_await ask<usage_flushed>(*this, aggregator, flush);
    if (!flushed) co_return flushed.error();
    if (!flushed->stored) co_return flushed->stored.error();
  }
  query_usage order{std::move(query)};
  auto found = co_await ask<usage_found>(*this, peers_.storage, order);
  if (!found) co_return found.error();
  co_return std::move(found->sums);
}

task<result<void>> connection_actor::readiness() {
  check_store store_order;
  const auto store = co_await ask<store_checked>(*this, peers_.storage, store_order);
  if (!store) co_return store.error();
  if (!store->healthy) co_return store->healthy.error();
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
