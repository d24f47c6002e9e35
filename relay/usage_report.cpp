#include "relay/usage_report.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace baton::relay {
namespace {

using counts_by_tag = std::map<std::string, usage_counts>;

constexpr const char* no_tag = "(no tag)";

// All tags, those with the most cost first, then those with the most tokens, then by name.
std::vector<std::string> ranked(const std::map<wall_time, counts_by_tag>& periods) {
  counts_by_tag totals;
  for (const auto& [start, tags] : periods) {
    for (const auto& [tag, counts] : tags) totals[tag] += counts;
  }
  std::vector<std::string> order;
  for (const auto& [tag, counts] : totals) order.push_back(tag);
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    const auto &x = totals[a], &y = totals[b];
    return std::tuple(x.cost_nanousd, x.tokens.total()) >
           std::tuple(y.cost_nanousd, y.tokens.total());
  });
  return order;
}

}  // namespace

usage_counts total_of(const std::vector<usage_entry>& entries) {
  usage_counts total;
  for (const auto& entry : entries) total += entry.counts;
  return total;
}

std::vector<usage_entry> by_tag(
    const std::vector<usage_entry>& keys, std::size_t top,
    const std::function<std::vector<std::string>(const std::string& key_id)>& tags_of) {
  std::map<wall_time, counts_by_tag> periods;
  for (const auto& entry : keys) {
    auto tags = tags_of(entry.group);
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    if (tags.empty()) tags.emplace_back();
    for (const auto& tag : tags) periods[entry.start][tag] += entry.counts;
  }
  const auto order = ranked(periods);
  const auto shown = top == 0 ? order.size() : std::min(top, order.size());
  std::vector<usage_entry> entries;
  for (const auto& [start, tags] : periods) {
    usage_entry rest{start, {}, {}, true, {}};
    for (std::size_t place = 0; place < order.size(); ++place) {
      const auto& tag = order[place];
      const auto found = tags.find(tag);
      if (found == tags.end()) continue;
      if (place < shown) {
        entries.push_back({start, tag, tag.empty() ? no_tag : tag, false, found->second});
      } else {
        rest.counts += found->second;
      }
    }
    if (rest.counts != usage_counts{}) entries.push_back(std::move(rest));
  }
  return entries;
}

}  // namespace baton::relay
