// Certificates for tests, made at run time: nothing to keep in the repository, nothing to expire.
#pragma once

#include <string>
#include <vector>

namespace baton::mock {

// PEM texts.
struct test_certificates {
  std::string ca;           // what a client has to trust
  std::string certificate;  // the server's, signed by that
  std::string private_key;  // the server's, P-256
};

// A new CA and a server certificate for these DNS names and IP addresses, valid from an hour ago
// for a day. Throws std::runtime_error if OpenSSL fails.
test_certificates make_test_certificates(const std::vector<std::string>& hosts = {"localhost",
                                                                                  "127.0.0.1"});

// The same, but its validity ended an hour ago.
test_certificates make_expired_certificates(const std::vector<std::string>& hosts = {"localhost",
                                                                                     "127.0.0.1"});

}  // namespace baton::mock
