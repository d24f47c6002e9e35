// One TCP or TLS connection to a client or an upstream: a fixed input buffer, one read and one
// write at a time, both awaitable.
//
// A channel belongs to one event loop and is reference counted, because operations the kernel still
// works on outlive their session. What a session awaits is withdrawn when its coroutine is
// destroyed; close() ends everything else.
//
// Idle, a channel can be watched: a read is left running, which later brings the next bytes or
// tells at once that the peer has gone. more() joins that read, so watching costs no system call.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/event_loop.hpp"

namespace baton::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
// The loop's own executor type: a type-erased one costs an allocation per operation.
using tcp_socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

enum class io_status : std::uint8_t {
  ok,
  end,        // the peer has closed its side
  failed,     // reset, or TLS went wrong
  timed_out,  // closed by a deadline
  closed,     // closed by us
  woken,      // interrupt_read(): the channel is as it was
};

class channel : public boost::intrusive_ref_counter<channel, boost::thread_unsafe_counter> {
 public:
  // Told what happens on a watched channel while nobody awaits it.
  class watcher {
   public:
    virtual ~watcher() = default;
    // New bytes are in input() (ok; the watch goes on while there is room), or the peer has gone.
    virtual void on_idle_input(io_status status) = 0;
  };

  virtual ~channel();
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  event_loop& loop() const { return loop_; }
  virtual bool is_tls() const = 0;
  // Who is at the other end; unspecified once the connection is closed.
  virtual tcp::endpoint peer() const = 0;
  bool is_open() const { return closed_as_ == io_status::ok; }

  // Bytes received and not consumed yet. The view is valid until the next read, consume() or
  // reserve().
  std::string_view input() const { return {buffer_.get() + begin_, end_ - begin_}; }
  // How many bytes behind input() may be read without harm (for simdjson).
  std::size_t slack_bytes() const { return allocated_ - end_; }
  void consume(std::size_t bytes);
  // Removes bytes from the middle of input(), which the caller has copied elsewhere. What stands
  // before them stays in place.
  void cut(std::size_t offset, std::size_t bytes);
  // Moves input() to the front of the buffer, unless a read runs.
  void compact();
  // Makes room for at least `bytes` of input in all.
  void reserve(std::size_t bytes);
  std::size_t capacity() const { return capacity_; }
  // How much input() could hold without being moved.
  std::size_t room() const { return capacity_ - begin_; }

  struct read_awaiter {
    channel& self;
    char* target;  // null: the input buffer
    std::size_t size;
    std::coroutine_handle<> caller{};
    io_status status = io_status::ok;
    std::size_t received = 0;

    bool await_ready() { return self.read_is_ready(*this); }
    void await_suspend(std::coroutine_handle<> handle);
    io_status await_resume() const { return status; }
    ~read_awaiter() {
      if (self.reader_ == this) self.withdraw_reader();
    }
  };
  // Waits for more input. ok: at least one byte has been added to input(). Grows nothing: with a
  // full buffer it makes room by moving what is unread to the front, and fails if there is none.
  read_awaiter more() { return {*this, nullptr, 0}; }
  // Wakes whoever waits in more() with io_status::woken; the read goes on, and the next more()
  // joins it. Does nothing to a read with a target of its own.
  void interrupt_read();
  // Reads straight into `target`, past the input buffer; `received` of the awaiter tells how much
  // came. Destroyed while it waits, it closes the channel: the target is gone with it.
  read_awaiter read_into(std::span<char> target) { return {*this, target.data(), target.size()}; }

  struct write_awaiter {
    channel& self;
    std::span<const asio::const_buffer> buffers;
    std::coroutine_handle<> caller{};
    io_status status = io_status::ok;

    bool await_ready() { return self.write_is_ready(*this); }
    void await_suspend(std::coroutine_handle<> handle) {
      caller = handle;
      self.writer_ = this;
    }
    io_status await_resume() const { return status; }
    ~write_awaiter() {
      if (self.writer_ == this) self.withdraw_writer();
    }
  };
  // Writes all of `buffers` in as few system calls as the kernel allows. They must stay valid until
  // the awaiting coroutine goes on or is destroyed; the latter closes the channel, since half a
  // message has been sent.
  write_awaiter write(std::span<const asio::const_buffer> buffers) { return {*this, buffers}; }

  // Leaves a read running and tells `observer` what it brings, until unwatch() or close().
  void watch(watcher& observer);
  void unwatch() { watcher_ = nullptr; }

  // Ends the connection at once. Whoever awaits it gets `why`.
  void close(io_status why);
  // Ends it with a reset (RST) instead of an orderly end, so that the peer cannot take a cut answer
  // for a whole one.
  void abort();
  // Tells the peer that nothing more will be sent; reading goes on.
  virtual void shut_down_sending() = 0;

 protected:
  channel(event_loop& loop, std::size_t buffer_bytes);

  // Start one operation; it ends in on_read() or on_write_progress(), never before these return.
  virtual void start_read(char* target, std::size_t size) = 0;
  virtual void start_write() = 0;
  // Writes what goes without waiting: the number of bytes, or an error.
  virtual std::size_t write_now(std::span<const asio::const_buffer> buffers,
                                boost::system::error_code& failure) = 0;
  virtual void close_socket(bool reset) = 0;

  void on_read(const boost::system::error_code& failure, std::size_t bytes);
  void on_write_progress(const boost::system::error_code& failure, std::size_t bytes);
  const std::vector<asio::const_buffer>& unsent() const { return unsent_; }

 private:
  bool read_is_ready(read_awaiter& awaiter);
  bool write_is_ready(write_awaiter& awaiter);
  void withdraw_reader();
  void withdraw_writer();
  bool make_room();
  void take_in(std::size_t bytes);
  void run_read(char* target, std::size_t size);
  void keep_unsent(std::span<const asio::const_buffer> buffers, std::size_t skip);
  io_status status_of(const boost::system::error_code& failure) const;

  event_loop& loop_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;   // of the input, without the padding behind it
  std::size_t allocated_;  // capacity_ and the padding
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  io_status closed_as_ = io_status::ok;
  io_status input_status_ = io_status::ok;  // what the last read found; sticky once not ok
  bool read_running_ = false;
  bool read_is_direct_ = false;       // the running read has a target of its own
  char* read_target_ = nullptr;       // where the running read puts its bytes
  std::unique_ptr<char[]> outgrown_;  // the buffer it began in, if that was replaced meanwhile
  watcher* watcher_ = nullptr;
  read_awaiter* reader_ = nullptr;
  write_awaiter* writer_ = nullptr;
  std::vector<asio::const_buffer> unsent_;
};

using channel_ptr = boost::intrusive_ptr<channel>;

// A channel over a connected socket. Switches Nagle's algorithm off and the socket to non-blocking.
channel_ptr make_plain_channel(event_loop& loop, tcp_socket socket, std::size_t buffer_bytes);

}  // namespace baton::net
