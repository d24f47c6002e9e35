#include "actors/scheduler_actor.hpp"

namespace baton::actors {
namespace {

relay::choice_request request_of(const choose_account& wish) {
  return {
      .protocol = wish.protocol,
      .model = wish.model,
      .key = wish.key.get(),
      .failed = wish.failed,
      .found_full = wish.found_full,
      .trust_full = wish.trust_full,
      .now = steady_now(),
  };
}

}  // namespace

scheduler_actor::scheduler_actor(caf::actor_config& config, runtime::worker& home,
                                 worker_view& view, const relay::session_settings& sessions)
    : pinned_actor(config, home), view_(view), sessions_(sessions), answers_(sessions) {}

caf::behavior scheduler_actor::make_behavior() {
  return {
      [this](const choose_account& wish) { return choose(wish); },
      [this](const explain_choice& order) { return explain(order.wish); },
      [this](accounts_changed& change) { replace_accounts(change); },
      [this](const account_status_changed& change) { pool_.update(change.id, change.status); },
      [this](prices_changed& change) { view_.prices = std::move(change.prices); },
      [this](keys_changed& change) { view_.take_in(std::move(change.keys)); },
      [this](const account_to_blame& fact) { blame(fact); },
      [this](const account_works& fact) { tell_account(fact.id, account_succeeded{}); },
      [this](const account_used& fact) {
        tell_account(fact.id, usage_counted{fact.used, fact.hour});
      },
      [this](answer_kept& fact) { keep_answer(fact); },
      [this](const list_models& order) { return models_listed{pool_.offer(*order.key)}; },
      [this](list_account_states) { return list_states(); },
      [this](const find_account& order) { return find(order.id); },
      [this](check_accounts) { return accounts_checked{pool_.any_usable(steady_now())}; },
      [this](const session_bound& fact) {
        sessions_.bind(fact.session, fact.account, fact.since, fact.now);
      },
      [this](const session_dropped& fact) {
        sessions_.drop(fact.session, fact.account, fact.when);
      },
      [this](meet_schedulers& order) { others_ = std::move(order.others); },
  };
}

void scheduler_actor::on_exit() {
  owners_.clear();
  others_.clear();
}

account_chosen scheduler_actor::choose(const choose_account& wish) {
  auto request = request_of(wish);
  account_chosen chosen;
  if (wish.session.bound) {
    choose_keeper(wish.session, request, chosen);
  } else {
    chosen.choice =
        wish.session.key ? choose_for_session(wish.session, request) : pool_.choose(request);
  }
  if (!chosen.choice.must_ask) return chosen;
  const auto owner = owners_.find(chosen.choice.account->config.id);
  if (owner != owners_.end()) chosen.owner = owner->second;
  return chosen;
}

// Where nobody is known to keep what a request names, since a restart for instance, any account may
// be asked for it; but not if another key has made it.
void scheduler_actor::choose_keeper(const relay::session_facts& session,
                                    relay::choice_request& request, account_chosen& chosen) {
  const auto keeper = answers_.find(session.key, request.now);
  if (keeper && pool_.has(*keeper.account)) {
    if (keeper.renewed) pass_on(session, *keeper.account, keeper.since);
    chosen.only = *keeper.account;
    request.only = &*chosen.only;
  } else if (answers_.find(session.anyones, request.now)) {
    chosen.choice.refusal = downstream_error(error_code::not_found,
                                             "There is no such answer that this API key has made");
    return;
  }
  chosen.choice = pool_.choose(request);
}

void scheduler_actor::keep_answer(answer_kept& fact) {
  const auto now = steady_now();
  const bool is_news = !fact.since;
  const auto since = fact.since.value_or(now);
  answers_.bind(fact.own, fact.account, since, now);
  answers_.bind(fact.anyones, fact.account, since, now);
  if (!is_news) return;
  fact.since = since;
  tell_others(fact);
}

void scheduler_actor::pass_on(const relay::session_facts& session, const account_id& account,
                              steady_time since) {
  tell_others(answer_kept{session.key, session.anyones, account, since});
}

// A session keeps its account. While that is busy, others help out without taking the session over:
// chosen by its branch too, so that a side conversation that shares its parent's id does not follow
// it everywhere. An account that failed, or cannot serve the session any more, loses it.
//
// A session that its client names goes where all workers would send it, even if it begins on two of
// them at once. One that is only recognised by its content takes its turn like any request.
relay::choice scheduler_actor::choose_for_session(const relay::session_facts& session,
                                                  relay::choice_request& request) {
  if (const auto bound = sessions_.find(session.key, request.now)) {
    const account_id account = *bound.account;
    switch (follow(session, &account, request)) {
      case standing::usable:
        if (bound.renewed)
          tell_others(session_bound{session.key, account, bound.since, request.now});
        return pool_.take(account, request);
      case standing::busy: return pool_.choose(request);
      case standing::unfit:
        sessions_.drop(session.key, account, request.now);
        tell_others(session_dropped{session.key, account, request.now});
    }
  } else {
    follow(session, nullptr, request);
  }
  auto chosen = pool_.choose(request);
  // Nor does one that stands in for the accounts a key is bound to take its sessions over.
  if (chosen.account && !chosen.fallback)
    bind(session.key, chosen.account->config.id, request.now, request.now);
  return chosen;
}

// How the account that the session is bound to, or null, stands to the request; and whose turn it
// is if another one is needed. It is asked even if it was full a moment ago: its slot may be the
// session's own last one.
scheduler_actor::standing scheduler_actor::follow(const relay::session_facts& session,
                                                  const account_id* bound,
                                                  relay::choice_request& request) const {
  auto found = standing::unfit;
  if (bound != nullptr) {
    auto own = request;
    own.trust_full = false;
    found = pool_.assess(*bound, own);
  }
  if (found == standing::busy) {
    request.spread = session.key.low ^ session.branch;
  } else if (session.named) {
    request.spread = session.key.low;
  }
  return found;
}

// As choose(), with nothing bound, dropped or told.
choice_explained scheduler_actor::explain(const choose_account& wish) {
  auto request = request_of(wish);
  const auto& session = wish.session;
  if (session.bound) {
    const auto* const keeper = answers_.peek(session.key, request.now);
    if (keeper != nullptr && pool_.has(*keeper)) request.only = keeper;
    return {pool_.explain(request)};
  }
  if (!session.key) return {pool_.explain(request)};
  const auto* const bound = sessions_.peek(session.key, request.now);
  const bool keeps = follow(session, bound, request) == standing::usable;
  return {pool_.explain(request, keeps ? bound : nullptr)};
}

// All are asked at once. One that ends meanwhile is left out.
caf::result<account_states_listed> scheduler_actor::list_states() {
  if (owners_.empty()) return account_states_listed{};
  struct gathering {
    caf::response_promise promise;
    std::size_t awaited;
    account_states_listed found{};
  };
  const auto all = std::make_shared<gathering>(gathering{make_response_promise(), owners_.size()});
  const auto arrived = [all] {
    if (--all->awaited == 0) all->promise.deliver(std::move(all->found));
  };
  for (const auto& [id, owner] : owners_) {
    this->request(owner, caf::infinite, report_account{})
        .then(
            [all, arrived](account_reported& answer) {
              all->found.reports.push_back(std::move(answer.report));
              arrived();
            },
            [arrived](const caf::error&) { arrived(); });
  }
  return all->promise;
}

account_found scheduler_actor::find(const account_id& id) const {
  const auto owner = owners_.find(id);
  return {owner == owners_.end() ? caf::actor() : owner->second};
}

void scheduler_actor::bind(const relay::session_key& session, const account_id& account,
                           steady_time since, steady_time now) {
  sessions_.bind(session, account, since, now);
  tell_others(session_bound{session, account, since, now});
}

void scheduler_actor::replace_accounts(accounts_changed& change) {
  pool_.replace(std::move(change.accounts));
  view_.has_choice = pool_.size() > 1;
  owners_ = std::move(change.owners);
}

// Attempts go with the report that counts: a provisional one may be followed by none.
void scheduler_actor::blame(const account_to_blame& fact) {
  account_failed failed{fact.verdict, 0, fact.confirmed, fact.probe};
  if (fact.confirmed || !fact.verdict.provisional) {
    const auto now = steady_now();
    failed.attempts = pool_.take_attempts(fact.id, now);
    pool_.keep_away(fact.id, fact.verdict, now);
  }
  tell_account(fact.id, std::move(failed));
}

template <class Message>
void scheduler_actor::tell_account(const account_id& id, Message message) {
  if (const auto owner = owners_.find(id); owner != owners_.end()) {
    send(owner->second, std::move(message));
  }
}

template <class Message>
void scheduler_actor::tell_others(const Message& message) {
  for (const auto& other : others_) send(other, message);
}

}  // namespace baton::actors
