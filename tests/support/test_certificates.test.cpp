#include "tests/support/test_certificates.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/mock_upstream.hpp"
#include "tests/support/raw_client.hpp"

namespace baton::mock {

namespace {

namespace asio = boost::asio;
using tls_stream = asio::ssl::stream<asio::ip::tcp::socket>;

// A blocking TLS client that trusts one CA.
class tls_client {
 public:
  explicit tls_client(const std::string& ca) : context_(asio::ssl::context::tls_client) {
    context_.add_certificate_authority(asio::buffer(ca));
    context_.set_verify_mode(asio::ssl::verify_peer);
  }
  ~tls_client() { SSL_SESSION_free(session_); }

  // The body of the answer; the session is used for the next connection. Throws if the handshake
  // fails.
  std::string post(std::uint16_t port, const std::string& host, const std::string& key) {
    tls_stream stream(io_, context_);
    stream.lowest_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    stream.set_verify_callback(asio::ssl::host_name_verification(host));
    SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    SSL_set_alpn_protos(stream.native_handle(),
                        reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
    if (session_ != nullptr) SSL_set_session(stream.native_handle(), session_);
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream,
                asio::buffer(test::request_text("POST", "/v1/messages", {{"x-api-key", key}},
                                                R"({"model":"m","stream":true})")));
    test::answer_reader reader;
    std::string bytes;
    while (!reader.feed(bytes)) {
      char piece[4096];
      boost::system::error_code failure;
      const std::size_t size = stream.read_some(asio::buffer(piece), failure);
      if (failure) {
        last_end = failure;
        reader.end("error");
        break;
      }
      bytes.append(piece, size);
    }
    SSL_SESSION_free(session_);
    session_ = SSL_get1_session(stream.native_handle());
    // OpenSSL gives up the session of a connection that was not shut down.
    SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN);
    return reader.answer().body;
  }

  boost::system::error_code last_end;

 private:
  asio::io_context io_;
  asio::ssl::context context_;
  SSL_SESSION* session_ = nullptr;
};

mock_upstream make_upstream(const test_certificates& certificates) {
  return mock_upstream(
      {.certificate = certificates.certificate, .private_key = certificates.private_key});
}

}  // namespace

TEST(test_certificates, let_a_client_verify_the_mock_by_name_and_address) {
  const test_certificates made = make_test_certificates({"localhost", "api.test", "127.0.0.1"});
  mock_upstream upstream = make_upstream(made);
  EXPECT_TRUE(upstream.url().starts_with("https://127.0.0.1:"));
  tls_client client(made.ca);
  for (const char* host : {"localhost", "api.test", "127.0.0.1"}) {
    EXPECT_NE(client.post(upstream.port(), host, "k").find("message_stop"), std::string::npos);
  }
  // A new client: with a resumed session nothing is verified again.
  tls_client other(made.ca);
  EXPECT_THROW(other.post(upstream.port(), "other.test", "k"), boost::system::system_error);
}

TEST(test_certificates, of_another_ca_or_expired_are_refused) {
  mock_upstream upstream = make_upstream(make_test_certificates());
  tls_client stranger(make_test_certificates().ca);
  EXPECT_THROW(stranger.post(upstream.port(), "localhost", "k"), boost::system::system_error);
  const test_certificates expired = make_expired_certificates();
  mock_upstream old = make_upstream(expired);
  tls_client client(expired.ca);
  EXPECT_THROW(client.post(old.port(), "localhost", "k"), boost::system::system_error);
}

TEST(mock_upstream_tls, counts_sessions_that_are_resumed) {
  const test_certificates made = make_test_certificates();
  mock_upstream upstream = make_upstream(made);
  tls_client client(made.ca);
  for (int n = 0; n < 3; ++n) client.post(upstream.port(), "localhost", "k");
  EXPECT_EQ(upstream.stats().tls_handshakes, 3u);
  EXPECT_EQ(upstream.stats().tls_sessions_resumed, 2u);
}

TEST(mock_upstream_tls, sends_large_paced_and_byte_by_byte_answers) {
  const test_certificates made = make_test_certificates();
  mock_upstream upstream = make_upstream(made);
  tls_client client(made.ca);
  const auto ask = [&](const char* key) { return client.post(upstream.port(), "localhost", key); };
  EXPECT_EQ(test::parse_events(ask("mock-events=50;event-bytes=100000")).size(), 56u);
  EXPECT_EQ(test::parse_events(ask("mock-events=5;interval-ms=1")).size(), 11u);
  EXPECT_EQ(test::parse_events(ask("mock-byte-by-byte=1;events=1")).size(), 7u);
}

TEST(mock_upstream_tls, cuts_without_close_notify_and_closes_with_one) {
  const test_certificates made = make_test_certificates();
  mock_upstream upstream = make_upstream(made);
  tls_client client(made.ca);
  client.post(upstream.port(), "localhost", "mock-cut-after-events=2");
  EXPECT_EQ(client.last_end, asio::ssl::error::stream_truncated);
  client.post(upstream.port(), "localhost", "mock-garbage=1");
  EXPECT_EQ(client.last_end, asio::error::eof);
}

}  // namespace baton::mock
