#include "relay/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t url_bytes_max = 2048;
constexpr std::size_t host_bytes_max = 253;  // RFC 1035, without the last dot

error refused(std::string what) {
  return downstream_error(error_code::invalid_argument, std::move(what));
}

bool is_visible_ascii(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_name_char(char c) {
  const char low = text::lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string_view without_last_slashes(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool take_scheme(std::string_view& rest, endpoint& target) {
  for (const bool tls : {true, false}) {
    const std::string_view scheme = tls ? "https://" : "http://";
    if (!text::iequals(rest.substr(0, scheme.size()), scheme)) continue;
    target.tls = tls;
    rest.remove_prefix(scheme.size());
    return true;
  }
  return false;
}

bool is_ipv6(const std::string& address) {
  std::array<unsigned char, 16> parsed{};
  return inet_pton(AF_INET6, address.c_str(), parsed.data()) == 1;
}

// Takes the host off the front of `rest`; an empty text or what is wrong.
std::string_view take_host(std::string_view& rest, endpoint& target) {
  std::size_t end = 0;
  if (rest.starts_with('[')) {
    end = rest.find(']');
    if (end == rest.npos) return "has a [ without its ]";
    target.host = text::to_lower(rest.substr(1, end - 1));
    if (!is_ipv6(target.host)) return "has no IPv6 address between [ and ]";
    ++end;
    if (end < rest.size() && rest[end] != ':') return "has something behind the ]";
  } else {
    end = std::min(rest.find(':'), rest.size());
    target.host = text::to_lower(rest.substr(0, end));
    if (target.host.empty()) return "has no host";
    if (target.host.size() > host_bytes_max) return "has a host that is too long";
    if (!std::all_of(target.host.begin(), target.host.end(), is_name_char)) {
      return "has a host with characters that no host name has";
    }
    if (target.host.front() == '.' || target.host.find("..") != target.host.npos) {
      return "has a host with an empty part";
    }
  }
  rest.remove_prefix(end);
  return {};
}

// What is left of the authority: nothing, or ":" and a port.
bool take_port(std::string_view rest, endpoint& target) {
  target.port = target.tls ? 443 : 80;
  if (rest.empty()) return true;
  const auto port = text::parse_number<std::uint16_t>(rest.substr(1));
  target.port = port.value_or(0);
  return target.port != 0;
}

std::string authority_of(const endpoint& target) {
  const bool ipv6 = target.host.find(':') != std::string::npos;
  std::string authority = ipv6 ? "[" + target.host + "]" : target.host;
  if (target.port != (target.tls ? 443 : 80)) authority += ":" + std::to_string(target.port);
  return authority;
}

// Whole routes that operators copy into an account's URL; none is the end of another one.
constexpr std::array<std::string_view, 6> full_routes{
    "/v1/messages/count_tokens", "/v1/messages",  "/v1/models", "/v1/responses",
    "/v1/chat/completions",      "/v1beta/models"};

// What is left of a base that ends in a whole route, so that its siblings can be reached.
std::string_view without_full_route(std::string_view base) {
  for (const auto route : full_routes) {
    if (base.ends_with(route)) return base.substr(0, base.size() - route.size());
  }
  return base;
}

// The longest leading part of `route`, in whole segments, that `base` ends in.
std::size_t shared_bytes(std::string_view base, std::string_view route) {
  for (std::size_t end = route.size(); end != 0; end = route.rfind('/', end - 1)) {
    // Both begin with a slash where they meet, so a match is one of whole segments.
    if (base.ends_with(route.substr(0, end))) return end;
    if (end == std::string_view::npos) break;
  }
  return 0;
}

}  // namespace

result<endpoint> parse_endpoint(std::string_view api_url) {
  if (api_url.size() > url_bytes_max) return refused("the URL is too long");
  if (!std::all_of(api_url.begin(), api_url.end(), is_visible_ascii)) {
    return refused("the URL has a space, a control character or one that is not ASCII");
  }
  endpoint target;
  std::string_view rest = api_url;
  if (!take_scheme(rest, target)) return refused("the URL must begin with https:// or http://");
  if (rest.find('?') != rest.npos) return refused("the URL must not have a query");
  if (rest.find('#') != rest.npos) return refused("the URL must not have a fragment");
  if (rest.find('\\') != rest.npos) return refused("the URL must not have a backslash");

  std::string_view authority = rest.substr(0, rest.find('/'));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != authority.npos) {
    return refused("the URL must not have a user name or password");
  }
  if (const auto wrong = take_host(authority, target); !wrong.empty()) {
    return refused("the URL " + std::string(wrong));
  }
  if (!take_port(authority, target)) return refused("the URL has a port that is not 1 to 65535");
  target.base_path = without_last_slashes(rest);
  target.authority = authority_of(target);
  return target;
}

std::string join_path(std::string_view base_path, std::string_view route_path) {
  const std::string_view base = without_last_slashes(base_path);
  const std::string_view prefix = without_full_route(base);
  std::string joined(prefix);
  // What stands before a full route is the operator's own, even where it looks like a version.
  const bool was_full_route = prefix.size() != base.size();
  joined += route_path.substr(was_full_route ? 0 : shared_bytes(base, route_path));
  return joined;
}

}  // namespace baton::relay
