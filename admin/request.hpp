// One call of the administration's HTTP API and its answer, without the transport.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baton::admin {

struct request {
  std::string method;
  std::string path;   // as sent, without the query
  std::string query;  // without its "?"
  std::string body;
  std::string credential;  // the token: of Authorization, x-admin-token or the cookie; empty: none
  std::string if_match;
  std::string address;  // the client's IP, or "unknown"
  std::string request_id;
};

struct answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  // lower case names
};

}  // namespace baton::admin
