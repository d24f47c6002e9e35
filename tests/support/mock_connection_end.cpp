// How answers and connections of the mock upstream end.
#include <sys/socket.h>

#include "tests/support/mock_connection.hpp"

namespace baton::mock {

namespace {

constexpr std::chrono::seconds linger_max{2};

}  // namespace

void connection::finish() {
  end_answer(outcome::completed);
  cursor_.reset();
  if (close_after_) return linger();
  phase_ = phase::reading;
  const auto idle_limit = plan_ ? plan_->script.idle_close : std::chrono::milliseconds(0);
  if (idle_limit.count() != 0) {
    wait_until(std::chrono::steady_clock::now() + idle_limit, &connection::linger);
  }
}

void connection::end_answer(outcome how) {
  if (counted_) record_->end(how);
  counted_ = false;
}

// Says that nothing more comes and waits for the peer to say the same: closing with unread bytes in
// the socket would reset the connection and could destroy what the peer has not read yet.
void connection::linger() {
  phase_ = phase::lingering;
  wait_until(std::chrono::steady_clock::now() + linger_max, &connection::close);
  const auto end_sending = [this] {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  };
  if (!tls_) return end_sending();
  // Only the own close_notify is of interest; the pending read sees the peer's.
  SSL_set_shutdown(tls_->native_handle(), SSL_RECEIVED_SHUTDOWN);
  tls_->async_shutdown([self = shared_from_this(), end_sending](boost::system::error_code) {
    if (self->phase_ != phase::closed) end_sending();
  });
}

void connection::break_off(ending how) {
  if (phase_ == phase::closed) return;
  end_answer(outcome::cut);
  boost::system::error_code ignored;
  if (how == ending::rst) {
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    return close();
  }
  // Below TLS: a cut has no close_notify.
  phase_ = phase::lingering;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  if (how == ending::half) return cancel_timer();
  wait_until(std::chrono::steady_clock::now() + linger_max, &connection::close);
}

void connection::peer_left() {
  end_answer(outcome::aborted);
  close();
}

void connection::close() {
  if (phase_ == phase::closed) return;
  phase_ = phase::closed;
  --owner_.shared().connections_open;
  boost::system::error_code ignored;
  socket_.close(ignored);
  cancel_timer();
  timer_.cancel();
  owner_.remove(*this);
}

void connection::wait_until(std::chrono::steady_clock::time_point when,
                            void (connection::*action)()) {
  const std::uint64_t number = ++timer_number_;
  timer_.expires_at(when);
  timer_.async_wait(
      [self = shared_from_this(), number, action](boost::system::error_code cancelled) {
        if (!cancelled && number == self->timer_number_) (self.get()->*action)();
      });
}

}  // namespace baton::mock
