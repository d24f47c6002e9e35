#include "net/proxy_tunnel.hpp"

#include <boost/asio/ip/address.hpp>

#include "base/base64.hpp"
#include "net/async_operation.hpp"

namespace baton::net {
namespace {

// A proxy's answer to CONNECT may not be longer.
constexpr std::size_t connect_answer_bytes_max = 8 * 1024;

error refused(const std::string& why) {
  return upstream_error(error_code::upstream_unreachable,
                        "The account's proxy did not open a tunnel: " + why + ".");
}

// Both step by step, since asio::async_write() and async_read() need the socket and the bytes even
// after the coroutine was destroyed.
task<result<void>> send(event_loop& loop, tcp_socket& socket, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    async_operation<std::size_t> writing(loop);
    const auto [failure, written] = co_await writing.start(
        [&](auto done) { socket.async_write_some(asio::buffer(bytes) + sent, std::move(done)); });
    if (failure) co_return refused(failure.message());
    sent += written;
  }
  co_return result<void>{};
}

// Exactly `size` bytes: nothing of what follows in the tunnel may be swallowed.
task<result<std::string>> receive(event_loop& loop, tcp_socket& socket, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t received = 0;
  while (received < size) {
    async_operation<std::size_t> reading(loop);
    const auto [failure, count] = co_await reading.start([&](auto done) {
      socket.async_read_some(asio::buffer(bytes) + received, std::move(done));
    });
    if (failure) co_return refused(failure.message());
    received += count;
  }
  co_return bytes;
}

task<result<void>> open_http_tunnel(event_loop& loop, tcp_socket& socket,
                                    const relay::proxy_settings& proxy, const std::string& host,
                                    std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  const auto authority = (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  auto order = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.username.empty()) {
    order +=
        "Proxy-Authorization: Basic " + to_base64(proxy.username + ":" + proxy.password) + "\r\n";
  }
  order += "\r\n";
  if (auto sent = co_await send(loop, socket, order); !sent) co_return sent.error();

  // Byte by byte: what follows the head belongs to the upstream. This happens once a connection.
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    if (head.size() == connect_answer_bytes_max) co_return refused("its answer is too long");
    auto byte = co_await receive(loop, socket, 1);
    if (!byte) co_return byte.error();
    head += *byte;
  }
  const auto status = head.substr(0, head.find("\r\n"));
  if (!status.starts_with("HTTP/1.") || status.find(" 2") != 8) co_return refused(status);
  co_return result<void>{};
}

std::string socks_address(const std::string& host, std::uint16_t port) {
  std::string encoded;
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    encoded += '\x03';
    encoded += static_cast<char>(host.size());
    encoded += host;
  } else if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    encoded += '\x01';
    encoded.append(bytes.begin(), bytes.end());
  } else {
    const auto bytes = address.to_v6().to_bytes();
    encoded += '\x04';
    encoded.append(bytes.begin(), bytes.end());
  }
  encoded += static_cast<char>(port >> 8);
  encoded += static_cast<char>(port & 0xff);
  return encoded;
}

task<result<void>> authenticate_socks(event_loop& loop, tcp_socket& socket,
                                      const relay::proxy_settings& proxy) {
  std::string order = "\x01";
  for (const auto* part : {&proxy.username, &proxy.password}) {
    order += static_cast<char>(part->size());
    order += *part;
  }
  if (auto sent = co_await send(loop, socket, order); !sent) co_return sent.error();
  const auto answer = co_await receive(loop, socket, 2);
  if (!answer) co_return answer.error();
  if ((*answer)[1] != 0) co_return refused("it rejects the user name or password");
  co_return result<void>{};
}

// Reads the rest of the answer to CONNECT: the address it is bound to, which nobody needs.
task<result<void>> skip_bound_address(event_loop& loop, tcp_socket& socket, char type) {
  std::size_t length = type == '\x01' ? 4 : 16;
  if (type == '\x03') {
    const auto size = co_await receive(loop, socket, 1);
    if (!size) co_return size.error();
    length = static_cast<unsigned char>((*size)[0]);
  }
  const auto address_and_port = co_await receive(loop, socket, length + 2);
  if (!address_and_port) co_return address_and_port.error();
  co_return result<void>{};
}

task<result<void>> open_socks_tunnel(event_loop& loop, tcp_socket& socket,
                                     const relay::proxy_settings& proxy, const std::string& host,
                                     std::uint16_t port) {
  const bool with_password = !proxy.username.empty();
  const std::string greeting =
      with_password ? std::string("\x05\x01\x02", 3) : std::string("\x05\x01\x00", 3);
  if (auto sent = co_await send(loop, socket, greeting); !sent) co_return sent.error();
  const auto method = co_await receive(loop, socket, 2);
  if (!method) co_return method.error();
  if (*method != std::string{'\x05', greeting[2]}) {
    co_return refused("it does not accept this way to authenticate");
  }
  if (with_password) {
    if (auto known = co_await authenticate_socks(loop, socket, proxy); !known) {
      co_return known.error();
    }
  }
  const auto order = std::string("\x05\x01\x00", 3) + socks_address(host, port);
  if (auto sent = co_await send(loop, socket, order); !sent) co_return sent.error();
  const auto answer = co_await receive(loop, socket, 4);
  if (!answer) co_return answer.error();
  if ((*answer)[0] != '\x05' || (*answer)[1] != 0) {
    co_return refused("SOCKS error " + std::to_string(static_cast<unsigned char>((*answer)[1])));
  }
  co_return co_await skip_bound_address(loop, socket, (*answer)[3]);
}

}  // namespace

task<result<void>> open_tunnel(event_loop& loop, tcp_socket& socket,
                               const relay::proxy_settings& proxy, const std::string& host,
                               std::uint16_t port) {
  if (proxy.type == "socks5") co_return co_await open_socks_tunnel(loop, socket, proxy, host, port);
  co_return co_await open_http_tunnel(loop, socket, proxy, host, port);
}

}  // namespace baton::net
