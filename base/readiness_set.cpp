#include "base/readiness_set.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/event_loop.hpp"

namespace baton {
namespace {

// Fetched at once: as many as Asio's reactor takes.
constexpr std::size_t batch = 128;

int new_epoll() {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return descriptor;
}

}  // namespace

readiness_set::readiness_set(event_loop& loop) : loop_(loop), epoll_(loop.context(), new_epoll()) {}

bool readiness_set::add(int descriptor, member& told) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &told;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &wanted) != 0) return false;
  ++members_;
  wait();
  return true;
}

void readiness_set::remove(int descriptor, member& told) {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
  for (auto& event : fetched_) {
    if (event.data.ptr == &told) event.data.ptr = nullptr;
  }
  if (--members_ > 0) return;
  boost::system::error_code ignored;
  epoll_.cancel(ignored);
}

void readiness_set::wait() {
  if (waiting_ || members_ == 0) return;
  waiting_ = true;
  epoll_.async_wait(descriptor_type::wait_read, [this](const boost::system::error_code& failure) {
    waiting_ = false;
    if (!failure) dispatch();
    wait();
  });
}

// Each member's event is an event of the loop by itself, so that what one wakes does not wait for
// the whole batch.
void readiness_set::dispatch() {
  std::array<epoll_event, batch> events;
  const int count = ::epoll_wait(epoll_.native_handle(), events.data(), batch, 0);
  if (count <= 0) return;
  fetched_ = std::span(events).first(static_cast<std::size_t>(count));
  for (auto& event : fetched_) {
    if (auto* const told = static_cast<member*>(event.data.ptr)) {
      event_loop::scope each(loop_);
      told->on_ready(event.events);
    }
  }
  fetched_ = {};
}

}  // namespace baton
