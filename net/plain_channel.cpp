// A channel over a bare TCP socket.
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>

#include "net/channel.hpp"

namespace baton::net {
namespace {

class plain_channel final : public channel {
 public:
  plain_channel(event_loop& loop, tcp_socket socket, std::size_t buffer_bytes)
      : channel(loop, buffer_bytes), socket_(std::move(socket)) {
    boost::system::error_code ignored;  // a socket that is gone fails at its first operation
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }

  bool is_tls() const override { return false; }

  void shut_down_sending() override {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }

 private:
  void start_read(char* target, std::size_t size) override {
    socket_.async_read_some(
        asio::buffer(target, size),
        [self = channel_ptr(this), this](const boost::system::error_code& failure,
                                         std::size_t bytes) { on_read(failure, bytes); });
  }

  std::size_t write_now(std::span<const asio::const_buffer> buffers,
                        boost::system::error_code& failure) override {
    return socket_.write_some(buffers, failure);
  }

  void start_write() override {
    socket_.async_write_some(
        unsent(),
        [self = channel_ptr(this), this](const boost::system::error_code& failure,
                                         std::size_t bytes) { on_write_progress(failure, bytes); });
  }

  void close_socket(bool reset) override {
    boost::system::error_code ignored;
    if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  tcp_socket socket_;
};

}  // namespace

channel_ptr make_plain_channel(event_loop& loop, tcp_socket socket, std::size_t buffer_bytes) {
  return channel_ptr(new plain_channel(loop, std::move(socket), buffer_bytes));
}

}  // namespace baton::net
