// Where a request comes from, as far as that can be believed. For the administration: each call
// asks the system for the peer's address.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

#include "net/address_ranges.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// The client behind proxies: X-Forwarded-For is believed as far as those who wrote it are among
// `trusted`, from its end backwards. `peer` is who sent the request.
boost::asio::ip::address forwarded_address(const boost::asio::ip::address& peer,
                                           const header_fields& fields,
                                           const address_ranges& trusted);

// The client's IP address as text, without a port. A client that has left has none: "0.0.0.0".
std::string client_address(const exchange& ex);

// Whether the client spoke TLS, to us or to a trusted proxy.
bool client_used_tls(const exchange& ex);

// Whether the administration may be used from where the client is.
bool may_administrate(const exchange& ex);

}  // namespace baton::net
