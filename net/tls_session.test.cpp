// Sessions with clients over TLS: their handshakes, good and bad, against real OpenSSL.
#include <gtest/gtest.h>

#include <boost/asio/ssl/stream.hpp>
#include <random>

#include "net/exchange_fixture.test.hpp"
#include "net/session.hpp"
#include "net/tls.hpp"
#include "net/tls_server.hpp"
#include "tests/support/test_certificates.hpp"

namespace baton::net {
namespace {

namespace ssl = asio::ssl;

const std::string health = "GET /health HTTP/1.1\r\nHost: r\r\n\r\n";
const std::string last_health = "GET /health HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n";

tls_server::identity identity_of(const mock::test_certificates& made) {
  return tls_server::make_identity(made.certificate, made.private_key).value();
}

// The client's end of a connection, on the test's own loop.
class tls_peer {
 public:
  tls_peer(test_loop& loop, tcp_socket socket, ssl::context& trusting)
      : loop_(loop), stream_(std::move(socket), trusting) {}

  SSL* native() { return stream_.native_handle(); }
  boost::system::error_code handshake() {
    return wait([this](auto done) {
      stream_.async_handshake(ssl::stream_base::client,
                              [done](const auto& failure) { done(failure); });
    });
  }
  boost::system::error_code send(std::string_view text) {
    return wait([this, text](auto done) {
      asio::async_write(stream_, asio::buffer(text.data(), text.size()),
                        [done](const auto& failure, std::size_t) { done(failure); });
    });
  }
  boost::system::error_code read_some() {
    return wait([this](auto done) {
      stream_.async_read_some(asio::buffer(piece_),
                              [this, done](const auto& failure, std::size_t bytes) {
                                received.append(piece_, bytes);
                                done(failure);
                              });
    });
  }
  // How the peer ended.
  boost::system::error_code read_to_end() {
    boost::system::error_code failure;
    while (!failure) failure = read_some();
    return failure;
  }
  bool exchanges(std::string_view request) {
    received.clear();
    return !send(request) && !read_some() && received.starts_with("HTTP/1.1 200 ");
  }

  std::string received;

 private:
  template <class Begin>
  boost::system::error_code wait(Begin begin) {
    std::optional<boost::system::error_code> outcome;
    begin([&outcome](const boost::system::error_code& failure) { outcome = failure; });
    EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
    return outcome.value_or(asio::error::timed_out);
  }

  test_loop& loop_;
  ssl::stream<tcp_socket> stream_;
  char piece_[4096];
};

class tls_sessions : public ::testing::Test {
 protected:
  tls_sessions() { trust(certificates_); }

  void trust(const mock::test_certificates& made) {
    trusting_.add_certificate_authority(asio::buffer(made.ca));
    trusting_.set_verify_mode(ssl::verify_peer);
  }
  // The next connection's session, which waits for its handshake; gives the client's socket.
  tcp_socket accept() {
    socket_pair sockets(loop_);
    session_ = std::make_unique<session>(
        worker_.context(),
        channel_ptr(new tls_channel(loop_, std::move(sockets.near), *server_.current(), 4 * 1024)));
    port_.has_finished = false;
    session_->start(port_);
    return std::move(sockets.far);
  }
  std::unique_ptr<tls_peer> connect() {
    return std::make_unique<tls_peer>(loop_, accept(), trusting_);
  }
  bool has_ended() {
    return loop_.run_until([&] { return port_.has_finished; });
  }
  double failures() const {
    const auto found = worker_.metrics.tls_handshake_failures.collect().metric;
    return found.empty() ? 0 : found[0].counter.value;
  }

  const mock::test_certificates certificates_ = mock::make_test_certificates();
  tls_server server_{identity_of(certificates_)};
  ssl::context trusting_{ssl::context::tls_client};
  test_worker worker_;
  test_loop& loop_ = worker_.loop;
  scripted_port port_;
  std::unique_ptr<session> session_;
};

TEST_F(tls_sessions, answer_request_after_request) {
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  EXPECT_STREQ(SSL_get_version(client->native()), "TLSv1.3");
  EXPECT_TRUE(client->exchanges(health));
  EXPECT_TRUE(client->exchanges(health));
  EXPECT_EQ(failures(), 0);
}

TEST_F(tls_sessions, say_that_they_end) {
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  ASSERT_TRUE(client->exchanges(last_health));
  EXPECT_EQ(client->read_to_end(), asio::error::eof) << "not a truncation";
  client.reset();
  EXPECT_TRUE(has_ended());
}

TEST_F(tls_sessions, that_are_idle_when_the_server_stops_say_that_they_end) {
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  ASSERT_TRUE(client->exchanges(health));
  session_->finish_up();
  EXPECT_EQ(client->read_to_end(), asio::error::eof);
  EXPECT_TRUE(has_ended());
}

TEST_F(tls_sessions, agree_on_http_1_1) {
  auto client = connect();
  SSL_set_alpn_protos(client->native(),
                      reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
  ASSERT_FALSE(client->handshake());
  const unsigned char* chosen = nullptr;
  unsigned int bytes = 0;
  SSL_get0_alpn_selected(client->native(), &chosen, &bytes);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), bytes), "http/1.1");
}

TEST_F(tls_sessions, with_clients_of_other_protocols_alone_are_refused) {
  auto client = connect();
  SSL_set_alpn_protos(client->native(), reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  EXPECT_TRUE(client->handshake());
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(failures(), 1);
}

TEST_F(tls_sessions, are_not_of_the_versions_of_old) {
  auto client = connect();
  SSL_set_security_level(client->native(), 0);
  SSL_set_min_proto_version(client->native(), TLS1_VERSION);
  SSL_set_max_proto_version(client->native(), TLS1_1_VERSION);
  EXPECT_TRUE(client->handshake());
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(failures(), 1);
}

TEST_F(tls_sessions, are_resumed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SSL_SESSION* kept = nullptr;
    for (const bool again : {false, true}) {
      auto client = connect();
      SSL_set_max_proto_version(client->native(), version);
      if (kept != nullptr) SSL_set_session(client->native(), kept);
      ASSERT_FALSE(client->handshake());
      ASSERT_TRUE(client->exchanges(health));
      EXPECT_EQ(SSL_session_reused(client->native()), again ? 1 : 0) << version;
      SSL_SESSION_free(kept);
      kept = SSL_get1_session(client->native());
      SSL_set_shutdown(client->native(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    SSL_SESSION_free(kept);
  }
}

TEST_F(tls_sessions, show_a_new_certificate_to_new_clients_only) {
  auto running = connect();
  ASSERT_FALSE(running->handshake());
  const auto first = std::move(session_);
  const auto next = mock::make_test_certificates();
  server_.use(identity_of(next));
  EXPECT_TRUE(connect()->handshake()) << "it trusts the old one only";
  EXPECT_TRUE(running->exchanges(health));
  trust(next);
  auto client = connect();
  EXPECT_FALSE(client->handshake());
  EXPECT_TRUE(client->exchanges(health));
}

TEST_F(tls_sessions, do_not_begin_with_anything_else) {
  for (const std::string& text : {health, std::string("\x16\x03\x01\xff\xff\x01"),
                                  std::string(20'000, '\0'), std::string("SSH-2.0-x\r\n"),
                                  std::string("\x80\x2e\x01\x03\x01", 5) + std::string(60, 'x')}) {
    const auto before = failures();
    auto client = accept();
    send(client, text);
    client.shutdown(tcp::socket::shutdown_send);
    EXPECT_TRUE(has_ended());
    EXPECT_EQ(failures(), before + 1);
    EXPECT_EQ(received_at(client).find("HTTP/"), std::string::npos);
  }
  session_.reset();
  EXPECT_EQ(worker_.context().connections, 0u);
}

TEST_F(tls_sessions, survive_random_bytes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 1; round <= 100; ++round) {
    std::string text = "\x16\x03\x01";
    text += std::string("\x00\x40\x01\x00\x00\x3c\x03\x03", round % 2 == 0 ? 8 : 0);
    for (auto left = random() % 200; left > 0; --left) text += static_cast<char>(random());
    auto client = accept();
    send(client, text);
    client.shutdown(tcp::socket::shutdown_send);
    ASSERT_TRUE(has_ended());
    EXPECT_EQ(failures(), round);
  }
}

TEST_F(tls_sessions, of_a_client_that_stops_in_its_handshake_end_in_time) {
  worker_.settings.tls_handshake = milliseconds(100);
  auto client = accept();
  send(client, "\x16\x03\x01");
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(failures(), 1);
  EXPECT_EQ(end_at(client), asio::error::eof);
}

TEST_F(tls_sessions, of_a_client_that_leaves_in_its_handshake_end) {
  {
    auto client = accept();
    send(client, "\x16\x03\x01");
  }
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(failures(), 1);
}

TEST_F(tls_sessions, destroyed_in_their_handshake_leave_nothing) {
  auto client = accept();
  send(client, "\x16\x03\x01");
  loop_.run_ready();
  session_.reset();
  loop_.run_ready();
  EXPECT_NE(end_at(client), asio::error::would_block);
  EXPECT_EQ(worker_.context().connections, 0u);
}

TEST_F(tls_sessions, that_the_server_ends_in_their_handshake_are_no_failure) {
  auto client = accept();
  loop_.run_ready();
  session_->finish_up();
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(failures(), 0);
}

std::string complaint(std::string_view certificate, std::string_view key) {
  const auto made = tls_server::make_identity(certificate, key);
  return made ? "usable" : made.error().text;
}

TEST(tls_identities, say_what_cannot_be_used) {
  const auto good = mock::make_test_certificates();
  const auto other = mock::make_test_certificates();
  EXPECT_EQ(complaint(good.certificate, good.private_key), "usable");
  EXPECT_EQ(complaint(good.certificate + good.ca, good.private_key), "usable") << "with a chain";
  for (const std::string_view text :
       {std::string_view(""), std::string_view("nonsense"), std::string_view(good.private_key),
        std::string_view(good.certificate).substr(0, 200)}) {
    EXPECT_TRUE(complaint(text, good.private_key).starts_with("the certificate cannot be used: "));
  }
  for (const std::string_view text :
       {std::string_view(""), std::string_view("nonsense"), std::string_view(good.certificate),
        std::string_view(good.private_key).substr(0, 100), std::string_view(other.private_key)}) {
    EXPECT_TRUE(complaint(good.certificate, text).starts_with("the private key cannot be used: "));
  }
}

TEST(tls_identities, never_ask_for_a_password) {
  const auto good = mock::make_test_certificates();
  constexpr std::string_view encrypted =
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END EC PRIVATE KEY-----\n";
  EXPECT_TRUE(
      complaint(good.certificate, encrypted).starts_with("the private key cannot be used: "));
}

TEST(tls_identities, allow_no_renegotiation_and_keep_no_sessions) {
  const auto made = identity_of(mock::make_test_certificates());
  auto* const native = made->native_handle();
  EXPECT_NE(SSL_CTX_get_options(native) & SSL_OP_NO_RENEGOTIATION, 0u);
  EXPECT_NE(SSL_CTX_get_options(native) & SSL_OP_NO_COMPRESSION, 0u);
  EXPECT_EQ(SSL_CTX_get_session_cache_mode(native), SSL_SESS_CACHE_OFF);
}

TEST(tls_identities, know_when_they_end) {
  const auto left = tls_server::expiry_of(identity_of(mock::make_test_certificates())) - wall_now();
  EXPECT_GT(left, std::chrono::hours(23));
  EXPECT_LT(left, std::chrono::hours(25));
  EXPECT_LT(tls_server::expiry_of(identity_of(mock::make_expired_certificates())), wall_now());
}

}  // namespace
}  // namespace baton::net
