// Where requests wait when every account that could serve them is full. Bounded; fair between keys:
// those with the smaller priority number first, then round robin over the keys that wait, and first
// come, first served within a key. Without I/O and without a clock.
//
// The owner calls take() when something has become free, leave() when a client has gone, and
// expired() at next_deadline(). Every ticket leaves exactly once, by one of these three. Each costs
// O(log n), a take() also one call of `fits` for everyone it passes over.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/service_pace.hpp"

namespace baton::relay {

class fair_queue {
 public:
  using ticket = std::uint64_t;  // never 0, never used again
  struct settings {
    std::size_t waiting_max = 0;
    std::size_t per_key_max = 0;
  };
  struct waiter {
    key_id key;
    int priority = 50;  // 1..100 of the key; a changed one counts for all that wait
    steady_time deadline{};
  };

  explicit fair_queue(const settings& bounds) : bounds_(bounds) {}

  // Errors: rate_limited when there is no place, with the time after which those ahead are served.
  result<ticket> join(const waiter& request, steady_time now);

  // How long it takes until one that joined now would be served.
  std::chrono::seconds expected_wait(const waiter& request, steady_time now) const {
    return pace_.time_for(ahead_of(request), now);
  }

  // Frees its place at once. False: it does not wait (any more).
  bool leave(ticket id);

  // The next in order for whom fits(ticket) holds. It is its key's turn then; all others keep their
  // places and their keys' turns. `fits` must not change the queue. Whose deadline has passed is
  // served as long as expired() has not said otherwise.
  template <class Fits>
  std::optional<ticket> take(Fits fits, steady_time now);

  // Removes those whose deadline is `now` or was before; by deadline.
  std::vector<ticket> expired(steady_time now);
  std::optional<steady_time> next_deadline() const;

  std::size_t size() const { return places_.size(); }
  std::size_t size(const key_id& key) const;

 private:
  struct lane {  // of a key, while some of its requests wait
    int priority = 0;
    std::uint64_t turn = 0;
    std::list<ticket> waiting;
  };
  using lane_entry = std::pair<const key_id, lane>;
  struct tier {                                  // the lanes of one priority
    std::map<std::uint64_t, lane_entry*> turns;  // whose turn is first
    std::size_t waiting = 0;
  };
  struct place {
    lane_entry* lane = nullptr;
    std::list<ticket>::iterator position;
    steady_time deadline{};
  };
  using places = std::unordered_map<ticket, place>;

  result<void> check_room(const waiter& request, steady_time now) const;
  std::size_t ahead_of(const waiter& request) const;
  lane_entry& lane_of(const key_id& key, int priority);
  void enter_tier(lane_entry& entry, int priority);
  void leave_tier(lane_entry& entry);
  void serve(ticket id, steady_time now);
  void remove(places::iterator found);

  settings bounds_;
  places places_;
  std::unordered_map<key_id, lane> lanes_;
  std::map<int, tier> tiers_;  // by priority
  std::set<std::pair<steady_time, ticket>> deadlines_;
  service_pace pace_;
  ticket next_ticket_ = 1;
  std::uint64_t next_turn_ = 0;
};

template <class Fits>
std::optional<fair_queue::ticket> fair_queue::take(Fits fits, steady_time now) {
  for (const auto& [priority, tier] : tiers_) {
    for (const auto& [turn, entry] : tier.turns) {
      for (const ticket candidate : entry->second.waiting) {
        if (!fits(candidate)) continue;
        serve(candidate, now);
        return candidate;
      }
    }
  }
  return std::nullopt;
}

}  // namespace baton::relay
