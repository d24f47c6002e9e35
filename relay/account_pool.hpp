// Chooses an account for a request out of a worker's view of all accounts: the filters, then
// priority, then round robin within one priority. Without I/O and without a clock.
//
// Owned by a worker's scheduler actor, which keeps it current with facts from the account actors.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/api.hpp"
#include "relay/platform.hpp"

namespace baton::relay {

// What changes about an account while it runs. The account actor owns the truth and publishes it.
struct account_status {
  steady_time cooling_until{};  // not before this; the epoch: now
  bool full = false;            // every slot of its concurrency limit is taken
};

struct choice_request {
  const relay::api* protocol = nullptr;
  std::string_view model;                     // empty: the request names none
  const account_id* bound_account = nullptr;  // null: the whole pool
  std::span<const account_id> excluded;       // tried by this request already
  steady_time now{};
};

class account_pool {
 public:
  // Replaces the accounts; the status of those that stay is kept.
  void replace(std::vector<ready_account_ptr> accounts);
  // Ignored for an account that is not here (any more).
  void update(const account_id& id, const account_status& status);

  // The account to try next. Errors (no_account): why nobody can, in words for the client, with
  // retry_after where a cooldown ends; rate_limited where all that could are full.
  // Time: O(accounts of the best priority that has an eligible one), typically O(1).
  result<ready_account_ptr> choose(const choice_request& request);

  // Whether any account could serve anything now; for /health/ready.
  bool any_usable(steady_time now) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct entry {
    ready_account_ptr account;
    account_status status;
  };
  struct tier {  // the accounts of one priority
    int priority = 0;
    std::size_t first = 0;  // range in entries_
    std::size_t count = 0;
    std::size_t next = 0;  // round robin: offset to start from
  };
  // From farthest to closest to being chosen.
  enum class refusal : std::uint8_t {
    none,
    bound_elsewhere,
    inactive,
    other_api,
    model,
    excluded,
    cooling,
    full
  };

  static bool eligible(const entry& candidate, const choice_request& request);
  static refusal check(const entry& candidate, const choice_request& request);
  error refuse(const choice_request& request) const;
  std::size_t next_in(int priority) const;

  std::vector<entry> entries_;  // by priority, then by age
  std::vector<tier> tiers_;
  std::unordered_map<account_id, std::size_t> index_;  // into entries_
};

}  // namespace baton::relay
