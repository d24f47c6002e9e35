#include "tests/e2e/scripted_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"

namespace baton::e2e {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string receive(int socket) {
  std::array<char, 64 * 1024> bytes;
  const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
  return {bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

std::string conversation::read_until(std::string_view marker) {
  std::size_t end = 0;
  while ((end = received_.find(marker)) == std::string::npos) {
    const auto more = receive(socket_);
    if (more.empty()) return std::exchange(received_, {});
    received_ += more;
  }
  return read_exactly(end + marker.size());
}

std::string conversation::read_exactly(std::size_t bytes) {
  while (received_.size() < bytes) {
    const auto more = receive(socket_);
    if (more.empty()) break;
    received_ += more;
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, taken.size());
  return taken;
}

std::string conversation::read_request() {
  auto request = read_until("\r\n\r\n");
  constexpr std::string_view field = "\r\ncontent-length: ";
  const auto length = text::to_lower(request).find(field);
  if (length == std::string::npos) return request;
  return request + read_exactly(std::stoul(request.substr(length + field.size())));
}

bool conversation::write(std::string_view bytes) {
  return send_all(socket_, bytes);
}

void conversation::read_to_end() {
  while (!receive(socket_).empty()) {
  }
}

void conversation::wait_for_end() {
  pollfd ended{socket_, POLLRDHUP, 0};
  ::poll(&ended, 1, -1);
}

void conversation::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void conversation::tunnel_to(std::uint16_t port) {
  const int target = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (::connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::array<pollfd, 2> ends{pollfd{socket_, POLLIN, 0}, pollfd{target, POLLIN, 0}};
    bool open = send_all(target, std::exchange(received_, {}));
    while (open && ::poll(ends.data(), ends.size(), -1) > 0) {
      for (std::size_t from : {0u, 1u}) {
        if (ends[from].revents == 0) continue;
        const auto bytes = receive(ends[from].fd);
        open = open && !bytes.empty() && send_all(ends[1 - from].fd, bytes);
      }
    }
  }
  ::close(target);
}

scripted_peer::scripted_peer(std::function<void(conversation&)> script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("scripted_peer: cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

scripted_peer::~scripted_peer() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

void scripted_peer::accept() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard guard(mutex_);
    if (stopping_) {
      ::close(socket);
      return;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    open_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void scripted_peer::serve(int socket) {
  conversation talk(socket);
  script_(talk);
  const std::lock_guard guard(mutex_);
  std::erase(open_, socket);
  ::close(socket);
}

}  // namespace baton::e2e
