// Which header fields a relay passes on. Names are compared without regard to case.
#pragma once

#include <string_view>

namespace baton::relay {

// From the client to the upstream: everything but what concerns one hop (RFC 9110 section 7.6.1),
// what Baton sets itself (host, content-length, accept-encoding), every header that can carry the
// client's key, belongs to its signature or names an account of its own upstream, cookies, and what
// proxies in front of Baton added about the client.
bool passes_to_upstream(std::string_view name);

// From the upstream to the client: everything but what concerns one hop, content-length (set by
// Baton), cookies, which would belong to the upstream's account, and what an upstream promises of
// its own host (alt-svc, strict-transport-security).
//
// Neither knows what a Connection header names besides (RFC 9110 section 7.6.1).
bool passes_to_client(std::string_view name);

}  // namespace baton::relay
