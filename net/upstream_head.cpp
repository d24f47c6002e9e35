#include "net/upstream_head.hpp"

#include "net/connection_options.hpp"
#include "relay/header_rules.hpp"

namespace baton::net {

void append_upstream_head(std::string& lines, const relay::outgoing_request& request,
                          const request_head& client, std::uint64_t body_bytes) {
  lines.append(request.route.method).push_back(' ');
  request.account.platform->append_target(lines, request);
  lines.append(" HTTP/1.1\r\nhost: ").append(request.account.target.authority).append("\r\n");
  const connection_options this_hop(client.fields);
  for (const auto& field : client.fields) {
    if (!relay::passes_to_upstream(field.name) || this_hop.name(field.name)) continue;
    lines.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  request.account.platform->append_credential(lines, request);
  // Usage is read from the answer as it passes, so it must come as it is.
  lines.append("accept-encoding: identity\r\n");
  // A body without its length would be taken for the next request (RFC 9112 section 6.3).
  if (request.route.method == "POST" || body_bytes > 0) {
    lines.append("content-length: ").append(std::to_string(body_bytes)).append("\r\n");
  }
  lines.append("\r\n");
}

}  // namespace baton::net
