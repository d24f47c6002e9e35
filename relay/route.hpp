// Which paths the relay port answers, and what each is.
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::relay {

class api;

enum class operation : std::uint8_t {
  messages,       // relayed: Anthropic Messages
  count_tokens,   // relayed: counts, takes no slot of the key and is not billed
  list_models,    // relayed
  own_usage,      // the key's usage, answered here
  own_key_info,   // the key's settings and limits, answered here
  event_logging,  // Claude Code's telemetry: answered at once, without a key
  health,
  ready,
  metrics,
};

struct route {
  std::string_view method;
  std::string_view path;  // as the client sends it, without the query
  operation op;
  const api* protocol;             // the shape of its errors; never null
  std::string_view upstream_path;  // the API's own path for relayed operations, else empty
  std::string_view label;          // value of the metrics' `route` label
};

struct route_match {
  const route* found = nullptr;   // null: no such path, or not with this method
  std::string_view allow = {};    // for 405: the methods the path has; empty: 404
  const api* protocol = nullptr;  // how to word the error; never null
};

// `path` without the query string. A trailing slash is not the same path.
route_match match_route(std::string_view method, std::string_view path);

inline bool is_relayed(operation op) {
  return op == operation::messages || op == operation::count_tokens || op == operation::list_models;
}

}  // namespace baton::relay
