// Sums up rows of usage by period and group, and picks the groups that matter most.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/usage_query.hpp"

namespace baton::storage {

class usage_groups {
 public:
  // The number of the group of this name; there are as many as names were given.
  std::uint32_t number(std::string_view name);

  // `counts` is of a row whose period is or lies in the one that begins at `start`.
  void add(wall_time start, std::uint32_t group, const relay::usage_counts& counts);

  // By start. Within a period by name, or, if `query` wants the top only, these by rank and the
  // rest at the end.
  std::vector<usage_sum> take(const usage_query& query) &&;

 private:
  using period_sums = std::unordered_map<std::uint32_t, relay::usage_counts>;

  std::vector<std::uint32_t> ranks(const usage_query& query) const;

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::map<wall_time, period_sums> periods_;
  // Rows mostly come in order of time; the period of the last one is at hand.
  wall_time last_start_{};
  period_sums* last_ = nullptr;
};

}  // namespace baton::storage
