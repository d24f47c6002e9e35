#include "base/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace baton {
namespace {

// Slips between two words: single characters put in, taken out, replaced or swapped with their
// neighbour (the restricted Damerau-Levenshtein distance).
std::size_t slips_between(std::string_view a, std::string_view b) {
  // row(i)[j]: slips between the first i characters of a and the first j of b.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, row[j - 1] + 1, last[j] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last.back();
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

std::string_view nearest_name(std::string_view wrong, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t best_slips = std::max<std::size_t>(1, wrong.size() / 4) + 1;
  for (const auto name : names) {
    const bool cut_short = wrong.size() >= 4 && name.substr(0, wrong.size()) == wrong;
    const bool same_key = last_part(name) == last_part(wrong);
    const auto slips = same_key || cut_short ? 1 : slips_between(wrong, name);
    if (slips < best_slips) {
      best = name;
      best_slips = slips;
    }
  }
  return best;
}

}  // namespace baton
