#include "bench/delay_samples.hpp"

#include <algorithm>
#include <limits>

namespace baton::bench {

void delay_samples::add(std::chrono::nanoseconds delay) {
  nanoseconds_.push_back(static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(delay.count(), 0, std::numeric_limits<std::uint32_t>::max())));
}

double delay_samples::quantile_us(double share) {
  if (nanoseconds_.empty()) return 0;
  const auto last = static_cast<double>(nanoseconds_.size() - 1);
  const auto at = nanoseconds_.begin() + static_cast<std::ptrdiff_t>(share * last);
  std::nth_element(nanoseconds_.begin(), at, nanoseconds_.end());
  return *at / 1000.0;
}

}  // namespace baton::bench
