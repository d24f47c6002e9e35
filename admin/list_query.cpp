#include "admin/list_query.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "relay/percent_text.hpp"
#include "relay/query_text.hpp"

namespace baton::admin {
namespace {

constexpr std::size_t query_bytes_max = 16 * 1024;
constexpr std::size_t page_max = 1'000'000;
constexpr std::size_t page_size_max = 1000;
constexpr std::size_t page_size_default = 20;
constexpr std::size_t records_max = 1000;
constexpr std::size_t records_default = 100;

error unusable(std::string_view name, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(name).append(": ").append(what));
}

std::string unescaped(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return relay::percent_decode_leniently(spaced);
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string listed(std::span<const std::string_view> names) {
  std::string list;
  for (const auto each : names) list.append(list.empty() ? "" : ", ").append(each);
  return list;
}

// What errors may repeat of a foreign text: its printable beginning.
std::string printable(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (auto& c : shown) {
    if (c < ' ' || c > '~') c = '?';
  }
  return "'" + shown + "'";
}

}  // namespace

result<query_parameters> query_parameters::read(std::string_view query,
                                                std::span<const std::string_view> allowed,
                                                std::span<const std::string_view> repeated) {
  if (query.size() > query_bytes_max) {
    return downstream_error(error_code::invalid_argument, "the query is longer than 16 KiB");
  }
  query_parameters parsed;
  result<void> outcome;
  relay::for_each_parameter(query, [&](const relay::query_parameter& each) {
    if (!outcome) return;
    parameter given{unescaped(each.name), unescaped(each.value)};
    const bool again =
        std::any_of(parsed.all_.begin(), parsed.all_.end(),
                    [&](const parameter& other) { return other.name == given.name; });
    if (!is_one_of(given.name, allowed)) {
      outcome =
          downstream_error(error_code::invalid_argument,
                           printable(given.name) + " is no parameter; allowed: " + listed(allowed));
    } else if (again && !is_one_of(given.name, repeated)) {
      outcome = unusable(given.name, "is given twice");
    } else {
      parsed.all_.push_back(std::move(given));
    }
  });
  if (!outcome) return outcome.error();
  return parsed;
}

std::string_view query_parameters::text(std::string_view name) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const parameter& each) { return each.name == name; });
  return found == all_.end() ? std::string_view() : std::string_view(found->value);
}

result<std::optional<bool>> query_parameters::flag(std::string_view name) const {
  const auto value = text(name);
  if (value.empty()) return std::optional<bool>();
  if (value == "true") return std::optional(true);
  if (value == "false") return std::optional(false);
  return unusable(name, "allowed: true, false");
}

result<std::uint64_t> query_parameters::number(std::string_view name, std::uint64_t min,
                                               std::uint64_t max, std::uint64_t otherwise) const {
  const auto value = text(name);
  if (value.empty()) return otherwise;
  const auto number = text::parse_number<std::uint64_t>(value);
  if (number && *number >= min && *number <= max) return *number;
  return unusable(
      name, "allowed: a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

result<std::string_view> query_parameters::choice(std::string_view name,
                                                  std::span<const std::string_view> allowed,
                                                  std::string_view otherwise) const {
  const auto value = text(name);
  if (value.empty()) return otherwise;
  const auto found = std::find(allowed.begin(), allowed.end(), value);
  if (found == allowed.end()) return unusable(name, "allowed: " + listed(allowed));
  return *found;
}

result<list_query> read_list_query(const query_parameters& given,
                                   std::span<const std::string_view> sorts) {
  constexpr std::array<std::string_view, 2> orders = {"asc", "desc"};
  list_query query;
  const auto page = given.number("page", 1, page_max, 1);
  if (!page) return page.error();
  const auto size = given.number("pageSize", 1, page_size_max, page_size_default);
  if (!size) return size.error();
  const auto sort = given.choice("sort", sorts, sorts.front());
  if (!sort) return sort.error();
  const auto order = given.choice("order", orders, orders.front());
  if (!order) return order.error();
  query.page = *page;
  query.page_size = *size;
  query.search = text::to_lower(text::trim(given.text("search")));
  query.sort = *sort;
  query.descending = *order == "desc";
  return query;
}

bool contains(std::string_view search, std::initializer_list<std::string_view> texts,
              const std::vector<std::string>& words) {
  if (search.empty()) return true;
  const auto has_it = [search](std::string_view text) {
    return text::to_lower(text).find(search) != std::string::npos;
  };
  return std::any_of(texts.begin(), texts.end(), has_it) ||
         std::any_of(words.begin(), words.end(), has_it);
}

result<record_page> read_record_query(std::string_view query, wall_time now) {
  constexpr std::array<std::string_view, 9> allowed = {
      "from", "to", "key", "account", "model", "platform", "tag", "limit", "before"};
  constexpr std::array<std::string_view, 5> repeated = {"key", "account", "model", "platform",
                                                        "tag"};
  const auto given = query_parameters::read(query, allowed, repeated);
  if (!given) return given.error();
  record_page page;
  const auto limit = given->number("limit", 1, records_max, records_default);
  if (!limit) return limit.error();
  const auto before = given->number("before", 1, std::uint64_t{1} << 62, 0);
  if (!before) return before.error();
  page.limit = *limit;
  if (*before != 0) page.before = *before;
  std::string filters;
  relay::for_each_parameter(query, [&](const relay::query_parameter& each) {
    const auto name = unescaped(each.name);
    if (name != "limit" && name != "before") filters.append(each.text).append("&");
  });
  auto filter = relay::parse_stats_query(filters, now);
  if (!filter) return filter.error();
  page.filter = *std::move(filter);
  return page;
}

}  // namespace baton::admin
