#include "net/tls_server.hpp"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <ctime>
#include <utility>

namespace baton::net {
namespace {

namespace ssl = boost::asio::ssl;

// Clients that name protocols must name this one; others speak it anyhow.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned int offered_bytes, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int outcome =
      SSL_select_next_proto(&found, chosen_bytes, ours, sizeof ours - 1, offered, offered_bytes);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// An encrypted key is refused; without this OpenSSL asks for its password on the terminal.
int no_password(char*, int, int, void*) {
  return 0;
}

error unusable(const char* what, const std::string& why) {
  return downstream_error(error_code::invalid_argument, std::string(what) + ": " + why);
}

void configure(SSL_CTX* native) {
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Sessions are in the tickets that clients keep, not in our memory.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, &choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(native, &no_password);
}

}  // namespace

result<tls_server::identity> tls_server::make_identity(std::string_view certificate,
                                                       std::string_view private_key) {
  const auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  configure(made->native_handle());
  boost::system::error_code failure;
  made->use_certificate_chain({certificate.data(), certificate.size()}, failure);
  if (failure) return unusable("the certificate cannot be used", failure.message());
  made->use_private_key({private_key.data(), private_key.size()}, ssl::context::pem, failure);
  if (failure) return unusable("the private key cannot be used", failure.message());
  if (SSL_CTX_check_private_key(made->native_handle()) != 1) {
    return unusable("the private key cannot be used", "it is not the certificate's");
  }
  return made;
}

wall_time tls_server::expiry_of(const identity& shown) {
  const auto* certificate = SSL_CTX_get0_certificate(shown->native_handle());
  std::tm date{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &date) != 1) {
    return wall_time::max();
  }
  return wall_time(std::chrono::seconds(::timegm(&date)));
}

tls_server::identity tls_server::current() const {
  std::lock_guard lock(guard_);
  return identity_;
}

void tls_server::use(identity next) {
  std::lock_guard lock(guard_);
  identity_.swap(next);
}

}  // namespace baton::net
