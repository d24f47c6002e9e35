#include "net/address_ranges.hpp"

#include <gtest/gtest.h>

namespace baton::net {
namespace {

using boost::asio::ip::make_address;

bool has(std::string_view range, const std::string& one) {
  const auto parsed = address_range::parse(range);
  EXPECT_TRUE(parsed) << range;
  return parsed && parsed->contains(make_address(one));
}

TEST(address_ranges, have_single_addresses) {
  EXPECT_TRUE(has("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(has("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(has("::1", "::1"));
  EXPECT_FALSE(has("::1", "127.0.0.1"));
}

TEST(address_ranges, have_networks_of_any_prefix) {
  EXPECT_TRUE(has("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(has("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(has("192.0.2.128/25", "192.0.2.255"));
  EXPECT_FALSE(has("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(has("192.0.2.4/31", "192.0.2.5"));
  EXPECT_FALSE(has("192.0.2.4/31", "192.0.2.6"));
  EXPECT_TRUE(has("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(has("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(has("192.0.2.77/24", "192.0.2.1")) << "bits behind the prefix do not matter";
}

TEST(address_ranges, of_no_bits_have_every_address_of_their_kind) {
  EXPECT_TRUE(has("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(has("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(has("::/0", "2001:db8::1"));
}

TEST(address_ranges, see_an_ipv4_address_behind_its_ipv6_form) {
  EXPECT_TRUE(has("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(has("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_EQ(plain_address(make_address("::ffff:10.1.2.3")), make_address("10.1.2.3"));
  EXPECT_EQ(plain_address(make_address("2001:db8::1")), make_address("2001:db8::1"));
}

TEST(address_ranges, are_nothing_else) {
  for (const std::string_view text :
       {"", "/", "/8", "10", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
        "10.0.0.0/8 ", " 10.0.0.0", "::/129", "localhost", "10.0.0.0/255.0.0.0", "*", "1.2.3.4:80",
        "10.0.0.0/4294967304"}) {
    EXPECT_FALSE(address_range::parse(text)) << text;
  }
}

TEST(address_ranges, together_have_what_any_of_them_has) {
  address_ranges ranges;
  EXPECT_TRUE(ranges.empty());
  EXPECT_FALSE(ranges.contains(make_address("10.0.0.1")));
  ranges.add(*address_range::parse("10.0.0.0/8"));
  ranges.add(*address_range::parse("::1"));
  EXPECT_TRUE(ranges.contains(make_address("10.0.0.1")));
  EXPECT_TRUE(ranges.contains(make_address("::1")));
  EXPECT_FALSE(ranges.contains(make_address("192.0.2.1")));
}

}  // namespace
}  // namespace baton::net
