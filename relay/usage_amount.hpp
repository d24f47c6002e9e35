// What one request uses of its key's limits.
#pragma once

#include <algorithm>
#include <cstdint>

namespace baton::relay {

struct usage_amount {
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;
  bool claude = false;  // of a Claude model: the cost counts against the weekly limit too

  usage_amount& operator+=(const usage_amount& other) {
    tokens += other.tokens;
    cost_nanousd += other.cost_nanousd;
    return *this;
  }
};

// What a request may use, as known before it runs.
struct usage_estimate {
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;  // rated
  bool takes_slot = true;          // counts against the concurrency limit (count_tokens does not)
  bool claude = false;             // it may be answered by a Claude model
};

// More than any request uses. Estimates come from what a client wrote; sums of these do not wrap.
inline constexpr std::uint64_t amount_max = std::uint64_t{1} << 40;  // tokens
// With rates, a cost may stand for another currency.
inline constexpr std::uint64_t cost_nanousd_max = std::uint64_t{1} << 60;

constexpr usage_amount bounded(const usage_amount& amount) {
  return {std::min(amount.tokens, amount_max), std::min(amount.cost_nanousd, cost_nanousd_max),
          amount.claude};
}
constexpr usage_amount bounded(const usage_estimate& estimate) {
  return bounded(usage_amount{estimate.tokens, estimate.cost_nanousd, estimate.claude});
}

}  // namespace baton::relay
