#include "app/proxy_url.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace baton::app {
namespace {

error unusable_proxy(std::string_view why) {
  return downstream_error(error_code::invalid_argument,
                          "proxy: " + std::string(why) +
                              "; allowed: http://[user:password@]host:port or "
                              "socks5://[user:password@]host:port");
}

std::optional<std::string> percent_decoded(std::string_view encoded) {
  const auto digit = [](char c) {
    const char small = text::lower(c);
    return small >= '0' && small <= '9'   ? small - '0'
           : small >= 'a' && small <= 'f' ? small - 'a' + 10
                                          : -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      decoded += encoded[i];
      continue;
    }
    const int high = i + 2 < encoded.size() ? digit(encoded[i + 1]) : -1;
    const int low = high >= 0 ? digit(encoded[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool has_strange_characters(std::string_view s) {
  return std::any_of(s.begin(), s.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '\x7f'; });
}

// "user:password" or "user".
bool read_credential(std::string_view part, relay::proxy_settings& proxy) {
  const auto colon = std::min(part.find(':'), part.size());
  const auto username = percent_decoded(part.substr(0, colon));
  const auto password = percent_decoded(part.substr(std::min(colon + 1, part.size())));
  if (!username || username->empty() || !password) return false;
  proxy.username = *username;
  proxy.password = *password;
  return true;
}

// "host:port" or "[address]:port".
bool read_address(std::string_view part, relay::proxy_settings& proxy) {
  const bool bracketed = !part.empty() && part.front() == '[';
  const auto host_end = bracketed ? part.find(']') : part.find(':');
  if (host_end == std::string_view::npos) return false;
  const auto host = bracketed ? part.substr(1, host_end - 1) : part.substr(0, host_end);
  auto after = part.substr(host_end + (bracketed ? 1 : 0));
  if (host.empty() || after.empty() || after.front() != ':') return false;
  after.remove_prefix(1);
  const auto port = text::parse_number<std::uint16_t>(after);
  if (!port || *port == 0) return false;
  proxy.host = text::to_lower(host);
  proxy.port = *port;
  return true;
}

}  // namespace

result<relay::proxy_settings> parse_proxy_url(std::string_view url) {
  if (has_strange_characters(url)) return unusable_proxy("spaces and control characters");
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return unusable_proxy("no scheme");
  relay::proxy_settings proxy;
  const auto scheme = text::to_lower(url.substr(0, scheme_end));
  proxy.type = scheme == "socks5h" ? "socks5" : scheme;
  if (proxy.type != "http" && proxy.type != "socks5") return unusable_proxy("unknown scheme");

  auto rest = url.substr(scheme_end + 3);
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  if (rest.find_first_of("/?#") != std::string_view::npos) return unusable_proxy("a path");
  // A password may hold an "@" that was not encoded; a host cannot.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    if (!read_credential(rest.substr(0, at), proxy)) return unusable_proxy("no user name");
    rest.remove_prefix(at + 1);
  }
  if (!read_address(rest, proxy)) return unusable_proxy("no host and port");
  return proxy;
}

std::string shown_proxy(const relay::proxy_settings& proxy) {
  if (!proxy.enabled()) return {};
  const bool bracketed = proxy.host.find(':') != std::string::npos;
  return proxy.type + "://" + (proxy.username.empty() ? "" : proxy.username + '@') +
         (bracketed ? '[' + proxy.host + ']' : proxy.host) + ':' + std::to_string(proxy.port);
}

}  // namespace baton::app
