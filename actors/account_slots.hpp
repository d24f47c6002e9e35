// The taken slots of one account: who has each, and until when at the latest. Outlives the
// account's actor, so that a restarted actor knows what its predecessor had granted.
//
// A slot is given back exactly once: by its lease, whose destructor marks it from whatever thread
// it runs on; or by reclaim(), from an owner that died without it or that kept it too long. All
// else belongs to the account's worker.
#pragma once

#include <caf/actor_addr.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>

#include "base/time.hpp"

namespace baton::actors {

class account_slots {
 public:
  struct slot {
    caf::actor_addr owner;
    steady_time expires;
    std::atomic<bool> returned = false;  // by its lease; still to be taken back
    std::atomic<bool> declined = false;  // it was offered, and nobody wanted it
  };
  using number = std::uint64_t;

  // The new slot's number, and what its lease marks.
  std::pair<number, std::shared_ptr<slot>> take(const caf::actor_addr& owner, steady_time expires);
  // Null if it has been given back before.
  std::shared_ptr<slot> give_back(number which);
  // Gives back what was returned, has expired, or belongs to an actor that is dead. How many.
  std::size_t reclaim(steady_time now);
  std::size_t taken() const { return slots_.size(); }
  bool has(number which) const { return slots_.contains(which); }

 private:
  std::map<number, std::shared_ptr<slot>> slots_;  // at most as many as requests run
  number next_ = 1;
};

}  // namespace baton::actors
