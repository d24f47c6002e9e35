#include "relay/service_pace.hpp"

#include <algorithm>

namespace baton::relay {
namespace {

// Of the newest interval in the exponential average: the last ten or so decide.
constexpr double newest_share = 0.125;

constexpr std::chrono::duration<double> time_min{1};
constexpr std::chrono::duration<double> time_max{300};

}  // namespace

void service_pace::served(steady_time now) {
  const seconds interval = now - since_;
  average_ = average_ ? *average_ + (interval - *average_) * newest_share : interval;
  since_ = now;
}

std::chrono::seconds service_pace::time_for(std::size_t ahead, steady_time now) const {
  // A line that has stood still for longer than usual is not expected to move as usual.
  const seconds interval = std::max(average_.value_or(seconds{0}), seconds{now - since_});
  const seconds time = interval * static_cast<double>(ahead);
  return std::chrono::ceil<std::chrono::seconds>(std::clamp(time, time_min, time_max));
}

}  // namespace baton::relay
