// A channel over a bare TCP socket: reads and writes it by itself, told by the loop's readiness_set
// when it can.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>

#include "base/readiness_set.hpp"
#include "net/channel.hpp"

namespace baton::net {
namespace {

using boost::system::error_code;

// Pieces of one write that go into one system call; the rest follow in the next.
constexpr std::size_t pieces_max = 64;

error_code last_error() {
  return {errno == EWOULDBLOCK ? EAGAIN : errno, boost::system::system_category()};
}

bool would_block(const error_code& failure) {
  return failure == asio::error::try_again;
}

class plain_channel final : public channel, readiness_set::member {
 public:
  plain_channel(event_loop& loop, tcp_socket socket, std::size_t buffer_bytes)
      : channel(loop, buffer_bytes) {
    error_code ignored;  // a socket that is gone fails at its first operation
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    descriptor_ = socket.release(ignored);
    if (descriptor_ >= 0 && !loop.readiness().add(descriptor_, *this)) {
      ::close(std::exchange(descriptor_, -1));
    }
  }
  ~plain_channel() override { drop_descriptor(); }

  bool is_tls() const override { return false; }
  tcp::endpoint peer() const override {
    tcp::endpoint found;
    socklen_t bytes = static_cast<socklen_t>(found.capacity());
    if (::getpeername(descriptor_, found.data(), &bytes) != 0) return {};
    found.resize(bytes);
    return found;
  }

  void shut_down_sending() override { ::shutdown(descriptor_, SHUT_WR); }

 private:
  void start_read(char* target, std::size_t size) override {
    target_ = target;
    size_ = size;
    reading_ = true;
    if (may_be_readable_ || descriptor_ < 0) later(&plain_channel::try_read);
  }

  void start_write() override {
    writing_ = true;
    if (descriptor_ < 0) later(&plain_channel::try_write);
  }

  std::size_t write_now(std::span<const asio::const_buffer> buffers, error_code& failure) override {
    std::size_t total = 0;
    // Until the socket is full: no event would tell that one with room left has room.
    while (!buffers.empty()) {
      std::array<iovec, pieces_max> pieces;
      const auto count = std::min(buffers.size(), pieces_max);
      std::size_t wanted = 0;
      for (std::size_t i = 0; i < count; ++i) {
        pieces[i] = {const_cast<void*>(buffers[i].data()), buffers[i].size()};
        wanted += buffers[i].size();
      }
      msghdr message{};
      message.msg_iov = pieces.data();
      message.msg_iovlen = count;
      const auto written = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
      if (written < 0) {
        if (total == 0) failure = last_error();
        return total;
      }
      total += static_cast<std::size_t>(written);
      if (static_cast<std::size_t>(written) < wanted) return total;
      buffers = buffers.subspan(count);
    }
    return total;
  }

  // The channel's pending operations end soon after, not from inside this call.
  void close_socket(bool reset) override {
    if (reset && descriptor_ >= 0) {
      const linger at_once{1, 0};
      ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    drop_descriptor();
    if (reading_) later(&plain_channel::try_read);
    if (writing_) later(&plain_channel::try_write);
  }

  void drop_descriptor() {
    if (descriptor_ < 0) return;
    if (auto* const set = loop().existing_readiness()) set->remove(descriptor_, *this);
    ::close(std::exchange(descriptor_, -1));
  }

  void on_ready(std::uint32_t events) override {
    const channel_ptr keep_alive(this);
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) may_be_readable_ = true;
    // The peer's end is told once, and may come behind bytes that are read first.
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ended_ = true;
    if (reading_ && may_be_readable_) try_read();
    if (writing_ && (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) try_write();
  }

  void later(void (plain_channel::*step)()) {
    loop().post([self = channel_ptr(this), this, step] { (this->*step)(); });
  }

  void try_read() {
    if (!reading_) return;
    const auto received = ::recv(descriptor_, target_, size_, 0);
    const auto failure = received < 0 ? last_error() : error_code();
    if (would_block(failure)) {
      may_be_readable_ = false;
      return;
    }
    reading_ = false;
    // What did not fill the target has emptied the socket.
    if (received > 0 && static_cast<std::size_t>(received) < size_) may_be_readable_ = ended_;
    if (received > 0) {
      on_read({}, static_cast<std::size_t>(received));
    } else {
      on_read(received == 0 ? error_code(asio::error::eof) : failure, 0);
    }
  }

  void try_write() {
    if (!writing_) return;
    error_code failure;
    const auto written = write_now(unsent(), failure);
    if (would_block(failure)) return;
    writing_ = false;
    on_write_progress(failure, written);
  }

  int descriptor_ = -1;
  bool may_be_readable_ = false;  // an event has come that reading has not used up
  bool ended_ = false;
  bool reading_ = false;
  bool writing_ = false;
  char* target_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

channel_ptr make_plain_channel(event_loop& loop, tcp_socket socket, std::size_t buffer_bytes) {
  return channel_ptr(new plain_channel(loop, std::move(socket), buffer_bytes));
}

}  // namespace baton::net
