#include "relay/header_rules.hpp"

#include <cstddef>

#include "base/text.hpp"

namespace baton::relay {
namespace {

// Both assume that the caller has looked at the length: `literal` is lower case and not longer than
// `name`.
bool starts(std::string_view name, std::string_view literal) {
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (text::lower(name[i]) != literal[i]) return false;
  }
  return true;
}
template <class... Literals>
bool is_any(std::string_view name, Literals... literals) {
  return (starts(name, literals) || ...);
}

bool has_prefix(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() && starts(name, prefix);
}

// RFC 9110 section 7.6.1; `proxy-` covers Proxy-Authorization, Proxy-Authenticate and the
// Proxy-Connection that old clients send.
bool concerns_one_hop(std::string_view name) {
  switch (name.size()) {
    case 2: return is_any(name, "te");
    case 7: return is_any(name, "trailer", "upgrade");
    case 10: return is_any(name, "connection", "keep-alive");
    case 17: return is_any(name, "transfer-encoding");
    default: return false;
  }
}

// Families of headers that proxies in front of Baton add, by their first letter.
bool belongs_to_a_proxy(std::string_view name) {
  if (name.empty()) return false;
  switch (text::lower(name.front())) {
    case 'c': return has_prefix(name, "cf-");
    case 'p': return has_prefix(name, "proxy-");
    case 'x': return has_prefix(name, "x-forwarded-");
    default: return false;
  }
}

bool stays_here(std::string_view name) {
  switch (name.size()) {
    case 3: return is_any(name, "via");
    case 4: return is_any(name, "host");
    case 6: return is_any(name, "expect", "cookie");
    case 7: return is_any(name, "api-key");
    case 8: return is_any(name, "cdn-loop");
    case 9: return is_any(name, "x-api-key", "x-real-ip", "forwarded");
    case 10: return is_any(name, "x-amz-date");
    case 11: return is_any(name, "x-client-ip");
    case 12: return is_any(name, "x-cr-api-key");
    case 13: return is_any(name, "authorization");
    case 14:
      return is_any(name, "content-length", "x-goog-api-key", "true-client-ip", "openai-project");
    case 15: return is_any(name, "accept-encoding");
    case 17: return is_any(name, "x-accel-buffering");
    case 19: return is_any(name, "openai-organization", "x-goog-user-project");
    case 20: return is_any(name, "x-amz-security-token", "x-amz-content-sha256");
    case 25: return is_any(name, "ocp-apim-subscription-key");
    default: return false;
  }
}

}  // namespace

bool passes_to_upstream(std::string_view name) {
  return !concerns_one_hop(name) && !stays_here(name) && !belongs_to_a_proxy(name);
}

bool passes_to_client(std::string_view name) {
  if (concerns_one_hop(name) || has_prefix(name, "proxy-")) return false;
  switch (name.size()) {
    // Promises about the upstream's own host: a client would believe them of Baton's.
    case 7: return !is_any(name, "alt-svc");
    // Whoever followed it would take the client's key elsewhere.
    case 8: return !is_any(name, "location");
    case 25: return !is_any(name, "strict-transport-security");
    case 10: return !is_any(name, "set-cookie");
    case 11: return !is_any(name, "set-cookie2");
    case 14: return !is_any(name, "content-length");
    default: return true;
  }
}

}  // namespace baton::relay
