#include "net/running_requests.hpp"

#include "net/exchange.hpp"

namespace baton::net {

error key_taken_away() {
  return downstream_error(error_code::unauthenticated,
                          "The API key has been disabled or deleted while the request ran.");
}

// Ending one runs its coroutine, which may end it altogether, but no other.
void running_requests::end_without(const relay::key_directory& keys) {
  for (auto each = entries_.begin(); each != entries_.end();) {
    auto& ex = (each++)->ex_;
    if (!ex.record.key) continue;  // it has ended, and its record is gone
    const auto key = keys.find(ex.record.key->hash);
    if (!key || !relay::check_usable(*key, wall_time::min())) ex.guard.call_off();
  }
}

}  // namespace baton::net
