// Opens a tunnel to an upstream through an account's proxy: HTTP CONNECT (RFC 9110 section 9.3.6)
// or SOCKS5 (RFC 1928, user name and password by RFC 1929). Names are resolved by the proxy.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "net/channel.hpp"
#include "relay/account.hpp"

namespace baton::net {

// `socket` is connected to the proxy and stays the caller's; after success it leads to
// `host`:`port`. The caller bounds the time by closing the socket. Errors: upstream_unreachable,
// without the proxy's password.
task<result<void>> open_tunnel(event_loop& loop, tcp_socket& socket,
                               const relay::proxy_settings& proxy, const std::string& host,
                               std::uint16_t port);

}  // namespace baton::net
