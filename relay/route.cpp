#include "relay/route.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "relay/platforms/registry.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view hole = "{}";

bool has_hole(std::string_view path) {
  return path.find(hole) != path.npos;
}

// Rows without a hole in order of their path's length, and where each length begins: a path is
// compared with the few rows of its own length only.
class route_index {
 public:
  route_index();

  std::span<const route> all() const { return all_; }
  route_match match(std::string_view method, std::string_view path) const;

 private:
  void match_exactly(std::string_view path, std::string_view method, route_match& match) const;
  void match_patterns(std::string_view path, std::string_view method, route_match& match) const;

  std::vector<route> all_;  // those without a hole come first
  std::size_t exact_ = 0;   // how many they are
  std::vector<std::size_t> first_;
};

route_index::route_index() {
  for (const auto& table : route_tables()) {
    all_.insert(all_.end(), table.rows.begin(), table.rows.end());
  }
  const auto patterns = std::stable_partition(all_.begin(), all_.end(),
                                              [](const route& row) { return !has_hole(row.path); });
  exact_ = static_cast<std::size_t>(patterns - all_.begin());
  std::stable_sort(all_.begin(), patterns,
                   [](const route& a, const route& b) { return a.path.size() < b.path.size(); });
  const std::size_t longest = exact_ == 0 ? 0 : all_[exact_ - 1].path.size();
  for (std::size_t at = 0, length = 0; length <= longest + 1; ++length) {
    while (at < exact_ && all_[at].path.size() < length) ++at;
    first_.push_back(at);
  }
}

// What a path's row says of a method; true if it is the one.
bool take(const route& row, std::string_view method, route_match& match) {
  match.protocol = row.protocol;
  if (row.method == method) {
    match.found = &row;
    return true;
  }
  if (!match.allow.empty()) match.allow += ", ";
  match.allow += row.method;
  return false;
}

void route_index::match_exactly(std::string_view path, std::string_view method,
                                route_match& match) const {
  if (path.size() + 1 >= first_.size()) return;
  for (std::size_t i = first_[path.size()]; i < first_[path.size() + 1]; ++i) {
    if (all_[i].path == path && take(all_[i], method, match)) return;
  }
}

// Names of models may have slashes; ids have none.
bool may_stand_in(const route& row, std::string_view parameter) {
  return !parameter.empty() &&
         (row.op != operation::stored_answer || parameter.find('/') == parameter.npos);
}

void route_index::match_patterns(std::string_view path, std::string_view method,
                                 route_match& match) const {
  for (std::size_t i = exact_; i < all_.size(); ++i) {
    const std::string_view pattern = all_[i].path;
    const auto place = pattern.find(hole);
    const auto before = pattern.substr(0, place), behind = pattern.substr(place + hole.size());
    if (path.size() <= before.size() + behind.size() || !path.starts_with(before) ||
        !path.ends_with(behind)) {
      continue;
    }
    const auto parameter = path.substr(before.size(), path.size() - before.size() - behind.size());
    if (!may_stand_in(all_[i], parameter)) continue;
    match.parameter = parameter;
    if (take(all_[i], method, match)) return;
  }
}

// HEAD is not accepted in place of GET.
route_match route_index::match(std::string_view method, std::string_view path) const {
  route_match match;
  match_exactly(path, method, match);
  if (match.found == nullptr && match.allow.empty()) match_patterns(path, method, match);
  if (match.found != nullptr) match.allow.clear();
  if (match.protocol != nullptr) return match;
  for (const auto& table : route_tables()) {
    if (path.starts_with(table.prefix)) match.protocol = table.protocol;
  }
  return match;
}

const route_index& routes() {
  static const route_index index;
  return index;
}

}  // namespace

route_match match_route(std::string_view method, std::string_view path) {
  return routes().match(method, path);
}

std::span<const route> all_routes() {
  return routes().all();
}

std::string upstream_path(const route& to, std::string_view parameter) {
  std::string path(to.upstream_path);
  if (const auto place = path.find(hole); place != path.npos) {
    path.replace(place, hole.size(), parameter);
  }
  return path;
}

}  // namespace baton::relay
