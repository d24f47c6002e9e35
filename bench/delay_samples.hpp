// Delays as they were measured; quantiles are exact.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace baton::bench {

class delay_samples {
 public:
  // Delays above 4 s count as 4 s, negative ones as none.
  void add(std::chrono::nanoseconds delay);
  void clear() { nanoseconds_.clear(); }

  std::size_t count() const { return nanoseconds_.size(); }
  // 0.5 is the median, 1 the longest; 0 without samples.
  double quantile_us(double share);

 private:
  std::vector<std::uint32_t> nanoseconds_;
};

}  // namespace baton::bench
