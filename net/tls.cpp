#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <stdexcept>

namespace baton::net {
namespace {

// A TLS record carries at most this much.
constexpr std::size_t record_bytes_max = 16 * 1024;

// Where a connection keeps what its new sessions belong to. (The app data slot is Asio's.)
int session_slot_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

tls_client::tls_client(const std::string& ca_file)
    : context_(boost::asio::ssl::context::tls_client) {
  boost::system::error_code failure;
  if (ca_file.empty()) {
    context_.set_default_verify_paths(failure);
  } else {
    context_.load_verify_file(ca_file, failure);
  }
  if (failure) {
    throw std::runtime_error("the trusted certificates cannot be read" +
                             (ca_file.empty() ? "" : " from " + ca_file) + ": " +
                             failure.message());
  }
  context_.set_verify_mode(boost::asio::ssl::verify_peer);
  auto* native = context_.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(native, &tls_client::on_new_session);
  // An idle pooled connection then costs 34 kB less.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
}

// A connection that outlives this by a moment may still be given a session.
tls_client::~tls_client() {
  SSL_CTX_sess_set_new_cb(context_.native_handle(), nullptr);
}

void tls_client::prepare(SSL* ssl, const std::string& host, std::uint16_t port) {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set1_host(ssl, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  }
  constexpr unsigned char protocols[] = "\x08http/1.1";
  SSL_set_alpn_protos(ssl, protocols, sizeof(protocols) - 1);
  auto& known = sessions_[{host, port}];
  SSL_set_ex_data(ssl, session_slot_index(), &known);
  if (known.session) SSL_set_session(ssl, known.session.get());
}

int tls_client::on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* known = static_cast<remembered*>(SSL_get_ex_data(ssl, session_slot_index()));
  if (known == nullptr) return 0;
  known->session.reset(session);
  return 1;  // the reference is ours now
}

tls_channel::tls_channel(event_loop& loop, tcp_socket socket, boost::asio::ssl::context& context,
                         std::size_t buffer_bytes)
    : channel(loop, buffer_bytes), stream_(std::move(socket), context) {
  boost::system::error_code ignored;
  stream_.next_layer().set_option(tcp::no_delay(true), ignored);
}

tcp::endpoint tls_channel::peer() const {
  boost::system::error_code ignored;
  return stream_.next_layer().remote_endpoint(ignored);
}

// close_notify (RFC 8446 section 6.1), by which a client tells a whole answer from a cut one. It
// goes out at once or, if the socket is full, not at all.
void tls_channel::say_farewell() {
  if (SSL_is_init_finished(ssl()) == 0 || (SSL_get_shutdown(ssl()) & SSL_SENT_SHUTDOWN) != 0)
    return;
  stream_.async_shutdown([self = channel_ptr(this)](const boost::system::error_code&) {});
}

void tls_channel::shut_down_sending() {
  say_farewell();
  boost::system::error_code ignored;
  stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
}

void tls_channel::start_read(char* target, std::size_t size) {
  stream_.async_read_some(
      asio::buffer(target, size),
      [self = channel_ptr(this), this](const boost::system::error_code& failure,
                                       std::size_t bytes) { on_read(failure, bytes); });
}

// OpenSSL may need to read before it can write, so nothing is written without waiting.
std::size_t tls_channel::write_now(std::span<const asio::const_buffer>,
                                   boost::system::error_code&) {
  return 0;
}

void tls_channel::start_write() {
  if (!record_) record_ = std::make_unique_for_overwrite<char[]>(record_bytes_max);
  const auto bytes = asio::buffer_copy(asio::buffer(record_.get(), record_bytes_max), unsent());
  stream_.async_write_some(asio::buffer(record_.get(), bytes),
                           [self = channel_ptr(this), this](
                               const boost::system::error_code& failure, std::size_t written) {
                             on_write_progress(failure, written);
                           });
}

void tls_channel::close_socket(bool reset) {
  boost::system::error_code ignored;
  auto& socket = stream_.next_layer();
  if (!reset && SSL_is_server(ssl()) != 0) say_farewell();
  // OpenSSL does not resume the session of a connection that was freed without a shutdown.
  SSL_set_shutdown(ssl(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  if (reset) socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace baton::net
