#include "storage/usage_groups.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace baton::storage {

std::uint32_t usage_groups::number(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto [found, made] = numbers_.try_emplace(std::string(name), next);
  if (made) names_.emplace_back(name);
  return found->second;
}

void usage_groups::add(wall_time start, std::uint32_t group, const relay::usage_counts& counts) {
  if (last_ == nullptr || start != last_start_) {
    last_ = &periods_[start];
    last_start_ = start;
  }
  (*last_)[group] += counts;
}

// The place of each group in the order of answers, by its number.
std::vector<std::uint32_t> usage_groups::ranks(const usage_query& query) const {
  std::vector<relay::usage_counts> totals(names_.size());
  if (query.top != 0) {
    for (const auto& [start, groups] : periods_) {
      for (const auto& [group, sum] : groups) totals[group] += sum;
    }
  }
  std::vector<std::uint32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto &x = totals[a], &y = totals[b];
    return std::tuple(y.cost_nanousd, y.tokens.total(), std::string_view(names_[a])) <
           std::tuple(x.cost_nanousd, x.tokens.total(), std::string_view(names_[b]));
  });
  std::vector<std::uint32_t> ranks(order.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) ranks[order[place]] = place;
  return ranks;
}

std::vector<usage_sum> usage_groups::take(const usage_query& query) && {
  const auto rank = ranks(query);
  const auto shown = query.top == 0 ? names_.size() : query.top;
  std::vector<usage_sum> found;
  for (auto& [start, groups] : periods_) {
    std::vector<std::uint32_t> order;
    usage_sum rest;
    rest.start = start;
    rest.is_rest = true;
    bool any_rest = false;
    for (const auto& [group, sum] : groups) {
      if (rank[group] < shown) {
        order.push_back(group);
      } else {
        rest += sum;
        any_rest = true;
      }
    }
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return rank[a] < rank[b]; });
    for (const auto group : order) {
      found.push_back({groups[group], start, names_[group]});
    }
    if (any_rest && query.with_rest) found.push_back(rest);
  }
  return found;
}

}  // namespace baton::storage
