// Proxies as operators write them: http://user:password@host:port, socks5://host:port.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/account.hpp"

namespace baton::app {

// User and password may be percent-encoded. Errors: invalid_argument without any part of the URL,
// because it may hold a password.
result<relay::proxy_settings> parse_proxy_url(std::string_view url);

// Without the password: "http://user@host:port"; empty if there is no proxy.
std::string shown_proxy(const relay::proxy_settings& proxy);

}  // namespace baton::app
