// Where an account's requests go: its apiUrl taken apart once, and a route's path put behind it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace baton::relay {

struct endpoint {
  bool tls = false;
  std::string host;  // name or address, lower case, an IPv6 address without brackets
  std::uint16_t port = 0;
  std::string base_path;  // "" or "/prefix", never with a trailing slash
  std::string authority;  // value of the Host header: port only where it is not the scheme's own

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

// Takes http:// and https:// URLs. Refused with invalid_argument and what is wrong: other schemes,
// user:password@, query, fragment, an empty host, a bad port, control characters and spaces.
result<endpoint> parse_endpoint(std::string_view api_url);

// base_path + route_path without doubling what both have: a base that ends in a leading part of the
// route ("/api/v1" and "/v1/messages", or "/v1/messages" itself) keeps that part once. A base that
// is a full route ("/api/v1/messages") gives its siblings too ("/api/v1/messages/count_tokens",
// "/api/v1/models").
std::string join_path(std::string_view base_path, std::string_view route_path);

}  // namespace baton::relay
