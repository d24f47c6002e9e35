// Bodies of the key owners' statistics (v1's /apiStats): the keys they are asked with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "relay/usage_period.hpp"

namespace baton::relay {

inline constexpr std::size_t api_stats_body_bytes_max = 32 * 1024;
inline constexpr std::size_t api_stats_keys_max = 30;

// {"apiKey":"…"}, and nothing but the key will do: who knows an id only is no owner. Secret.
// Errors: malformed_request naming the field; permission_denied for an id without a key.
result<std::string> read_api_key(std::string_view body);

// {"apiKeys":["…"]}, 1 to 30 of them, each once. Secret. Errors: the same.
result<std::vector<std::string>> read_api_keys(std::string_view body);

// "period" beside the key: daily (day), monthly (month, also if it is missing) or alltime (all).
result<usage_period> read_stats_period(std::string_view body);

}  // namespace baton::relay
