// What a key's owner may see of the key: its settings and limits, and its usage. Nothing here tells
// of accounts or of other keys.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "relay/api_key.hpp"
#include "relay/usage.hpp"

namespace baton::relay {

struct model_usage {
  std::string model;
  std::int64_t requests = 0;
  token_usage tokens;
};

struct usage_report {
  std::vector<model_usage> total;
  std::vector<model_usage> month;  // the current UTC month
  std::vector<model_usage> today;  // the current UTC day
};

// JSON: {"id","name","usage":{"total","monthly","daily"},"models":[…]} with v1's counter names, and
// "reasoningTokens", which "outputTokens" includes.
std::string usage_body(const api_key& key, const usage_report& report);

// JSON: {"id","name","permissions","limits",…}.
std::string key_info_body(const api_key& key);

wall_time month_start(wall_time moment);
// RFC 3339, UTC, with milliseconds.
std::string iso_time(wall_time moment);

}  // namespace baton::relay
