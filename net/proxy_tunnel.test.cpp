#include "net/proxy_tunnel.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

using namespace std::string_literals;

// What the proxy expects next, and what it answers to that.
struct step {
  std::string expected;
  std::string answer;
};

class tunnels : public ::testing::Test {
 protected:
  // Opens a tunnel while the proxy plays its part, in answers of `piece_bytes` at a time.
  result<void> open(const relay::proxy_settings& proxy, const std::string& host, std::uint16_t port,
                    std::vector<step> script, std::size_t piece_bytes = 1000) {
    std::optional<result<void>> outcome;
    auto opening = keep(open_tunnel(loop_, sockets_.near, proxy, host, port), outcome);
    opening.start();
    for (const auto& [expected, answer] : script) {
      std::string received;
      EXPECT_TRUE(loop_.run_until([&] {
        received += received_at(sockets_.far);
        return received.size() >= expected.size() || outcome;
      }));
      EXPECT_EQ(received, expected);
      for (std::size_t at = 0; at < answer.size(); at += piece_bytes) {
        send(sockets_.far, std::string_view(answer).substr(at, piece_bytes));
        loop_.run_ready();
      }
      if (answer.empty()) sockets_.far.close();
    }
    EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
    return outcome.value_or(internal_error(error_code::internal, "it never ended"));
  }

  static task<void> keep(task<result<void>> work, std::optional<result<void>>& outcome) {
    outcome = co_await std::move(work);
  }

  // What the tunnel leaves in the socket: the upstream's first bytes.
  std::string left_over() { return received_at(sockets_.near); }

  test_loop loop_;
  socket_pair sockets_{loop_};
};

const relay::proxy_settings http_proxy{"http", "proxy", 3128, "", ""};
const relay::proxy_settings http_proxy_with_login{"http", "proxy", 3128, "aladdin", "open sesame"};
const relay::proxy_settings socks_proxy{"socks5", "proxy", 1080, "", ""};
const relay::proxy_settings socks_proxy_with_login{"socks5", "proxy", 1080, "user", "secret"};

const std::string connect_order = "CONNECT up.example:443 HTTP/1.1\r\nHost: up.example:443\r\n\r\n";

void expect_refused(const result<void>& outcome, std::string_view part) {
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, error_code::upstream_unreachable);
  EXPECT_NE(outcome.error().text.find(part), std::string::npos) << outcome.error().text;
  for (const auto* secret : {"secret", "sesame", "c2VzYW1l"}) {
    EXPECT_EQ(outcome.error().text.find(secret), std::string::npos) << outcome.error().text;
  }
}

TEST_F(tunnels, an_http_proxy_opens_one_and_what_follows_is_the_upstreams) {
  EXPECT_TRUE(
      open(http_proxy, "up.example", 443,
           {{connect_order, "HTTP/1.1 200 Connection established\r\nVia: p\r\n\r\nSSH-2"}}));
  EXPECT_EQ(left_over(), "SSH-2");
}

TEST_F(tunnels, an_http_proxys_answer_may_come_byte_by_byte) {
  EXPECT_TRUE(open(http_proxy, "up.example", 443, {{connect_order, "HTTP/1.0 204 \r\n\r\nx"}}, 1));
  EXPECT_EQ(left_over(), "x");
}

TEST_F(tunnels, an_http_proxy_gets_the_login_and_an_ipv6_address_in_brackets) {
  EXPECT_TRUE(open(http_proxy_with_login, "2001:db8::1", 8443,
                   {{"CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n"
                     "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
                     "HTTP/1.1 200 OK\r\n\r\n"}}));
}

TEST_F(tunnels, an_http_proxy_that_refuses_is_quoted) {
  expect_refused(open(http_proxy_with_login, "up.example", 443,
                      {{"CONNECT up.example:443 HTTP/1.1\r\nHost: up.example:443\r\n"
                        "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
                        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"}}),
                 "407 Proxy Authentication Required");
}

TEST_F(tunnels, an_http_proxy_that_talks_nonsense_is_refused) {
  expect_refused(open(http_proxy, "up.example", 443, {{connect_order, "SSH-2.0 200 \r\n\r\n"}}),
                 "SSH-2.0");
}

TEST_F(tunnels, an_http_proxy_that_never_ends_its_head_is_refused) {
  expect_refused(open(http_proxy, "up.example", 443,
                      {{connect_order, "HTTP/1.1 200 OK\r\n" + std::string(9000, 'x')}}),
                 "too long");
}

TEST_F(tunnels, a_proxy_that_hangs_up_is_refused) {
  expect_refused(open(http_proxy, "up.example", 443, {{connect_order, ""}}), "did not open");
}

TEST_F(tunnels, a_socks_proxy_resolves_names) {
  EXPECT_TRUE(open(socks_proxy, "up.example", 443,
                   {{"\x05\x01\x00"s, "\x05\x00"s},
                    {"\x05\x01\x00\x03\x0aup.example\x01\xbb"s,
                     "\x05\x00\x00\x01\x7f\x00\x00\x01\x04\x38HELLO"s}}));
  EXPECT_EQ(left_over(), "HELLO");
}

TEST_F(tunnels, a_socks_proxy_gets_addresses_as_such) {
  EXPECT_TRUE(
      open(socks_proxy, "10.1.2.3", 80,
           {{"\x05\x01\x00"s, "\x05\x00"s},
            {"\x05\x01\x00\x01\x0a\x01\x02\x03\x00\x50"s, "\x05\x00\x00\x03\x05proxy\x04\x38"s}}));
}

TEST_F(tunnels, a_socks_proxy_gets_ipv6_addresses_as_such) {
  EXPECT_TRUE(open(socks_proxy, "::1", 443,
                   {{"\x05\x01\x00"s, "\x05\x00"s},
                    {"\x05\x01\x00\x04"s + std::string(15, '\0') + "\x01\x01\xbb"s,
                     "\x05\x00\x00\x04"s + std::string(18, '\0') + "x"}},
                   1));
  EXPECT_EQ(left_over(), "x");
}

TEST_F(tunnels, a_socks_proxy_gets_the_login) {
  EXPECT_TRUE(open(socks_proxy_with_login, "10.1.2.3", 80,
                   {{"\x05\x01\x02"s, "\x05\x02"s},
                    {"\x01\x04user\x06secret"s, "\x01\x00"s},
                    {"\x05\x01\x00\x01\x0a\x01\x02\x03\x00\x50"s,
                     "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s}}));
}

TEST_F(tunnels, a_socks_proxy_that_rejects_the_login_is_refused) {
  expect_refused(open(socks_proxy_with_login, "10.1.2.3", 80,
                      {{"\x05\x01\x02"s, "\x05\x02"s}, {"\x01\x04user\x06secret"s, "\x01\x01"s}}),
                 "rejects the user name or password");
}

TEST_F(tunnels, a_socks_proxy_that_wants_another_login_is_refused) {
  expect_refused(open(socks_proxy, "10.1.2.3", 80, {{"\x05\x01\x00"s, "\x05\xff"s}}),
                 "does not accept this way");
}

TEST_F(tunnels, a_socks_proxys_error_is_told) {
  expect_refused(open(socks_proxy, "10.1.2.3", 80,
                      {{"\x05\x01\x00"s, "\x05\x00"s},
                       {"\x05\x01\x00\x01\x0a\x01\x02\x03\x00\x50"s,
                        "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"s}}),
                 "SOCKS error 5");
}

TEST_F(tunnels, what_is_no_socks_5_proxy_is_refused) {
  expect_refused(open(socks_proxy, "10.1.2.3", 80, {{"\x05\x01\x00"s, "HTTP/1.1 400\r\n\r\n"}}),
                 "does not accept this way");
}

TEST_F(tunnels, the_opening_of_one_may_be_given_up_at_any_moment) {
  const std::string host = "up.example";
  std::optional<result<void>> outcome;
  auto opening = keep(open_tunnel(loop_, sockets_.near, http_proxy, host, 443), outcome);
  opening.start();
  loop_.run_ready();
  opening.reset();
  sockets_.near.close();
  loop_.run_ready();
  EXPECT_FALSE(outcome.has_value());
}

}  // namespace
}  // namespace baton::net
