// What requests have cost in a period, and what those that run may cost: decides whether one more
// may run against a limit. All amounts are nano-USD; a limit of 0 is none.
//
// What a request will cost is not known, only what it may cost at most. A limit that were compared
// with that alone could not be used up by any request whose maximum is larger. So the rule is:
//
// | used                    | others run  | with its own maximum     | the request              |
// |-------------------------|-------------|--------------------------|--------------------------|
// | has reached the limit   |             |                          | is refused               |
// | is below it             | some        | it could pass the limit  | is to come back soon     |
// | is below it             | some        | it cannot                | runs                     |
// | is below it             | none        |                          | runs                     |
//
// However many ask at once, a limit is passed by the cost of one request at most.
#pragma once

#include <cstdint>

namespace baton::relay {

class cost_budget {
 public:
  bool spent(std::uint64_t limit) const { return limit != 0 && used_ >= limit; }
  // There is no room for this beside what runs.
  bool crowded(std::uint64_t limit, std::uint64_t estimate) const {
    return limit != 0 && reserved_ != 0 && plus(plus(used_, reserved_), estimate) > limit;
  }

  void reserve(std::uint64_t estimate) { reserved_ = plus(reserved_, estimate); }
  void release(std::uint64_t estimate) { reserved_ = minus(reserved_, estimate); }
  void add(std::uint64_t cost) { used_ = plus(used_, cost); }
  // It was more than is known here.
  void raise(std::uint64_t used) { used_ = used > used_ ? used : used_; }
  // The next period: what runs will count in it.
  void restart() { used_ = 0; }

  std::uint64_t used() const { return used_; }
  std::uint64_t reserved() const { return reserved_; }

 private:
  // Instead of wrapping they stop at the ends.
  static std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
  }
  static std::uint64_t minus(std::uint64_t a, std::uint64_t b) { return a < b ? 0 : a - b; }

  std::uint64_t used_ = 0;
  std::uint64_t reserved_ = 0;
};

}  // namespace baton::relay
