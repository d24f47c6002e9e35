// The query of a statistics URL: from=7d&groupBy=model&key=…
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/usage_period.hpp"

namespace baton::relay {

// Keys and accounts are as the caller wrote them: ids or names.
struct stats_query {
  std::optional<wall_time> from;  // inclusive
  std::optional<wall_time> to;    // exclusive
  usage_period granularity = usage_period::all;
  usage_group group_by = usage_group::none;
  bool by_tag = false;  // group_by is `key` then: keys are to be summed up by their tags
  std::vector<std::string> keys, accounts, models, platforms, tags;
  std::size_t top = 0;  // groups; 0: all
  std::size_t page = 1;
  std::size_t page_size = 100;
};

// `query` is without its "?". key, account, model, platform and tag may come several times; any of
// them counts. Errors: invalid_argument naming the parameter and what is allowed, for unknown ones
// too.
result<stats_query> parse_stats_query(std::string_view query, wall_time now);

}  // namespace baton::relay
