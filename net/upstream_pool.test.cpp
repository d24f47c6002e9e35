#include "net/upstream_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

using std::chrono::milliseconds;

class pooling : public ::testing::Test {
 protected:
  pooling() { deadlines_.start(); }

  relay::ready_account account(const std::string& path = "", const std::string& scheme = "http") {
    relay::account config;
    config.id = account_id("a");
    config.platform = "claude-console";
    config.name = "a";
    config.api_url =
        scheme + "://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    config.credential.api_key = "k";
    return *relay::prepare_account(std::move(config));
  }

  upstream_pool& pool() {
    if (!pool_) pool_ = std::make_unique<upstream_pool>(loop_, deadlines_, settings_);
    return *pool_;
  }

  upstream_ptr connect(const relay::ready_account& to) {
    auto connected = loop_.run(pool().connect(to));
    EXPECT_TRUE(connected && *connected);
    peers_.push_back(acceptor_.accept());
    return std::move(**connected);
  }

  test_loop loop_;
  deadline_sweep deadlines_{loop_};
  relay_settings settings_;
  tcp_acceptor acceptor_ = listen_on_loopback(loop_);
  std::vector<tcp_socket> peers_;  // in the order of connect()
  std::unique_ptr<upstream_pool> pool_;
};

TEST_F(pooling, there_is_nothing_to_take_at_first) {
  EXPECT_EQ(pool().take(account()), nullptr);
  EXPECT_EQ(pool().idle(), 0u);
}

TEST_F(pooling, a_connection_given_back_is_used_again) {
  const auto to = account();
  auto fresh = connect(to);
  EXPECT_FALSE(fresh->reused());
  auto* const same = fresh.get();
  pool().give_back(std::move(fresh));
  EXPECT_EQ(pool().idle(), 1u);
  auto again = pool().take(to);
  EXPECT_EQ(again.get(), same);
  EXPECT_TRUE(again->reused());
  EXPECT_EQ(pool().idle(), 0u);

  std::optional<io_status> written, read;
  auto writing = note_write(again->bytes(), "ping", written);
  writing.start();
  EXPECT_EQ(written, io_status::ok);
  auto reading = note_more(again->bytes(), read);
  reading.start();
  send(peers_[0], "pong");
  EXPECT_TRUE(loop_.run_until([&] { return read.has_value(); }));
  EXPECT_EQ(again->bytes().input(), "pong");
}

TEST_F(pooling, the_one_used_last_is_taken_first) {
  const auto to = account();
  auto first = connect(to);
  auto second = connect(to);
  const auto* const newest = first.get();
  pool().give_back(std::move(second));
  pool().give_back(std::move(first));
  EXPECT_EQ(pool().take(to).get(), newest);
}

TEST_F(pooling, endpoints_and_proxies_do_not_share_connections) {
  const auto to = account();
  pool().give_back(connect(to));
  EXPECT_EQ(pool().take(account("/other")), nullptr);
  auto behind_proxy = account();
  behind_proxy.config.proxy = {"http", "127.0.0.1", 1, "", ""};
  EXPECT_EQ(pool().take(behind_proxy), nullptr);
  EXPECT_NE(pool().take(to), nullptr);
}

TEST_F(pooling, one_that_the_upstream_closes_leaves_the_pool_at_once) {
  const auto to = account();
  auto first = connect(to);
  auto second = connect(to);
  pool().give_back(std::move(first));
  pool().give_back(std::move(second));
  peers_[0].close();
  EXPECT_TRUE(loop_.run_until([&] { return pool().idle() == 1; }));
  EXPECT_NE(pool().take(to), nullptr);
}

TEST_F(pooling, one_that_gets_bytes_nobody_asked_for_leaves_too) {
  const auto to = account();
  pool().give_back(connect(to));
  send(peers_[0], "HTTP/1.1 408 Request Timeout\r\n\r\n");
  EXPECT_TRUE(loop_.run_until([&] { return pool().idle() == 0; }));
}

TEST_F(pooling, one_with_unread_bytes_is_not_kept) {
  const auto to = account();
  auto used = connect(to);
  send(peers_[0], "surplus");
  std::optional<io_status> read;
  auto reading = note_more(used->bytes(), read);
  reading.start();
  EXPECT_TRUE(loop_.run_until([&] { return read.has_value(); }));
  pool().give_back(std::move(used));
  EXPECT_EQ(pool().idle(), 0u);
  EXPECT_EQ(end_at(peers_[0]), asio::error::eof);
}

TEST_F(pooling, one_that_is_closed_is_not_kept) {
  const auto to = account();
  auto used = connect(to);
  used->bytes().close(io_status::timed_out);
  pool().give_back(std::move(used));
  EXPECT_EQ(pool().idle(), 0u);
}

TEST_F(pooling, one_that_is_unused_for_too_long_is_closed) {
  settings_.upstream_idle = milliseconds(1);
  pool().give_back(connect(account()));
  EXPECT_TRUE(loop_.run_until([&] { return pool().idle() == 0; }));
  EXPECT_EQ(end_at(peers_[0]), asio::error::eof);
}

TEST_F(pooling, a_connection_in_use_is_destroyed_with_its_exchange) {
  connect(account()).reset();
  EXPECT_EQ(end_at(peers_[0]), asio::error::eof);
}

TEST_F(pooling, an_endpoint_where_nobody_listens_is_unreachable) {
  const auto to = account();
  acceptor_.close();
  auto connected = loop_.run(pool().connect(to));
  ASSERT_TRUE(connected && !*connected);
  EXPECT_EQ(connected->error().code, error_code::upstream_unreachable);
  EXPECT_NE(connected->error().text.find("127.0.0.1"), std::string::npos);
}

TEST_F(pooling, connecting_takes_no_longer_than_it_may) {
  settings_.connect = milliseconds(1);
  auto to = account();
  to.config.proxy = {"http", "127.0.0.1", acceptor_.local_endpoint().port(), "", ""};
  auto connected = loop_.run(pool().connect(to));  // the proxy never answers
  ASSERT_TRUE(connected && !*connected);
  EXPECT_NE(connected->error().text.find("timed out"), std::string::npos)
      << connected->error().text;
}

// Its running operation would keep the connection open for as long as the peer says nothing.
TEST_F(pooling, a_tls_handshake_that_is_given_up_closes_its_connection) {
  const auto to = account("", "https");
  auto connecting = pool().connect(to);
  connecting.start();
  auto silent = acceptor_.accept();
  EXPECT_TRUE(loop_.run_until([&] { return !received_at(silent).empty(); }));  // the client's hello
  EXPECT_EQ(end_at(silent), asio::error::would_block);
  connecting.reset();
  EXPECT_TRUE(loop_.run_until([&] { return end_at(silent) != asio::error::would_block; }));
}

TEST_F(pooling, a_tls_handshake_takes_no_longer_than_it_may) {
  settings_.tls_handshake = milliseconds(1);
  const auto to = account("", "https");
  auto connected = loop_.run(pool().connect(to));
  ASSERT_TRUE(connected && !*connected);
  EXPECT_NE(connected->error().text.find("TLS: timed out"), std::string::npos)
      << connected->error().text;
}

TEST_F(pooling, connecting_may_be_given_up_at_any_moment) {
  const auto to = account();
  auto connecting = pool().connect(to);
  connecting.start();
  connecting.reset();
  loop_.run_ready();
  EXPECT_EQ(pool().idle(), 0u);
}

}  // namespace
}  // namespace baton::net
