// Usage as it is shown: rows of a period and a group with the names that people know them by, and
// their sum.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "relay/usage.hpp"
#include "relay/usage_period.hpp"

namespace baton::relay {

struct usage_entry {
  wall_time start{};     // of the period; the epoch for usage_period::all
  std::string group;     // id of the key or account; else as `name`
  std::string name;      // shown; empty for the rest and where nothing is grouped
  bool is_rest = false;  // all groups outside the top ones
  usage_counts counts;
};

struct usage_report {
  std::optional<wall_time> from;  // inclusive
  std::optional<wall_time> to;    // exclusive
  usage_period period = usage_period::all;
  std::string group_by = "none";  // a usage_group's name, or "tag"
  std::vector<usage_entry> entries;
  usage_counts total;  // of all that was asked for; tags that share a key do not count it twice
};

usage_counts total_of(const std::vector<usage_entry>& entries);

// Entries grouped by key as entries grouped by tag, by start and then by cost: a key counts for
// each tag it has. Keys without any are in a group with an empty id, named "(no tag)". `top` as of
// storage::usage_query, with the rest shown as one entry.
std::vector<usage_entry> by_tag(
    const std::vector<usage_entry>& keys, std::size_t top,
    const std::function<std::vector<std::string>(const std::string& key_id)>& tags_of);

}  // namespace baton::relay
