// Sets of IP addresses as operators write them: single ones and networks in CIDR notation.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace baton::net {

// An IPv4 address that comes in IPv6's form (::ffff:192.0.2.1), as the address that it is.
boost::asio::ip::address plain_address(const boost::asio::ip::address& any);

// "192.0.2.1", "10.0.0.0/8", "2001:db8::/32". Bits behind the prefix do not matter.
class address_range {
 public:
  static std::optional<address_range> parse(std::string_view text);

  bool contains(const boost::asio::ip::address& one) const;

 private:
  // IPv4's in IPv6's form, so that there is one kind only.
  boost::asio::ip::address_v6::bytes_type first_{};
  unsigned prefix_bits_ = 0;
};

class address_ranges {
 public:
  void add(const address_range& range) { ranges_.push_back(range); }
  bool contains(const boost::asio::ip::address& one) const;
  bool empty() const { return ranges_.empty(); }

 private:
  std::vector<address_range> ranges_;
};

}  // namespace baton::net
