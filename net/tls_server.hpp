// TLS towards clients: the certificate that a listener shows, which can change while it listens.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::net {

// Shared by all workers, so that a client's session is resumed on whichever it comes to. Any
// thread.
class tls_server {
 public:
  // A certificate with its key and the keys of the sessions that begin under it. Connections hold
  // what they need of it, so it may go before them.
  using identity = std::shared_ptr<boost::asio::ssl::context>;

  // From PEM texts; the certificate may be followed by its chain. Errors: invalid_argument saying
  // which of the two cannot be used, and why.
  static result<identity> make_identity(std::string_view certificate, std::string_view private_key);
  // When the certificate ends.
  static wall_time expiry_of(const identity& shown);

  explicit tls_server(identity first) : identity_(std::move(first)) {}

  // What a connection that begins now is shown.
  identity current() const;
  // From now on; connections that exist go on with what they have.
  void use(identity next);

 private:
  mutable std::mutex guard_;  // held for the copy of a pointer, once a connection
  identity identity_;
};

}  // namespace baton::net
