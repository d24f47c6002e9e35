// A blocking TLS client for tests of the relay's own certificates. Everything has a time limit;
// passing it throws std::runtime_error.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/raw_answer.hpp"

namespace baton::test {

class tls_client {
 public:
  // Connects to 127.0.0.1 and makes the handshake. Throws if the server's certificate is none for
  // 127.0.0.1 that `ca` (PEM) vouches for.
  tls_client(std::uint16_t port, const std::string& ca);

  void send(std::string_view bytes);
  // What arrives next; empty when the server has ended, then ended_properly() tells how.
  std::string read_some();
  std::string read_until(std::string_view marker);
  raw_answer read_answer();
  // Whether the server has said that it ends (close_notify).
  bool ended_properly() const { return ended_properly_; }

  void close();  // without a word

 private:
  boost::asio::io_context io_;
  boost::asio::ssl::context context_;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  std::string received_;  // not taken yet
  bool ended_properly_ = false;
};

}  // namespace baton::test
