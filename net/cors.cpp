#include "net/cors.hpp"

#include <algorithm>

namespace baton::net {
namespace {

// What is said of an origin: itself, "*", or nothing.
std::string_view allowance(const std::vector<std::string>& allowed, std::string_view origin) {
  const auto found = std::find_if(allowed.begin(), allowed.end(),
                                  [&](const auto& each) { return each == "*" || each == origin; });
  return found == allowed.end() || origin.empty() ? std::string_view() : *found;
}

// Caches must not give one origin's answer to another.
std::string origin_lines(const std::vector<std::string>& allowed, std::string_view origin) {
  if (allowed.empty()) return {};
  std::string lines = "vary: origin\r\n";
  if (const auto told = allowance(allowed, origin); !told.empty()) {
    lines.append("access-control-allow-origin: ").append(told).append("\r\n");
  }
  return lines;
}

constexpr std::string_view lines_of_all =
    "x-content-type-options: nosniff\r\n"
    "x-frame-options: DENY\r\n"
    "referrer-policy: no-referrer\r\n"
    "cache-control: no-store\r\n";

}  // namespace

std::string cors_lines(const std::vector<std::string>& allowed, std::string_view origin) {
  auto lines = origin_lines(allowed, origin);
  if (!allowance(allowed, origin).empty()) {
    lines += "access-control-expose-headers: etag, retry-after, x-request-id\r\n";
  }
  return lines;
}

std::string preflight_lines(const std::vector<std::string>& allowed, std::string_view origin) {
  auto lines = origin_lines(allowed, origin);
  if (!allowance(allowed, origin).empty()) {
    lines +=
        "access-control-allow-methods: GET, POST, PUT, PATCH, DELETE\r\n"
        "access-control-allow-headers: authorization, content-type, if-match\r\n"
        "access-control-max-age: 600\r\n";
  }
  return lines;
}

std::string admin_security_lines(std::string_view content_type, bool over_tls) {
  std::string lines(lines_of_all);
  lines += "content-security-policy: default-src 'none'; frame-ancestors 'none'";
  if (content_type.starts_with("text/html")) lines += "; style-src 'unsafe-inline'";
  lines += "\r\n";
  // For connections over TLS only (RFC 6797 section 7.2).
  if (over_tls) lines += "strict-transport-security: max-age=31536000\r\n";
  return lines;
}

}  // namespace baton::net
