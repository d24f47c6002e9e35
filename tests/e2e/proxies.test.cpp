// Accounts behind an HTTP CONNECT or SOCKS5 proxy.
#include <gmock/gmock.h>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class proxies : public relay_fixture {
 protected:
  void start_behind(const scripted_peer& proxy, const std::string& type,
                    const std::string& username = "", const std::string& password = "") {
    add_account("a", {}, [&](relay::account& account) {
      account.proxy = {type, "127.0.0.1", proxy.port(), username, password};
    });
    settings.timeouts.connect = milliseconds(500);
    settings.server.workers = 1;
    start();
  }
  void expect_served() {
    EXPECT_EQ(send_message().status, 200);
    EXPECT_TRUE(send_message(true).complete);
    EXPECT_THAT(seen_by("a").last_head,
                HasSubstr("host: 127.0.0.1:" + std::to_string(upstream->port())));
    EXPECT_THAT(seen_by("a").last_head, Not(HasSubstr("roxy")));
  }
  void expect_refused() {
    const auto answer = send_message();
    EXPECT_EQ(answer.status, 502);
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
    EXPECT_EQ(upstream->stats().connections_accepted, 0u);
  }
  // The order of a CONNECT request, checked, then its answer and the tunnel.
  std::function<void(conversation&)> http_proxy(std::string credentials_line, std::string answer) {
    return [this, credentials_line, answer](conversation& talk) {
      const auto order = talk.read_until("\r\n\r\n");
      const auto authority = "127.0.0.1:" + std::to_string(upstream->port());
      EXPECT_THAT(order, testing::StartsWith("CONNECT " + authority + " HTTP/1.1\r\n"));
      EXPECT_THAT(order, HasSubstr("Host: " + authority + "\r\n"));
      EXPECT_THAT(order, HasSubstr(credentials_line));
      talk.write(answer);
      if (answer.find(" 200 ") != std::string::npos) talk.tunnel_to(upstream->port());
    };
  }
  // Greets with `method` and answers the order to connect with `outcome`.
  std::function<void(conversation&)> socks_proxy(char method, char outcome,
                                                 std::string bound_address) {
    return [this, method, outcome, bound_address](conversation& talk) {
      const auto greeting = talk.read_exactly(3);
      EXPECT_EQ(greeting, std::string("\x05\x01", 2) + method);
      talk.write(std::string("\x05", 1) + method);
      if (method == 2) {
        EXPECT_EQ(talk.read_exactly(13), "\x01\x04user\x06secret");
        talk.write(std::string("\x01\x00", 2));
      }
      const auto order = talk.read_exactly(10);
      EXPECT_EQ(order.substr(0, 8), std::string("\x05\x01\x00\x01\x7f\x00\x00\x01", 8));
      talk.write(std::string("\x05", 1) + outcome + std::string(1, '\0') + bound_address);
      if (outcome == 0) talk.tunnel_to(upstream->port());
    };
  }
};

const std::string ipv4_bound("\x01\x7f\x00\x00\x01\x00\x50", 7);
const std::string ipv6_bound = '\x04' + std::string(18, '\0');
const std::string name_bound = std::string("\x03\x04host", 6) + std::string(2, '\0');

TEST_F(proxies, http_opens_a_tunnel) {
  scripted_peer proxy(http_proxy("\r\n", "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"));
  start_behind(proxy, "http");
  expect_served();
  EXPECT_EQ(proxy.connections(), 1u);
}

TEST_F(proxies, http_gets_its_password) {
  scripted_peer proxy(
      http_proxy("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n", "HTTP/1.0 200 OK\r\n\r\n"));
  start_behind(proxy, "http", "user", "secret");
  expect_served();
}

TEST_F(proxies, http_may_refuse) {
  for (const std::string answer :
       {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 403 No\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nsorry", "nonsense\r\n\r\n", "",
        "2"}) {
    SCOPED_TRACE(answer);
    scripted_peer proxy(http_proxy("", answer));
    add_account("a" + std::to_string(answer.size()), {}, [&](relay::account& account) {
      account.models = {{"m" + std::to_string(answer.size()), "m"}};
      account.proxy = {"http", "127.0.0.1", proxy.port(), "user", "secret"};
    });
    start();
    const auto body = message_body(false, "m" + std::to_string(answer.size()));
    const auto refused = post("/v1/messages", body);
    EXPECT_EQ(refused.status, 502);
    EXPECT_THAT(refused.body, Not(HasSubstr("secret")));
    stop();
  }
  EXPECT_EQ(upstream->stats().connections_accepted, 0u);
}

TEST_F(proxies, http_may_talk_without_end) {
  scripted_peer proxy([](conversation& talk) {
    talk.read_until("\r\n\r\n");
    while (talk.write("HTTP/1.1 200 OK with a very long head ")) {
    }
  });
  start_behind(proxy, "http");
  expect_refused();
}

TEST_F(proxies, may_stall) {
  scripted_peer proxy([](conversation& talk) { talk.read_to_end(); });
  start_behind(proxy, "http");
  const auto began = steady_now();
  expect_refused();
  EXPECT_LT(steady_now() - began, milliseconds(3000));
}

TEST_F(proxies, that_cannot_be_reached_are_a_failure_to_connect) {
  add_account("a", {}, [](relay::account& account) {
    account.priority = 10;
    account.proxy = {"socks5", "127.0.0.1", refusing_port(), "", ""};
  });
  add_account("b", {}, [](relay::account& account) { account.priority = 20; });
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(seen_by("b").requests, 1u);
}

TEST_F(proxies, socks_opens_a_tunnel) {
  scripted_peer proxy(socks_proxy(0, 0, ipv4_bound));
  start_behind(proxy, "socks5");
  expect_served();
  EXPECT_EQ(proxy.connections(), 1u);
}

TEST_F(proxies, socks_gets_its_password) {
  scripted_peer proxy(socks_proxy(2, 0, ipv6_bound));
  start_behind(proxy, "socks5", "user", "secret");
  expect_served();
}

TEST_F(proxies, socks_may_be_bound_to_a_name) {
  scripted_peer proxy(socks_proxy(0, 0, name_bound));
  start_behind(proxy, "socks5");
  expect_served();
}

TEST_F(proxies, socks_may_refuse) {
  scripted_peer proxy(socks_proxy(0, 5, ipv4_bound));
  start_behind(proxy, "socks5");
  expect_refused();
}

TEST_F(proxies, socks_may_refuse_the_password) {
  scripted_peer proxy([](conversation& talk) {
    talk.read_exactly(3);
    talk.write("\x05\x02");
    talk.read_exactly(13);
    talk.write("\x01\x01");
  });
  start_behind(proxy, "socks5", "user", "secret");
  expect_refused();
}

TEST_F(proxies, socks_may_know_no_way_to_authenticate) {
  scripted_peer proxy([](conversation& talk) {
    talk.read_exactly(3);
    talk.write("\x05\xff");
  });
  start_behind(proxy, "socks5", "user", "secret");
  expect_refused();
}

}  // namespace
}  // namespace baton::e2e
