// What key owners are told of their usage in v1's shapes. Costs are what the key is charged.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "relay/key_views.hpp"

namespace baton::relay {

// A key with its usage: in all, in this UTC month and on this UTC day.
struct key_usage {
  const api_key* key = nullptr;
  usage_counts total, month, today;
};

// v1's counters of one sum: {"requests","inputTokens",…,"cost","formattedCost"}. To v1, reasoning
// is output.
nlohmann::json v1_counters(const usage_counts& counts);

// All of these are {"success":true,"data":…}.
std::string key_id_body(const api_key& key);
std::string user_stats_body(const key_usage& usage, const limits_use& use);
std::string user_model_stats_body(const std::vector<model_usage>& models, std::string_view period);
// `unknown`: keys that were asked for and cannot be used.
std::string batch_stats_body(const std::vector<key_usage>& keys, std::size_t unknown);

// {"success":false,"error":…,"message":…}
std::string api_stats_error_body(const error& failure);

}  // namespace baton::relay
