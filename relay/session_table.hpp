// Which account a session is bound to, so that it finds its cache there again.
//
// Without I/O and without a clock. Every worker has a replica, kept in step by messages: what one
// replica is told (bind, drop, drop_account, with the same arguments), all others are told too.
// Replicas that were told the same agree, in whatever order and however often they were told:
//
//   - For each session and account the latest `since` and the latest drop are kept. The account
//     holds the session if it was bound after it was dropped.
//   - Of several that hold it the earliest `since` wins, then the smaller account id: so do two
//     workers agree that bind a new session at the same time. The others stay in waiting.
//
// Bounds end the agreement, for the session concerned and until its binding ends: when the table is
// full, the least recently used session of this replica goes; a session remembers 8 accounts.
//
// Memory: 105 bytes per session, 90 to 350 more for one that has known several accounts; 120 bytes
// per account.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/session_key.hpp"

namespace baton::relay {

struct session_settings {
  std::chrono::seconds ttl = std::chrono::days(15);
  // A session in use whose binding has less than this left gets the whole ttl again; 0: never.
  std::chrono::seconds renew_below = std::chrono::days(14);
  std::size_t sessions_max = 100'000;
};

// The account's id is the table's, and there until the table is next told something.
struct session_binding {
  const account_id* account = nullptr;  // null: the session is not bound
  steady_time since{};
  steady_time expires{};
  bool renewed = false;  // by this call: tell the other replicas, as bind(key, account, since, now)

  explicit operator bool() const { return account != nullptr; }
};

class session_table {
 public:
  explicit session_table(session_settings settings = {}) : settings_(settings) {}
  session_table(session_table&&) = delete;

  session_binding find(const session_key& key, steady_time now);
  // The account that find() would tell, or null; the session is not used by it.
  const account_id* peek(const session_key& key, steady_time now);

  // `account` was chosen for the session at `since`; the session was last used at `now`, from which
  // the ttl counts. In a message both are the sender's. Whether the session is bound to `account`
  // now; if not, find() tells who was first.
  bool bind(const session_key& key, const account_id& account, steady_time since, steady_time now);
  // The session leaves the account `of`, if it was bound to it at `when` or before.
  void drop(const session_key& key, const account_id& of, steady_time when);
  // All sessions do. O(1).
  void drop_account(const account_id& of, steady_time when);

  // Sessions remembered, those without an account too; at most sessions_max.
  std::size_t size() const { return sessions_.size(); }

 private:
  static constexpr steady_time never = steady_time::min();

  // When an account was last dropped by all its sessions.
  using account_table = std::unordered_map<account_id, steady_time>;
  using account_entry = account_table::value_type;

  // One account's hold on one session.
  struct claim {
    account_entry* account = nullptr;
    steady_time since = never;
    steady_time dropped = never;
    steady_time used = never;
  };
  struct session;
  using session_entry = std::pair<const session_key, session>;
  struct session {
    session_entry* older = nullptr;
    session_entry* newer = nullptr;
    claim first;
    std::unique_ptr<std::vector<claim>> further;  // null: none
  };

  template <class Visit>
  static void each_claim(session& of, Visit visit);
  bool holds(const claim& candidate, steady_time now) const;
  claim* winner(session& of, steady_time now) const;

  session& touch(const session_key& key);
  claim& claim_of(session& of, account_entry& account);
  account_entry& account_of(const account_id& id, steady_time now);
  void forget_unused_accounts(steady_time now);
  void link_newest(session_entry& entry);
  void unlink(session_entry& entry);

  session_settings settings_;
  std::unordered_map<session_key, session> sessions_;  // its entries do not move
  session_entry* oldest_ = nullptr;
  session_entry* newest_ = nullptr;
  account_table accounts_;
  std::size_t accounts_max_ = 1024;  // above that, those without sessions are forgotten
};

}  // namespace baton::relay
