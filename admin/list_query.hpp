// The queries of lists: /api/v2/keys?search=team&isActive=true&page=2
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/call.hpp"
#include "relay/stats_query.hpp"

namespace baton::admin {

// A query's parameters, unescaped. Errors are invalid_argument naming the parameter and what is
// allowed.
class query_parameters {
 public:
  // Unknown names are refused, and names that come twice unless they are in `repeated`.
  static result<query_parameters> read(std::string_view query,
                                       std::span<const std::string_view> allowed,
                                       std::span<const std::string_view> repeated = {});

  // Empty: it was not given, or is.
  std::string_view text(std::string_view name) const;
  result<std::optional<bool>> flag(std::string_view name) const;  // true or false
  result<std::uint64_t> number(std::string_view name, std::uint64_t min, std::uint64_t max,
                               std::uint64_t otherwise) const;
  // One of these.
  result<std::string_view> choice(std::string_view name, std::span<const std::string_view> allowed,
                                  std::string_view otherwise) const;

 private:
  struct parameter {
    std::string name, value;
  };
  std::vector<parameter> all_;
};

// What every list takes.
inline constexpr std::string_view page_parameters[] = {"page", "pageSize", "search", "sort",
                                                       "order"};

struct list_query {
  std::size_t page = 1;
  std::size_t page_size = 20;  // up to 1000
  std::string search;          // lower case; part of a name, a description, an id or a tag
  std::string_view sort;       // one of those the list can be sorted by
  bool descending = false;
};

// `sorts`: what the list can be sorted by; the first is the default.
result<list_query> read_list_query(const query_parameters& given,
                                   std::span<const std::string_view> sorts);

// Whether one of the texts contains `search`, which is lower case, in any case.
bool contains(std::string_view search, std::initializer_list<std::string_view> texts,
              const std::vector<std::string>& words = {});

// Empty behind the last page.
template <class T>
std::span<const T> page_of(const list_query& query, const std::vector<T>& all) {
  const auto size = query.page_size;
  if (query.page - 1 > all.size() / size) return {};
  const auto begin = std::min((query.page - 1) * size, all.size());
  return std::span(all).subspan(begin, std::min(size, all.size() - begin));
}

// {"items","total","page","pageSize"}; only the objects of the page are shown.
template <class T, class Show>
ordered_json page_json(const list_query& query, const std::vector<T>& all, Show show) {
  auto items = ordered_json::array();
  for (const auto& each : page_of(query, all)) items.push_back(show(each));
  return {{"items", std::move(items)},
          {"total", all.size()},
          {"page", query.page},
          {"pageSize", query.page_size}};
}

// Single requests: the filters of statistics, and where the page begins.
struct record_page {
  relay::stats_query filter;
  std::optional<std::uint64_t> before;
  std::size_t limit = 100;
};

result<record_page> read_record_query(std::string_view query, wall_time now);

}  // namespace baton::admin
