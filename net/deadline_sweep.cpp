#include "net/deadline_sweep.hpp"

namespace baton::net {

deadline_sweep::deadline_sweep(event_loop& loop) : loop_(loop), timer_(loop.context()) {}

void deadline_sweep::start() {
  timer_.expires_after(resolution);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const auto& failure) {
    // Destroying the timer does not take back a handler that is queued already.
    if (failure || alive.expired()) return;
    event_loop::scope event(loop_);
    sweep(steady_now());
    start();
  });
}

void deadline_sweep::sweep(steady_time now) {
  now_ = now;
  for (auto each = entries_.begin(); each != entries_.end();) {
    auto& member = *each++;
    if (member.deadline_ > now) continue;
    member.never_expire();
    member.on_deadline();
  }
}

}  // namespace baton::net
