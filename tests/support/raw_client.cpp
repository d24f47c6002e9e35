#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace baton::test {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("raw_client: " + what);
}

}  // namespace

raw_client::raw_client(std::uint16_t port, std::chrono::milliseconds limit,
                       int receive_buffer_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), limit_(limit) {
  if (socket_ < 0) fail("no socket");
  if (receive_buffer_bytes != 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                 sizeof receive_buffer_bytes);
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string reason = std::strerror(errno);
    close();
    fail("cannot connect to port " + std::to_string(port) + ": " + reason);
  }
}

raw_client::~raw_client() {
  close();
}

raw_client::raw_client(raw_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      limit_(other.limit_),
      received_(std::move(other.received_)),
      end_(other.end_) {}

bool raw_client::wait(short events, std::chrono::milliseconds limit) {
  pollfd entry{socket_, events, 0};
  return ::poll(&entry, 1, static_cast<int>(limit.count())) > 0;
}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wait(POLLOUT, limit_)) fail("the peer does not read");
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool raw_client::send_byte_by_byte(std::string_view bytes) {
  for (const char& byte : bytes) {
    if (!send({&byte, 1})) return false;
  }
  return true;
}

std::string raw_client::read_some(std::size_t bytes_max) {
  if (!received_.empty()) return std::exchange(received_, {});
  if (!wait(POLLIN, limit_)) fail("nothing arrived in time");
  std::string bytes(bytes_max, '\0');
  const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) end_ = count == 0 ? peer_end::fin : peer_end::rst;
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

std::string raw_client::read_until(std::string_view marker) {
  std::string bytes;
  std::size_t end = 0;
  while ((end = bytes.find(marker)) == std::string::npos) {
    const std::string more = read_some();
    if (more.empty()) return bytes;
    bytes += more;
  }
  received_ = bytes.substr(end + marker.size());
  bytes.resize(end + marker.size());
  return bytes;
}

raw_answer raw_client::read_answer(bool answers_head) {
  answer_reader reader(answers_head);
  while (!reader.feed(received_)) {
    std::string pending = std::move(received_);
    received_.clear();
    const std::string more = read_some();
    if (more.empty()) {
      reader.end(end_ == peer_end::fin ? "fin" : "rst");
      break;
    }
    received_ = pending + more;
  }
  return reader.answer();
}

raw_answer raw_client::read_head() {
  std::string head = read_until("\r\n\r\n");
  answer_reader reader(true);
  reader.feed(head);
  return reader.answer();
}

peer_end raw_client::read_to_end() {
  while (!read_some().empty()) {
  }
  return end_;
}

bool raw_client::silent_for(std::chrono::milliseconds duration) {
  return received_.empty() && !wait(POLLIN, duration);
}

void raw_client::half_close() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void raw_client::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::string request_text(std::string_view method, std::string_view path, const header_list& headers,
                         std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  for (const auto& [name, value] : headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!body.empty() || method == "POST" || method == "PUT") {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

raw_answer exchange(std::uint16_t port, std::string_view method, std::string_view path,
                    const header_list& headers, std::string_view body) {
  raw_client client(port);
  client.send(request_text(method, path, headers, body));
  return client.read_answer(method == "HEAD");
}

raw_answer get(std::uint16_t port, std::string_view path, const header_list& headers) {
  return exchange(port, "GET", path, headers);
}

raw_answer post_json(std::uint16_t port, std::string_view path, header_list headers,
                     std::string_view body) {
  headers.emplace_back("Content-Type", "application/json");
  return exchange(port, "POST", path, headers, body);
}

}  // namespace baton::test
