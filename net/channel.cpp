#include "net/channel.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cassert>
#include <cstring>

namespace baton::net {
namespace {

// simdjson may read so far past the end of a body that lies in the buffer.
constexpr std::size_t padding_bytes = 64;

}  // namespace

channel::channel(event_loop& loop, std::size_t buffer_bytes)
    : loop_(loop),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_bytes + padding_bytes)),
      capacity_(buffer_bytes),
      allocated_(buffer_bytes + padding_bytes) {}

channel::~channel() = default;

void channel::consume(std::size_t bytes) {
  begin_ += bytes;
  assert(begin_ <= end_);
  if (begin_ == end_ && !read_running_) begin_ = end_ = 0;
}

void channel::cut(std::size_t offset, std::size_t bytes) {
  char* const at = buffer_.get() + begin_ + offset;
  std::memmove(at, at + bytes, end_ - begin_ - offset - bytes);
  end_ -= bytes;
}

void channel::compact() {
  if (begin_ == 0 || read_running_) return;
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
}

void channel::reserve(std::size_t bytes) {
  if (bytes <= capacity_) return;
  auto larger = std::make_unique_for_overwrite<char[]>(bytes + padding_bytes);
  std::memcpy(larger.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  if (read_running_ && !outgrown_) outgrown_ = std::move(buffer_);
  buffer_ = std::move(larger);
  capacity_ = bytes;
  allocated_ = bytes + padding_bytes;
}

bool channel::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  // Early enough that a read is not cut short for want of room: it would cut an event in two.
  if (capacity_ - end_ < capacity_ / 4) compact();
  return end_ < capacity_;
}

bool channel::read_is_ready(read_awaiter& awaiter) {
  if (closed_as_ != io_status::ok) {
    awaiter.status = closed_as_;
  } else if (input_status_ != io_status::ok) {
    awaiter.status = input_status_;
  } else if (!read_running_ && awaiter.target == nullptr && !make_room()) {
    awaiter.status = io_status::failed;
  }
  return awaiter.status != io_status::ok;
}

void channel::read_awaiter::await_suspend(std::coroutine_handle<> handle) {
  caller = handle;
  self.reader_ = this;
  if (self.read_running_) return;  // joins the watch
  if (target != nullptr) {
    self.read_is_direct_ = true;
    self.run_read(target, size);
  } else {
    self.run_read(self.buffer_.get() + self.end_, self.capacity_ - self.end_);
  }
}

void channel::run_read(char* target, std::size_t size) {
  read_running_ = true;
  read_target_ = target;
  start_read(target, size);
}

void channel::watch(watcher& observer) {
  watcher_ = &observer;
  if (read_running_ || closed_as_ != io_status::ok || input_status_ != io_status::ok) return;
  if (end_ < capacity_) run_read(buffer_.get() + end_, capacity_ - end_);
}

void channel::on_read(const boost::system::error_code& failure, std::size_t bytes) {
  event_loop::scope event(loop_);
  const channel_ptr keep_alive(this);
  read_running_ = false;
  const bool direct = std::exchange(read_is_direct_, false);
  if (direct) {
    if (reader_ != nullptr) reader_->received = bytes;
  } else {
    take_in(bytes);
  }
  if (failure && input_status_ == io_status::ok) input_status_ = status_of(failure);
  if (auto* reader = std::exchange(reader_, nullptr)) {
    reader->status = input_status_;
    reader->caller.resume();
    return;
  }
  if (watcher_ == nullptr) return;
  auto& observer = *watcher_;
  if (input_status_ == io_status::ok) watch(observer);
  observer.on_idle_input(input_status_);
}

// The read may have begun before somebody who wants the bytes elsewhere joined it, or before the
// end of the input moved.
void channel::take_in(std::size_t bytes) {
  const char* from = read_target_;
  if (reader_ != nullptr && reader_->target != nullptr) {
    reader_->received = std::min(bytes, reader_->size);
    std::memcpy(reader_->target, from, reader_->received);
    from += reader_->received;
    bytes -= reader_->received;
  }
  char* const place = buffer_.get() + end_;
  if (from != place) std::memmove(place, from, bytes);
  end_ += bytes;
  outgrown_.reset();
}

void channel::withdraw_reader() {
  reader_ = nullptr;
  if (read_is_direct_) close(io_status::closed);
}

void channel::interrupt_read() {
  if (reader_ == nullptr || reader_->target != nullptr) return;
  auto* const reader = std::exchange(reader_, nullptr);
  reader->status = io_status::woken;
  reader->caller.resume();
}

void channel::withdraw_writer() {
  writer_ = nullptr;
  close(io_status::closed);
}

bool channel::write_is_ready(write_awaiter& awaiter) {
  if (closed_as_ != io_status::ok) {
    awaiter.status = closed_as_;
    return true;
  }
  boost::system::error_code failure;
  const auto written = write_now(awaiter.buffers, failure);
  if (failure && failure != asio::error::would_block && failure != asio::error::try_again) {
    awaiter.status = status_of(failure);
    return true;
  }
  keep_unsent(awaiter.buffers, written);
  if (unsent_.empty()) return true;
  start_write();
  return false;
}

void channel::keep_unsent(std::span<const asio::const_buffer> buffers, std::size_t skip) {
  unsent_.clear();
  for (const auto& buffer : buffers) {
    if (skip >= buffer.size()) {
      skip -= buffer.size();
    } else {
      unsent_.push_back(buffer + skip);
      skip = 0;
    }
  }
}

void channel::on_write_progress(const boost::system::error_code& failure, std::size_t bytes) {
  event_loop::scope event(loop_);
  const channel_ptr keep_alive(this);
  if (writer_ == nullptr) return;  // the coroutine is gone, and with it what it wanted to send
  if (!failure) {
    const auto left = unsent_;
    keep_unsent(left, bytes);
    if (!unsent_.empty()) {
      start_write();
      return;
    }
  }
  auto* writer = std::exchange(writer_, nullptr);
  if (failure) writer->status = status_of(failure);
  writer->caller.resume();
}

io_status channel::status_of(const boost::system::error_code& failure) const {
  if (closed_as_ != io_status::ok) return closed_as_;
  return failure == asio::error::eof ? io_status::end : io_status::failed;
}

void channel::close(io_status why) {
  if (closed_as_ != io_status::ok) return;
  closed_as_ = why;
  watcher_ = nullptr;
  close_socket(false);
}

void channel::abort() {
  if (closed_as_ != io_status::ok) return;
  closed_as_ = io_status::closed;
  watcher_ = nullptr;
  close_socket(true);
}

}  // namespace baton::net
