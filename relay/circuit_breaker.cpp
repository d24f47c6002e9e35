#include "relay/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

namespace baton::relay {
namespace {

// Above this the oldest are forgotten: more failures than that are as telling.
constexpr std::size_t failures_max = 1024;

}  // namespace

circuit_breaker::state circuit_breaker::at(steady_time now) const {
  if (open_until_ == steady_time{}) return state::closed;
  return now < open_until_ ? state::open : state::half_open;
}

void circuit_breaker::on_failure(std::uint32_t attempts, steady_time now) {
  if (at(now) != state::closed) return;  // of a request that was under way when it opened
  failures_.push_back({now, std::max(attempts, 1u)});
  while (failures_.size() > failures_max || failures_.front().when + settings_.window <= now) {
    failures_.pop_front();
  }
  std::uint64_t attempted = 0;
  for (const failure& each : failures_) attempted += each.attempts;
  const bool often =
      failures_.size() >= std::min<std::size_t>(settings_.failures_min, failures_max);
  if (often && failures_.size() * 100 >= attempted * settings_.failure_share_percent) open(now);
}

void circuit_breaker::open(steady_time now) {
  const bool lately = open_for_.count() > 0 && now < closed_at_ + settings_.open_max;
  open_for_ = lately ? std::min(2 * open_for_, settings_.open_max) : settings_.open;
  open_until_ = now + open_for_;
  failures_.clear();
  probed_ = false;
}

bool circuit_breaker::try_probe(steady_time now) {
  return at(now) == state::half_open && !std::exchange(probed_, true);
}

void circuit_breaker::probe_succeeded(steady_time now) {
  if (at(now) != state::half_open) return;
  open_until_ = {};
  closed_at_ = now;
  probed_ = false;
}

void circuit_breaker::probe_failed(steady_time now) {
  if (at(now) != state::half_open) return;
  closed_at_ = now;
  open(now);
}

void circuit_breaker::reset() {
  *this = circuit_breaker(settings_);
}

std::string_view to_string(circuit_breaker::state state) {
  switch (state) {
    case circuit_breaker::state::closed: return "closed";
    case circuit_breaker::state::open: return "open";
    case circuit_breaker::state::half_open: return "half_open";
  }
  return "closed";
}

}  // namespace baton::relay
