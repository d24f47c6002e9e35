// Which paths the relay port answers, and what each is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace baton::relay {

class api;

enum class operation : std::uint8_t {
  generate,       // relayed: an answer by a model
  embed,          // relayed: vectors for texts
  count_tokens,   // relayed: takes no slot of the key and is not billed
  stored_answer,  // relayed: to the account that keeps the answer which the path names
  assist,         // relayed: what a client asks about its account
  list_models,    // what the key may use, answered here
  show_model,     // one of them
  websocket,      // refused: clients then go on over HTTP
  own_usage,      // the key's usage, answered here
  own_key_info,   // the key's settings and limits, answered here
  // v1's statistics for key owners, whose key is in the body: answered here
  stats_key_id,
  stats_of_key,
  stats_of_models,
  stats_of_keys,
  event_logging,  // Claude Code's telemetry: answered at once, without a key
  health,
  ready,
  metrics,
};

// A path and an upstream path may have one {}, which stands for the name of a model, a deployment
// or an answer.
struct route {
  std::string_view method;
  std::string_view path;  // as the client sends it, without the query
  operation op;
  const api* protocol;             // the shape of its errors; never null
  std::string_view upstream_path;  // the API's own path for relayed operations, else empty
  std::string_view label;          // value of the metrics' `route` label
  bool streams = false;            // the path says that the answer is a stream
  // Clients of several APIs call it: `protocol` is only the one for those that are not known by
  // their headers (relay/model_list.hpp).
  bool shared = false;
};

struct route_match {
  const route* found = nullptr;     // null: no such path, or not with this method
  std::string_view parameter = {};  // what stands for {}, as the client escaped it
  std::string allow = {};           // for 405: the methods the path has; empty: 404
  const api* protocol = nullptr;    // how to word the error; never null
};

// `path` without the query string. A trailing slash is not the same path.
route_match match_route(std::string_view method, std::string_view path);

// Every route, for tables that are built over them.
std::span<const route> all_routes();

// The route's upstream path with `parameter` in the place of {}.
std::string upstream_path(const route& to, std::string_view parameter);

inline bool is_relayed(operation op) {
  switch (op) {
    case operation::generate:
    case operation::embed:
    case operation::count_tokens:
    case operation::stored_answer:
    case operation::assist: return true;
    default: return false;
  }
}

// Whether it matters which account a request goes to, because of earlier ones.
inline bool has_session(operation op) {
  return op == operation::generate || op == operation::stored_answer;
}

// Whether what a model did for it is counted, and takes a slot of the key.
inline bool is_billed(operation op) {
  return op == operation::generate || op == operation::embed;
}

}  // namespace baton::relay
