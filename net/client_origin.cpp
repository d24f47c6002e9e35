#include "net/client_origin.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace baton::net {
namespace {

using asio::ip::address;

constexpr std::size_t address_bytes_max = 64;

// "192.0.2.1", "2001:db8::1"; some proxies add a port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::optional<address> parse_hop(std::string_view entry) {
  entry = text::trim(entry);
  if (entry.size() > address_bytes_max) return std::nullopt;
  if (entry.starts_with('[')) {
    const auto end = entry.find(']');
    if (end == entry.npos) return std::nullopt;
    entry = entry.substr(1, end - 1);
  } else if (std::count(entry.begin(), entry.end(), ':') == 1) {
    entry = entry.substr(0, entry.find(':'));
  }
  boost::system::error_code failure;
  const auto found = asio::ip::make_address(std::string(entry), failure);
  return failure ? std::nullopt : std::optional(plain_address(found));
}

// Goes back over one field while `client` is one of the trusted. False: it went no further.
bool walk_back(std::string_view value, const address_ranges& trusted, address& client) {
  for (;;) {
    if (!trusted.contains(client)) return false;
    const auto comma = value.rfind(',');
    const auto hop = parse_hop(comma == value.npos ? value : value.substr(comma + 1));
    if (!hop) return false;
    client = *hop;
    if (comma == value.npos) return true;
    value = value.substr(0, comma);
  }
}

address client_of(const exchange& ex) {
  const auto peer = plain_address(ex.client.peer().address());
  return forwarded_address(peer, ex.head.fields, ex.worker.settings.trusted_proxies);
}

}  // namespace

address forwarded_address(const address& peer, const header_fields& fields,
                          const address_ranges& trusted) {
  auto client = peer;
  if (!trusted.contains(peer)) return client;
  for (auto each = std::make_reverse_iterator(fields.end());
       each != std::make_reverse_iterator(fields.begin()); ++each) {
    if (!text::iequals(each->name, "x-forwarded-for")) continue;
    if (!walk_back(each->value, trusted, client)) break;
  }
  return client;
}

std::string client_address(const exchange& ex) {
  return client_of(ex).to_string();
}

bool client_used_tls(const exchange& ex) {
  if (ex.client.is_tls()) return true;
  const auto peer = plain_address(ex.client.peer().address());
  return ex.worker.settings.trusted_proxies.contains(peer) &&
         text::iequals(ex.head.fields.find("x-forwarded-proto"), "https");
}

bool may_administrate(const exchange& ex) {
  const auto& allowed = ex.worker.settings.admin_addresses;
  return allowed.empty() || allowed.contains(client_of(ex));
}

}  // namespace baton::net
