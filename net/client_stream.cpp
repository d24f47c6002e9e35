#include "net/client_stream.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace baton::net {
namespace {

constexpr std::string_view comment = ": keep-alive\n\n";

std::string head_of(exchange& ex) {
  std::string head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
      "cache-control: no-cache\r\nx-request-id: ";
  head += ex.record.request_id;
  if (ex.head.http_1_0) {
    ex.keep_alive = false;
  } else {
    head += "\r\ntransfer-encoding: chunked";
  }
  head += "\r\n";
  head += connection_line(ex);
  return head + "\r\n";
}

// As one chunk, after the head if that is not out yet.
std::string framed(exchange& ex, std::string_view text) {
  std::string bytes;
  if (!std::exchange(ex.stream_begun, true)) {
    bytes = head_of(ex);
    ex.record.status = 200;
  }
  if (ex.head.http_1_0) return bytes.append(text);
  constexpr char digits[] = "0123456789abcdef";
  std::string size;
  for (auto left = text.size(); left > 0; left /= 16) size.insert(0, 1, digits[left % 16]);
  return bytes.append(size).append("\r\n").append(text).append("\r\n");
}

task<io_status> write(exchange& ex, const std::string& bytes) {
  const std::array<asio::const_buffer, 1> buffers = {asio::buffer(bytes)};
  ex.guard.limit(ex.client, ex.worker.settings.client_write);
  const auto sent = co_await ex.client.write(buffers);
  ex.guard.lift();
  co_return sent;
}

}  // namespace

bool takes_comments(const exchange& ex) {
  return ex.may_comment && ex.worker.settings.keep_alive.count() > 0 && !ex.guard.client_gone();
}

task<io_status> send_comment(exchange& ex) {
  const auto bytes = framed(ex, comment);
  co_return co_await write(ex, bytes);
}

task<void> end_stream(exchange& ex, const error& failure) {
  const auto bytes = framed(
      ex, ex.protocol->error_event(failure, ex.record.request_id, relay::answer_format::sse));
  co_await write(ex, bytes);
  ex.keep_alive = false;
  if (ex.head.http_1_0) {
    ex.client.abort();
  } else {
    ex.client.close(io_status::closed);
  }
}

task<io_status> await_input(exchange& ex, channel& upstream, steady_time deadline, bool may_comment,
                            steady_time wake_at) {
  auto& guard = ex.guard;
  waiting upstream_wait(ex);
  for (;;) {
    const bool comments = may_comment && takes_comments(ex);
    const auto comment_at =
        comments ? guard.moment_after(ex.worker.settings.keep_alive) : steady_time::max();
    guard.limit_until(upstream, deadline);
    guard.wake_at(std::min(comment_at, wake_at));
    const auto status = co_await upstream.more();
    guard.lift();
    if (status != io_status::woken || guard.swept_at() >= wake_at) co_return status;
    const auto unread = upstream.input().size();
    const auto sent = co_await send_comment(ex);
    if (sent != io_status::ok) guard.give_up_client();
    // What came while the comment was being sent woke nobody.
    if (upstream.input().size() > unread) co_return io_status::ok;
  }
}

comment_ticker::comment_ticker(exchange& ex) : ex_(ex) {
  ex.worker.deadlines.add(*this);
  if (takes_comments(ex)) expire_after(ex.worker.settings.keep_alive);
}

void comment_ticker::on_deadline() {
  ticking_ = tick();
  ticking_.start();
}

task<void> comment_ticker::tick() {
  const auto sent = co_await send_comment(ex_);
  if (sent != io_status::ok) ex_.guard.give_up_client();
  if (!stopped_ && takes_comments(ex_)) expire_after(ex_.worker.settings.keep_alive);
}

task<void> comment_ticker::stop() {
  stopped_ = true;
  never_expire();
  co_await ticking_.join();
}

}  // namespace baton::net
