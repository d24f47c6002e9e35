#include "net/connection_guard.hpp"

#include <algorithm>
#include <utility>

namespace baton::net {

void connection_guard::limit_until(channel& limited, steady_time deadline) {
  limited_ = &limited;
  close_at_ = deadline;
  arm();
}

void connection_guard::lift() {
  limited_ = nullptr;
  close_at_ = wake_at_ = steady_time::max();
  never_expire();
}

void connection_guard::wake_at(steady_time moment) {
  wake_at_ = moment;
  arm();
}

// The client has its own time to take an answer, however late that came.
steady_time connection_guard::closing_time() const {
  return limited_ == &client_ ? close_at_ : std::min(close_at_, end_);
}

void connection_guard::arm() {
  if (limited_ != nullptr) expire_at(std::min(closing_time(), wake_at_));
}

void connection_guard::serve_with(channel* upstream) {
  upstream_ = upstream;
  client_.watch(*this);
  if (called_off_ && upstream != nullptr) upstream->close(io_status::timed_out);
}

void connection_guard::wait_with(std::function<void()> abandon) {
  abandon_ = std::move(abandon);
}

void connection_guard::end_service() {
  upstream_ = nullptr;
  abandon_ = nullptr;
  policy_ = {};
  end_ = steady_time::max();
  called_off_ = false;
  client_.unwatch();
}

void connection_guard::on_deadline() {
  if (limited_ == nullptr) return;
  if (swept_at() >= closing_time()) {
    limited_->close(io_status::timed_out);
    return;
  }
  wake_at_ = steady_time::max();
  arm();
  limited_->interrupt_read();
}

// Bytes of the next request may come early (pipelining): they wait in the client's buffer.
void connection_guard::on_idle_input(io_status status) {
  if (status != io_status::ok) give_up_client();
}

void connection_guard::give_up_client() {
  if (std::exchange(client_gone_, true)) return;
  if (auto abandon = std::exchange(abandon_, nullptr)) return abandon();
  if (upstream_ == nullptr) return;
  if (policy_.what == relay::disconnect_policy::action::cancel) {
    upstream_->close(io_status::closed);
    return;
  }
  draining_ = true;
  if (policy_.drain_max.count() > 0) {
    end_ = std::min(end_, moment_after(policy_.drain_max));
    arm();
  }
}

void connection_guard::call_off() {
  if (std::exchange(called_off_, true)) return;
  if (auto abandon = std::exchange(abandon_, nullptr)) return abandon();
  if (upstream_ != nullptr) upstream_->close(io_status::timed_out);
}

void connection_guard::cut() {
  policy_ = {};
  client_gone_ = true;
  draining_ = false;
  if (auto abandon = std::exchange(abandon_, nullptr)) return abandon();
  if (upstream_ != nullptr) upstream_->close(io_status::closed);
}

}  // namespace baton::net
