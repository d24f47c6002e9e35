// Chooses an account for a request out of a worker's view of all accounts: the filters, then
// priority, then round robin or the session's own order within one priority. Without I/O and
// without a clock.
//
// Owned by a worker's scheduler actor, which keeps it current with facts from the account actors.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/api.hpp"
#include "relay/api_key.hpp"
#include "relay/model_family.hpp"
#include "relay/model_offer.hpp"
#include "relay/platform.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

struct account_explanation;
struct choice_explanation;
enum class choice_reason : std::uint8_t;

// Why an account is kept away from: the value of the metrics' `state` label.
enum class account_state : std::uint8_t {
  active,
  full,          // every slot of its concurrency limit is taken
  cooling_down,  // after an error, for as long as the verdict says
  rate_limited,  // the upstream said so, for as long as it asked
  unauthorized,  // its credential was refused
  blocked,       // the upstream says that it is disabled
  circuit_open,  // too many of its answers failed
  over_quota,    // it has used what it may in a day
  inactive,      // switched off, or taken out of the choice
};
inline constexpr std::size_t account_state_count = 9;
std::string_view to_string(account_state state);
// What an account is in while it is kept away from after such a failure.
account_state state_after(failure_kind kind);

// What changes about an account while it runs. The account actor owns the truth and publishes it.
struct account_status {
  steady_time away_until{};                                       // not before this; the epoch: now
  account_state reason = account_state::cooling_down;             // why, while that lasts
  std::array<steady_time, model_families.size()> family_until{};  // with models of a family
  bool full = false;                                              // every slot is taken
  bool must_ask = false;  // its actor decides about each request, as if it had a limit

  friend bool operator==(const account_status&, const account_status&) = default;
};

struct choice_request {
  const relay::api* protocol = nullptr;
  std::string_view model;                    // empty: the request names none
  const api_key* key = nullptr;              // null: any shared account will do
  std::span<const account_id> failed{};      // tried by this request
  std::span<const account_id> found_full{};  // asked by this request, and full
  const account_id* only = nullptr;          // no other account will do
  // An account that is full here may have a slot by now; false: it is chosen nevertheless, to ask.
  bool trust_full = true;
  std::uint64_t spread = 0;  // the same number chooses the same account; 0: round robin
  steady_time now{};
};

struct choice {
  ready_account_ptr account;  // null: nobody can
  bool must_ask = false;      // whether its actor must be asked for a slot
  bool fallback = false;      // it stands in for those the key is bound to
  error refusal{};            // why nobody can, in words for the client
  bool may_wait = false;      // somebody could, but is full
};

class account_pool {
 public:
  // Replaces the accounts; the status of those that stay is kept.
  void replace(std::vector<ready_account_ptr> accounts);
  // Ignored for an account that is not here (any more).
  void update(const account_id& id, const account_status& status);
  // Keeps away from an account as the verdict says, ahead of its actor's own word, which comes by
  // way of another worker and replaces this.
  void keep_away(const account_id& id, const verdict& verdict, steady_time now);

  // The account to try next. Refusals: no_account, with retry_after where an absence ends;
  // rate_limited where those that could are full, or away because their upstream limits them.
  // Time: O(accounts of the best priority that has an eligible one).
  choice choose(const choice_request& request);

  // How an account stands to a request that would have it rather than others.
  enum class standing : std::uint8_t {
    usable,
    busy,   // full or away for a time: others may help out
    unfit,  // it has failed this request, or is none of its accounts (any more)
  };
  standing assess(const account_id& id, const choice_request& request) const;
  // choose() for an account that is usable.
  choice take(const account_id& id, const choice_request& request);

  // Which account choose() would choose now, and what keeps each of the others out; changes
  // nothing. `session_account`: usable, and would be taken without a choice; null: there is none.
  // Time: that of a copy of the pool, about 0.1 ms for 1,000 accounts.
  choice_explanation explain(const choice_request& request,
                             const account_id* session_account = nullptr) const;

  bool has(const account_id& id) const { return index_.contains(id); }

  // What the account's status says of it; false if it is not here.
  bool must_ask(const account_id& id) const;
  // Of an account that is here; 0: it has none.
  std::uint32_t concurrency_limit(const account_id& id) const;

  // How often the account was chosen lately, since this was last asked.
  std::uint32_t take_attempts(const account_id& id, steady_time now);

  // The models that the key may ask for, whatever the accounts' states.
  model_offer offer(const api_key& key) const;

  // Whether any account could serve anything now; for /health/ready.
  bool any_usable(steady_time now) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct entry {
    ready_account_ptr account;
    account_status status;
    std::uint32_t attempts = 0;
    steady_time attempts_since{};
  };
  // What is looked at of every account, side by side.
  struct glance {
    steady_time away_until{};
    std::uint64_t seed = 0;  // of the account's id
    bool full = false;
  };
  struct tier {  // the accounts of one priority
    int priority = 0;
    std::size_t first = 0;  // range in its lane's order
    std::size_t count = 0;
    std::size_t next = 0;  // round robin: offset to start from
  };
  // The accounts that serve one kind of key: shared ones, or those of a group.
  struct lane {
    std::vector<std::size_t> order;  // into entries_, by priority, then by age
    std::vector<tier> tiers;
  };
  // From farthest to closest to being chosen.
  enum class refusal : std::uint8_t { none, inactive, other_api, model, failed, away, full };

  void add_to(lane& target, std::size_t index, const lane* before);
  lane* lane_of(const choice_request& request);
  std::optional<std::size_t> choose_in(lane& among, const choice_request& request) const;
  std::optional<std::size_t> choose_by_turn(lane& among, tier& level,
                                            const choice_request& request) const;
  std::optional<std::size_t> choose_by_spread(const lane& among, const tier& level,
                                              const choice_request& request) const;
  static bool is_out(const glance& seen, const choice_request& request);
  choice chosen(std::size_t index, steady_time now);
  bool eligible(std::size_t index, const choice_request& request) const;
  bool serves(std::size_t index, const choice_request& request) const;
  refusal check(const entry& candidate, const choice_request& request) const;
  steady_time back_at(const entry& candidate, const choice_request& request) const;
  choice refuse(const choice_request& request);
  account_explanation explain_one(std::size_t index, const choice_request& request,
                                  const choice& made, bool session) const;
  choice_reason reason_against(std::size_t index, const choice_request& request) const;

  std::vector<entry> entries_;                         // by priority, then by age
  std::vector<glance> glances_;                        // of entries_
  std::unordered_map<account_id, std::size_t> index_;  // into entries_
  lane shared_;
  std::unordered_map<group_id, lane> groups_;
};

}  // namespace baton::relay
