// What a key's owner may see of the key: its settings and limits, and its usage. Nothing here tells
// of accounts or of other keys.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "relay/api_key.hpp"
#include "relay/usage.hpp"
#include "relay/usage_window.hpp"

namespace baton::relay {

struct model_usage {
  std::string model;
  usage_counts counts;
};

struct own_usage {
  std::vector<model_usage> total;
  std::vector<model_usage> month;  // the current UTC month
  std::vector<model_usage> today;  // the current UTC day
};

// What has been used of a key's limits. Costs are rated ones, in nano-USD.
struct limits_use {
  std::int64_t day_nanousd = 0;
  std::int64_t total_nanousd = 0;
  std::int64_t week_claude_nanousd = 0;
  window_use window;
  wall_time now{};  // when that was so
};

struct recent_request {
  wall_time finished{};
  std::string request_id;
  std::string route;
  std::string model;
  int status = 0;
  bool stream = false;
  std::chrono::microseconds duration{0};
  usage_counts counts;
};

// JSON: {"id","name","usage":{"total","monthly","daily"},"models":[…]} with v1's counter names, and
// "reasoningTokens", which "outputTokens" includes. "cost" is what the key is charged, in US
// dollars; "formattedCost" the same as "$0.123456".
std::string usage_body(const api_key& key, const own_usage& usage);

// JSON: {"id","name","permissions","limits","usage",…}; "usage" as of usage_body(), and
// "recentRecords" in it.
std::string key_info_body(const api_key& key, const own_usage& usage, const limits_use& use,
                          const std::vector<recent_request>& recent);

// The key's limits and what has been used of them by v1's names: costs in US dollars, a limit that
// is not set 0; the window's times in milliseconds since 1970, null where no window is open.
nlohmann::json limits_json(const key_limits& limits, const limits_use& use);

wall_time month_start(wall_time moment);
// RFC 3339, UTC, with milliseconds.
std::string iso_time(wall_time moment);

}  // namespace baton::relay
