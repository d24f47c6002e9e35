// Writes the head of a request to an upstream.
#pragma once

#include <cstdint>
#include <string>

#include "net/http_head.hpp"
#include "relay/platform.hpp"

namespace baton::net {

// Appends the complete head to `lines`: the target and credential by the account's platform, the
// client's fields as far as they may pass, and what Baton sets itself. `body_bytes`: length of the
// body that follows; a POST says that it has none, other methods need not.
void append_upstream_head(std::string& lines, const relay::outgoing_request& request,
                          const request_head& client, std::uint64_t body_bytes);

}  // namespace baton::net
