#include "net/client_origin.hpp"

#include <gtest/gtest.h>

#include <random>

#include "net/exchange_fixture.test.hpp"

namespace baton::net {
namespace {

using asio::ip::make_address;

address_ranges ranges(std::initializer_list<std::string_view> texts) {
  address_ranges made;
  for (const auto text : texts) made.add(*address_range::parse(text));
  return made;
}

std::string behind(const std::string& peer, std::initializer_list<std::string_view> values,
                   const address_ranges& trusted = ranges({"10.0.0.0/8", "fd00::/8"})) {
  header_fields fields;
  fields.add("host", "r");
  for (const auto value : values) fields.add("X-Forwarded-For", value);
  return forwarded_address(make_address(peer), fields, trusted).to_string();
}

TEST(forwarded_addresses, of_a_peer_that_is_no_proxy_are_not_believed) {
  EXPECT_EQ(behind("192.0.2.9", {"203.0.113.1"}), "192.0.2.9");
  EXPECT_EQ(behind("10.0.0.1", {"203.0.113.1"}, {}), "10.0.0.1");
}

TEST(forwarded_addresses, are_those_that_trusted_proxies_saw_last) {
  EXPECT_EQ(behind("10.0.0.1", {"203.0.113.1"}), "203.0.113.1");
  EXPECT_EQ(behind("10.0.0.1", {"6.6.6.6, 203.0.113.1"}), "203.0.113.1")
      << "what the client itself put before it is not believed";
  EXPECT_EQ(behind("10.0.0.1", {"6.6.6.6,203.0.113.1 , 10.0.0.3,\t10.0.0.2"}), "203.0.113.1");
  EXPECT_EQ(behind("10.0.0.1", {"6.6.6.6", "203.0.113.1", "10.0.0.2"}), "203.0.113.1")
      << "several fields are one list";
}

TEST(forwarded_addresses, of_proxies_alone_are_the_first_of_them) {
  EXPECT_EQ(behind("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(behind("10.0.0.1", {"10.0.0.3, 10.0.0.2"}), "10.0.0.3");
}

TEST(forwarded_addresses, may_have_ports_and_ipv6) {
  EXPECT_EQ(behind("10.0.0.1", {"203.0.113.1:4711"}), "203.0.113.1");
  EXPECT_EQ(behind("fd00::1", {"[2001:db8::1]:4711"}), "2001:db8::1");
  EXPECT_EQ(behind("fd00::1", {"2001:db8::1"}), "2001:db8::1");
  EXPECT_EQ(behind("fd00::1", {"[2001:db8::1]"}), "2001:db8::1");
  EXPECT_EQ(behind("10.0.0.1", {"::ffff:203.0.113.1"}), "203.0.113.1");
}

TEST(forwarded_addresses, that_are_garbage_leave_who_sent_them) {
  for (const std::string_view value : {"", ",", "unknown", "203.0.113.1 203.0.113.2", "[", "[]",
                                       "]", "[::1", ":", "::ffff:", "999.0.0.1", "203.0.113.1;x",
                                       "<script>", "\"203.0.113.1\"", "for=203.0.113.1"}) {
    EXPECT_EQ(behind("10.0.0.1", {value}), "10.0.0.1") << value;
  }
  EXPECT_EQ(behind("10.0.0.1", {"203.0.113.1, nonsense, 10.0.0.2"}), "10.0.0.2");
}

TEST(forwarded_addresses, may_be_any_number) {
  std::string many;
  for (int n = 0; n < 1000; ++n) many += "10.0.0." + std::to_string(n % 250) + ", ";
  EXPECT_EQ(behind("10.0.0.1", {many + "203.0.113.1"}), "203.0.113.1");
  EXPECT_EQ(behind("10.0.0.1", {"203.0.113.1, " + many + "10.0.0.9"}), "203.0.113.1");
  EXPECT_EQ(behind("10.0.0.1", {std::string(60'000, ',')}), "10.0.0.1");
  EXPECT_EQ(behind("10.0.0.1", {std::string(60'000, '1')}), "10.0.0.1");
}

TEST(forwarded_addresses, of_random_bytes_are_harmless) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string_view alphabet = "0123456789abcdef.:,[] %/\t\"\x80";
  for (int round = 0; round < 2000; ++round) {
    std::string value(random() % 60, ' ');
    for (auto& c : value) c = alphabet[random() % alphabet.size()];
    EXPECT_FALSE(behind("10.0.0.1", {value, "10.0.0.7"}).empty());
  }
}

class client_origins : public exchange_test {
 protected:
  std::string address_of(const std::string& lines) {
    return client_address(begin("GET /health HTTP/1.1\r\nHost: r\r\n" + lines + "\r\n"));
  }
};

TEST_F(client_origins, are_the_peers) {
  EXPECT_EQ(address_of("X-Forwarded-For: 203.0.113.1\r\n"), "127.0.0.1");
  EXPECT_FALSE(client_used_tls(*exchange_));
  EXPECT_TRUE(may_administrate(*exchange_)) << "there is no list";
}

TEST_F(client_origins, are_what_a_trusted_proxy_says) {
  worker_.settings.trusted_proxies = ranges({"127.0.0.0/8"});
  worker_.settings.admin_addresses = ranges({"203.0.113.0/24"});
  EXPECT_EQ(address_of("X-Forwarded-For: 203.0.113.1\r\nX-Forwarded-Proto: HTTPS\r\n"),
            "203.0.113.1");
  EXPECT_TRUE(client_used_tls(*exchange_));
  EXPECT_TRUE(may_administrate(*exchange_));
}

TEST_F(client_origins, outside_the_list_may_not_administrate) {
  worker_.settings.admin_addresses = ranges({"203.0.113.0/24"});
  EXPECT_EQ(address_of("X-Forwarded-For: 203.0.113.1\r\nX-Forwarded-Proto: https\r\n"),
            "127.0.0.1");
  EXPECT_FALSE(may_administrate(*exchange_));
  EXPECT_FALSE(client_used_tls(*exchange_)) << "whoever says it is no proxy of ours";
}

TEST_F(client_origins, that_have_left_may_nothing) {
  worker_.settings.admin_addresses = ranges({"127.0.0.1"});
  EXPECT_EQ(address_of(""), "127.0.0.1");
  client_->close(io_status::closed);
  EXPECT_EQ(client_address(*exchange_), "0.0.0.0");
  EXPECT_FALSE(may_administrate(*exchange_));
}

}  // namespace
}  // namespace baton::net
