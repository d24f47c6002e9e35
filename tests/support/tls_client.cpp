#include "tests/support/tls_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/write.hpp>
#include <stdexcept>
#include <utility>

namespace baton::test {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

constexpr timeval limit{10, 0};

ssl::context trusting(const std::string& ca) {
  ssl::context made(ssl::context::tls_client);
  made.add_certificate_authority(asio::buffer(ca));
  made.set_verify_mode(ssl::verify_peer);
  made.set_verify_callback(ssl::host_name_verification("127.0.0.1"));
  return made;
}

}  // namespace

tls_client::tls_client(std::uint16_t port, const std::string& ca)
    : context_(trusting(ca)), stream_(io_, context_) {
  auto& socket = stream_.next_layer();
  socket.connect({asio::ip::address_v4::loopback(), port});
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    ::setsockopt(socket.native_handle(), SOL_SOCKET, option, &limit, sizeof limit);
  }
  stream_.handshake(ssl::stream_base::client);
}

void tls_client::send(std::string_view bytes) {
  asio::write(stream_, asio::buffer(bytes.data(), bytes.size()));
}

std::string tls_client::read_some() {
  if (!received_.empty()) return std::exchange(received_, {});
  std::string bytes(64 * 1024, '\0');
  boost::system::error_code failure;
  bytes.resize(stream_.read_some(asio::buffer(bytes), failure));
  if (failure == asio::error::try_again) throw std::runtime_error("nothing arrived in time");
  if (failure == asio::error::eof) ended_properly_ = true;
  return bytes;
}

std::string tls_client::read_until(std::string_view marker) {
  std::string bytes;
  std::size_t end = 0;
  while ((end = bytes.find(marker)) == std::string::npos) {
    const auto more = read_some();
    if (more.empty()) return bytes;
    bytes += more;
  }
  received_ = bytes.substr(end + marker.size());
  bytes.resize(end + marker.size());
  return bytes;
}

raw_answer tls_client::read_answer() {
  answer_reader reader;
  while (!reader.feed(received_)) {
    auto pending = std::exchange(received_, {});
    const auto more = read_some();
    if (more.empty()) {
      reader.end(ended_properly_ ? "close_notify" : "truncation");
      break;
    }
    received_ = pending + more;
  }
  return reader.answer();
}

void tls_client::close() {
  boost::system::error_code ignored;
  stream_.next_layer().close(ignored);
}

}  // namespace baton::test
