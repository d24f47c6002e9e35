// Header lines for pages of other origins that use the administration's API (CORS), and those that
// every answer of it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::net {

// Each of these is lines with their CRLF. `allowed`: origins such as https://admin.example.com, or
// "*" for all; empty: CORS is off, there are no lines.

// For an answer to a request whose Origin is `origin`; empty: it has none.
std::string cors_lines(const std::vector<std::string>& allowed, std::string_view origin);
// For the answer to a preflight: an OPTIONS request that has Access-Control-Request-Method.
std::string preflight_lines(const std::vector<std::string>& allowed, std::string_view origin);

// Of every answer. A page may be styled by what is in it, and has no script. `over_tls`: the
// client's connection is secured, and is to stay so.
std::string admin_security_lines(std::string_view content_type, bool over_tls);

}  // namespace baton::net
