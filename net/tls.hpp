// Channels over TLS, and what a worker's connections to upstreams share: certificates and host
// names are always checked, sessions are resumed.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "net/async_operation.hpp"
#include "net/channel.hpp"

namespace baton::net {

// One per worker. Remembers the newest session of each upstream, so its map grows with the number
// of configured upstreams only.
class tls_client {
 public:
  // Throws std::runtime_error when the certificates of `ca_file` (empty: the system's) cannot be
  // read: a matter of start-up.
  explicit tls_client(const std::string& ca_file);
  ~tls_client();

  boost::asio::ssl::context& context() { return context_; }
  // Prepares a connection's SSL object: SNI, the name the certificate must carry, ALPN http/1.1,
  // and the session to resume. `host` is a name or an IP address.
  void prepare(SSL* ssl, const std::string& host, std::uint16_t port);

 private:
  using session_ptr = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;
  struct remembered {
    session_ptr session{nullptr, SSL_SESSION_free};
  };
  static int on_new_session(SSL* ssl, SSL_SESSION* session);

  boost::asio::ssl::context context_;
  std::map<std::pair<std::string, std::uint16_t>, remembered> sessions_;
};

// A channel over TLS, to an upstream or a client. Connect the socket, make the channel, then
// co_await its handshake; until that has succeeded nothing else may be asked of it but close().
class tls_channel final : public channel {
 public:
  using side = boost::asio::ssl::stream_base::handshake_type;

  // Keeps what it needs of `context`.
  tls_channel(event_loop& loop, tcp_socket socket, boost::asio::ssl::context& context,
              std::size_t buffer_bytes);

  bool is_tls() const override { return true; }
  tcp::endpoint peer() const override;
  SSL* ssl() { return stream_.native_handle(); }
  void shut_down_sending() override;

  // Starts the handshake as this side of it; `operation` completes with its outcome.
  auto handshake(async_operation<>& operation, side ours) {
    return operation.start([this, ours](auto done) {
      stream_.async_handshake(
          ours, [self = channel_ptr(this), done = std::move(done)](
                    const boost::system::error_code& failure) mutable { done(failure); });
    });
  }

 private:
  void start_read(char* target, std::size_t size) override;
  void start_write() override;
  std::size_t write_now(std::span<const asio::const_buffer> buffers,
                        boost::system::error_code& failure) override;
  void close_socket(bool reset) override;
  void say_farewell();

  boost::asio::ssl::stream<tcp_socket> stream_;
  // What is being encrypted: a copy, since OpenSSL may look at it again after its owner has gone.
  std::unique_ptr<char[]> record_;
};

}  // namespace baton::net
