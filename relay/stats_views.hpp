// Usage as the administration's API (v2) and the command line tell it in JSON. Money is decimal
// text in US dollars with at most nine decimals, exact: "12.5".
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "relay/usage_report.hpp"

namespace baton::relay {

// Which of a report's entries are told.
struct page_request {
  std::size_t page = 1;       // from 1
  std::size_t page_size = 0;  // 0: all of them at once
};

// {"from","to","granularity","groupBy","items":[{"start","group","name","rest","requests",
// "tokens":{"input","output","cacheRead","cacheWrite5m","cacheWrite1h","reasoning","total"},
// "costUsd","ratedCostUsd","fallbackRequests"}],"total":{…},"itemCount","page","pageSize"}
// "start" is null for granularity all, "group" and "name" are where nothing is grouped and for the
// rest.
nlohmann::ordered_json usage_json(const usage_report& report, page_request page = {});

// The same with "requests", "costUsd", "ratedCostUsd", "fallbackRequests" only.
nlohmann::ordered_json cost_json(const usage_report& report, page_request page = {});

// The counts of an item alone.
nlohmann::ordered_json counts_json(const usage_counts& counts);

// Usage of one key for its page: {"id","name","from","to","granularity","items","total","models"};
// `periods` has no groups, `models` no periods.
nlohmann::ordered_json key_stats_json(const std::string& id, const std::string& name,
                                      const usage_report& periods, const usage_report& models);

}  // namespace baton::relay
