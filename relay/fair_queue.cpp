#include "relay/fair_queue.hpp"

#include <algorithm>
#include <string>

namespace baton::relay {
namespace {

constexpr int priority_first = 1;
constexpr int priority_last = 100;

int priority_of(const fair_queue::waiter& request) {
  return std::clamp(request.priority, priority_first, priority_last);
}

}  // namespace

result<fair_queue::ticket> fair_queue::join(const waiter& request, steady_time now) {
  if (auto room = check_room(request, now); !room) return room.error();
  if (places_.empty()) pace_.waiting_began(now);
  auto& entry = lane_of(request.key, priority_of(request));
  const ticket id = next_ticket_++;
  const auto position = entry.second.waiting.insert(entry.second.waiting.end(), id);
  ++tiers_[entry.second.priority].waiting;
  places_.emplace(id, place{&entry, position, request.deadline});
  deadlines_.emplace(request.deadline, id);
  return id;
}

result<void> fair_queue::check_room(const waiter& request, steady_time now) const {
  const std::size_t of_key = size(request.key);
  if (size() < bounds_.waiting_max && of_key < bounds_.per_key_max) return {};
  error full = downstream_error(
      error_code::rate_limited,
      of_key >= bounds_.per_key_max
          ? "The queue is full: " + std::to_string(of_key) + " requests of this key wait"
          : "The queue is full: " + std::to_string(size()) + " requests wait for an account");
  full.retry_after = expected_wait(request, now);
  full.limit = limit_kind::queue;
  return full;
}

// How many would be served before one that joined now: all of better priorities, and of its own as
// many of each key as its own key has, and one more.
std::size_t fair_queue::ahead_of(const waiter& request) const {
  std::size_t ahead = 0;
  for (const auto& [priority, tier] : tiers_) {
    if (priority > priority_of(request)) break;
    const std::size_t rounds =
        priority < priority_of(request) ? tier.waiting : size(request.key) + 1;
    ahead += std::min(tier.waiting, rounds * tier.turns.size());
  }
  return ahead;
}

fair_queue::lane_entry& fair_queue::lane_of(const key_id& key, int priority) {
  const auto [found, is_new] = lanes_.try_emplace(key);
  auto& entry = *found;
  if (!is_new && entry.second.priority == priority) return entry;
  if (!is_new) leave_tier(entry);
  enter_tier(entry, priority);
  return entry;
}

// Behind all others of that priority.
void fair_queue::enter_tier(lane_entry& entry, int priority) {
  auto& [key, lane] = entry;
  lane.priority = priority;
  lane.turn = next_turn_++;
  auto& tier = tiers_[priority];
  tier.turns.emplace(lane.turn, &entry);
  tier.waiting += lane.waiting.size();
}

void fair_queue::leave_tier(lane_entry& entry) {
  const auto& [key, lane] = entry;
  const auto tier = tiers_.find(lane.priority);
  tier->second.turns.erase(lane.turn);
  tier->second.waiting -= lane.waiting.size();
  if (tier->second.turns.empty()) tiers_.erase(tier);
}

bool fair_queue::leave(ticket id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return false;
  remove(found);
  return true;
}

void fair_queue::serve(ticket id, steady_time now) {
  const auto found = places_.find(id);
  auto& entry = *found->second.lane;
  // Its key has had its turn and goes behind the others.
  leave_tier(entry);
  enter_tier(entry, entry.second.priority);
  remove(found);
  pace_.served(now);
}

void fair_queue::remove(places::iterator found) {
  const auto& [lane_entry, position, deadline] = found->second;
  auto& [key, lane] = *lane_entry;
  --tiers_[lane.priority].waiting;
  lane.waiting.erase(position);
  deadlines_.erase({deadline, found->first});
  if (lane.waiting.empty()) {
    leave_tier(*lane_entry);
    lanes_.erase(lanes_.find(key));
  }
  places_.erase(found);
}

std::vector<fair_queue::ticket> fair_queue::expired(steady_time now) {
  std::vector<ticket> due;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    due.push_back(deadlines_.begin()->second);
    leave(due.back());
  }
  return due;
}

std::optional<steady_time> fair_queue::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

std::size_t fair_queue::size(const key_id& key) const {
  const auto lane = lanes_.find(key);
  return lane == lanes_.end() ? 0 : lane->second.waiting.size();
}

}  // namespace baton::relay
