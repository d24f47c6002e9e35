#include "net/address_ranges.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace baton::net {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

constexpr unsigned all_bits = 128;
constexpr unsigned bits_before_v4 = 96;

address_v6::bytes_type bytes_of(const address& any) {
  if (any.is_v6()) return any.to_v6().to_bytes();
  return boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, any.to_v4()).to_bytes();
}

}  // namespace

address plain_address(const address& any) {
  if (!any.is_v6() || !any.to_v6().is_v4_mapped()) return any;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, any.to_v6());
}

std::optional<address_range> address_range::parse(std::string_view text) {
  const auto slash = text.find('/');
  boost::system::error_code failure;
  const auto first = boost::asio::ip::make_address(std::string(text.substr(0, slash)), failure);
  if (failure) return std::nullopt;
  const unsigned before = first.is_v4() ? bits_before_v4 : 0;
  address_range range;
  range.first_ = bytes_of(first);
  range.prefix_bits_ = all_bits;
  if (slash != text.npos) {
    const auto bits = text::parse_number<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > all_bits - before) return std::nullopt;
    range.prefix_bits_ = before + *bits;
  }
  return range;
}

bool address_range::contains(const address& one) const {
  const auto bytes = bytes_of(one);
  const auto whole = prefix_bits_ / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + whole, first_.begin())) return false;
  const auto rest = prefix_bits_ % 8;
  return rest == 0 || (bytes[whole] ^ first_[whole]) >> (8 - rest) == 0;
}

bool address_ranges::contains(const address& one) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const address_range& each) { return each.contains(one); });
}

}  // namespace baton::net
