#include "actors/account_slots.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>

namespace baton::actors {
namespace {

bool has_died(const caf::actor_addr& address) {
  const auto strong = caf::actor_cast<caf::strong_actor_ptr>(address);
  return !strong || strong->get()->getf(caf::abstract_actor::is_terminated_flag);
}

}  // namespace

std::pair<account_slots::number, std::shared_ptr<account_slots::slot>> account_slots::take(
    const caf::actor_addr& owner, steady_time expires) {
  auto taken = std::make_shared<slot>();
  taken->owner = owner;
  taken->expires = expires;
  const auto which = next_++;
  slots_.emplace(which, taken);
  return {which, std::move(taken)};
}

std::shared_ptr<account_slots::slot> account_slots::give_back(number which) {
  const auto found = slots_.find(which);
  if (found == slots_.end()) return nullptr;
  auto given = std::move(found->second);
  slots_.erase(found);
  return given;
}

std::size_t account_slots::reclaim(steady_time now) {
  return std::erase_if(slots_, [now](const auto& entry) {
    const slot& held = *entry.second;
    return held.returned || held.expires <= now || has_died(held.owner);
  });
}

}  // namespace baton::actors
