#include "relay/session_table.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace baton::relay {
namespace {

constexpr std::size_t claims_max = 8;
// Messages between workers are long through by then.
constexpr std::chrono::minutes drops_remembered(10);

}  // namespace

template <class Visit>
void session_table::each_claim(session& of, Visit visit) {
  visit(of.first);
  if (of.further) std::for_each(of.further->begin(), of.further->end(), visit);
}

bool session_table::holds(const claim& candidate, steady_time now) const {
  return candidate.since > candidate.dropped && candidate.since > candidate.account->second &&
         now - candidate.used < settings_.ttl;
}

session_table::claim* session_table::winner(session& of, steady_time now) const {
  claim* best = nullptr;
  each_claim(of, [&](claim& candidate) {
    if (!holds(candidate, now)) return;
    if (best == nullptr || std::tie(candidate.since, candidate.account->first) <
                               std::tie(best->since, best->account->first)) {
      best = &candidate;
    }
  });
  return best;
}

session_binding session_table::find(const session_key& key, steady_time now) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return {};
  claim* const held = winner(found->second, now);
  if (held == nullptr) return {};
  unlink(*found);
  link_newest(*found);
  const bool renewed = held->used + settings_.ttl - now < settings_.renew_below;
  if (renewed) held->used = now;
  return {&held->account->first, held->since, held->used + settings_.ttl, renewed};
}

const account_id* session_table::peek(const session_key& key, steady_time now) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return nullptr;
  const claim* const held = winner(found->second, now);
  return held == nullptr ? nullptr : &held->account->first;
}

bool session_table::bind(const session_key& key, const account_id& account, steady_time since,
                         steady_time now) {
  account_entry& owner = account_of(account, now);
  session& bound = touch(key);
  claim& own = claim_of(bound, owner);
  own.since = std::max(own.since, since);
  own.used = std::max(own.used, now);
  return winner(bound, now) == &own;
}

void session_table::drop(const session_key& key, const account_id& of, steady_time when) {
  account_entry& owner = account_of(of, when);
  claim& own = claim_of(touch(key), owner);
  own.dropped = std::max(own.dropped, when);
}

void session_table::drop_account(const account_id& of, steady_time when) {
  account_entry& account = account_of(of, when);
  account.second = std::max(account.second, when);
}

// The session, known from now on, as the one used last.
session_table::session& session_table::touch(const session_key& key) {
  const auto [found, added] = sessions_.try_emplace(key);
  if (!added) unlink(*found);
  link_newest(*found);
  if (sessions_.size() > settings_.sessions_max && oldest_ != &*found) {
    session_entry& evicted = *oldest_;
    unlink(evicted);
    sessions_.erase(evicted.first);
  }
  return found->second;
}

// With the most accounts there can be, the one goes that was longest neither bound nor dropped.
session_table::claim& session_table::claim_of(session& of, account_entry& account) {
  claim* own = nullptr;
  claim* stalest = nullptr;
  const auto changed = [](const claim& one) { return std::max(one.since, one.dropped); };
  each_claim(of, [&](claim& one) {
    if (one.account == &account || one.account == nullptr) own = &one;
    if (stalest == nullptr || changed(one) < changed(*stalest)) stalest = &one;
  });
  if (own == nullptr) {
    if (!of.further) of.further = std::make_unique<std::vector<claim>>();
    const bool full = of.further->size() + 1 == claims_max;
    own = full ? stalest : &of.further->emplace_back();
    *own = {};
  }
  own->account = &account;
  return *own;
}

session_table::account_entry& session_table::account_of(const account_id& id, steady_time now) {
  const auto known = accounts_.find(id);
  if (known != accounts_.end()) return *known;
  if (accounts_.size() >= accounts_max_) forget_unused_accounts(now);
  return *accounts_.emplace(id, never).first;
}

// Goes through all sessions, but only when the number of accounts has doubled.
void session_table::forget_unused_accounts(steady_time now) {
  std::unordered_set<const account_entry*> used;
  for (auto& [key, of] : sessions_) {
    each_claim(of, [&](const claim& one) { used.insert(one.account); });
  }
  std::erase_if(accounts_, [&](const account_entry& account) {
    return !used.contains(&account) && account.second + drops_remembered < now;
  });
  accounts_max_ = std::max(accounts_max_, 2 * accounts_.size());
}

void session_table::link_newest(session_entry& entry) {
  entry.second.older = newest_;
  entry.second.newer = nullptr;
  (newest_ == nullptr ? oldest_ : newest_->second.newer) = &entry;
  newest_ = &entry;
}

void session_table::unlink(session_entry& entry) {
  session& links = entry.second;
  (links.older == nullptr ? oldest_ : links.older->second.newer) = links.newer;
  (links.newer == nullptr ? newest_ : links.newer->second.older) = links.older;
}

}  // namespace baton::relay
