#include "relay/stats_query.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/timestamps.hpp"
#include "relay/percent_text.hpp"
#include "relay/query_text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t query_bytes_max = 16 * 1024;
constexpr std::size_t names_max = 200;  // of one filter
constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t top_max = 1000;
constexpr std::size_t page_max = 1'000'000;
constexpr std::size_t page_size_max = 1000;

error unusable(std::string_view name, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(name) + ": " + std::string(what));
}

std::string unescaped(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode_leniently(spaced);
}

// What errors may repeat of a foreign text: its printable beginning.
std::string printable(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (auto& c : shown) {
    if (c < ' ' || c > '~') c = '?';
  }
  return "'" + shown + "'";
}

struct parameter {
  std::string name;
  std::string value;
};

using reader = result<void> (*)(stats_query&, const parameter&, wall_time);

template <std::optional<wall_time> stats_query::*Field>
result<void> read_time(stats_query& to, const parameter& given, wall_time now) {
  to.*Field = parse_moment(given.value, now);
  if (to.*Field) return {};
  return unusable(given.name, "is no time; allowed: " + std::string(moment_forms));
}

result<void> read_granularity(stats_query& to, const parameter& given, wall_time) {
  for (const auto each :
       {usage_period::hour, usage_period::day, usage_period::month, usage_period::all}) {
    if (given.value != to_string(each)) continue;
    to.granularity = each;
    return {};
  }
  return unusable(given.name, "allowed: hour, day, month, all");
}

result<void> read_group(stats_query& to, const parameter& given, wall_time) {
  to.by_tag = given.value == "tag";
  if (to.by_tag) {
    to.group_by = usage_group::key;
    return {};
  }
  for (const auto each : {usage_group::none, usage_group::key, usage_group::account,
                          usage_group::model, usage_group::platform}) {
    if (given.value != to_string(each)) continue;
    to.group_by = each;
    return {};
  }
  return unusable(given.name, "allowed: none, key, account, model, platform, tag");
}

template <std::vector<std::string> stats_query::*Field>
result<void> read_name(stats_query& to, const parameter& given, wall_time) {
  auto& names = to.*Field;
  const auto& name = given.value;
  const bool plain =
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (name.empty() || name.size() > name_bytes_max || !plain) {
    return unusable(given.name, "allowed: 1 to 256 bytes without control characters");
  }
  if (names.size() == names_max) return unusable(given.name, "may be given 200 times at most");
  names.push_back(name);
  return {};
}

template <std::size_t stats_query::*Field, std::size_t Min, std::size_t Max>
result<void> read_number(stats_query& to, const parameter& given, wall_time) {
  const auto number = text::parse_number<std::size_t>(given.value);
  if (!number || *number < Min || *number > Max) {
    return unusable(given.name, "allowed: a whole number from " + std::to_string(Min) + " to " +
                                    std::to_string(Max));
  }
  to.*Field = *number;
  return {};
}

struct known_parameter {
  std::string_view name;
  reader read;
  bool repeats = false;
};

using q = stats_query;
constexpr std::array table{
    known_parameter{"from", &read_time<&q::from>},
    known_parameter{"to", &read_time<&q::to>},
    known_parameter{"granularity", &read_granularity},
    known_parameter{"groupBy", &read_group},
    known_parameter{"key", &read_name<&q::keys>, true},
    known_parameter{"account", &read_name<&q::accounts>, true},
    known_parameter{"model", &read_name<&q::models>, true},
    known_parameter{"platform", &read_name<&q::platforms>, true},
    known_parameter{"tag", &read_name<&q::tags>, true},
    known_parameter{"top", &read_number<&q::top, 0, top_max>},
    known_parameter{"page", &read_number<&q::page, 1, page_max>},
    known_parameter{"pageSize", &read_number<&q::page_size, 1, page_size_max>},
};

error unknown(const std::string& name) {
  std::string allowed;
  for (const auto& each : table) allowed += (allowed.empty() ? "" : ", ") + std::string(each.name);
  return downstream_error(error_code::invalid_argument,
                          printable(name) + " is no parameter; allowed: " + allowed);
}

}  // namespace

result<stats_query> parse_stats_query(std::string_view query, wall_time now) {
  if (query.size() > query_bytes_max) {
    return downstream_error(error_code::invalid_argument, "the query is longer than 16 KiB");
  }
  stats_query parsed;
  std::array<bool, table.size()> seen{};
  result<void> outcome;
  for_each_parameter(query, [&](const query_parameter& each) {
    if (!outcome) return;
    const parameter given{unescaped(each.name), unescaped(each.value)};
    const auto known = std::find_if(table.begin(), table.end(),
                                    [&](const auto& row) { return row.name == given.name; });
    if (known == table.end()) {
      outcome = unknown(given.name);
      return;
    }
    auto& again = seen[static_cast<std::size_t>(known - table.begin())];
    outcome = again && !known->repeats ? result<void>(unusable(given.name, "is given twice"))
                                       : known->read(parsed, given, now);
    again = true;
  });
  if (!outcome) return outcome.error();
  if (parsed.from && parsed.to && *parsed.from >= *parsed.to) {
    return unusable("from", "must be before to");
  }
  return parsed;
}

}  // namespace baton::relay
