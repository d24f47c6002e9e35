#include "net/session.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "net/own_answer.hpp"
#include "net/request_handler.hpp"
#include "net/tls.hpp"
#include "relay/platforms/anthropic_api.hpp"

namespace baton::net {
namespace {

constexpr std::chrono::milliseconds linger_time{2000};
constexpr std::size_t linger_bytes_max = 1024 * 1024;
// A chunked body needs so much room behind its head.
constexpr std::size_t chunk_room_bytes = 2 * 1024;

}  // namespace

session::session(worker_context& worker, channel_ptr client, listener_role role)
    : worker_(worker), client_(std::move(client)), role_(role), guard_(*client_, worker.deadlines) {
  ++worker_.connections;
  worker_.metrics.live_connections.add(worker_.index, {}, 1);
}

session::~session() {
  running_.reset();
  client_->close(io_status::closed);
  --worker_.connections;
  worker_.metrics.live_connections.add(worker_.index, {}, -1);
}

void session::start(actors::session_port& port) {
  port_ = &port;
  running_ = run();
  running_.start();
}

void session::finish_up() {
  last_request_ = true;
  if (between_requests_) client_->close(io_status::closed);
}

void session::cut_short() {
  last_request_ = true;
  guard_.cut();
  client_->close(io_status::closed);
}

task<void> session::run() {
  if (client_->is_tls()) {
    const bool secured = co_await secure();
    if (!secured) last_request_ = true;
  }
  while (!last_request_) {
    const bool complete = co_await read_head();
    if (!complete) break;
    between_requests_ = false;
    co_await serve();
    between_requests_ = true;
  }
  if (answer_pending_ && client_->is_open()) co_await linger();
  client_->close(io_status::closed);
  port_->finished();
}

task<bool> session::secure() {
  async_operation<> handshake(worker_.loop);
  guard_.limit(*client_, worker_.settings.tls_handshake);
  auto& client = static_cast<tls_channel&>(*client_);
  const auto [failure] = co_await client.handshake(handshake, tls_channel::side::server);
  guard_.lift();
  if (failure && !last_request_) {
    worker_.metrics.tls_handshake_failures.add(worker_.index, {});
    log::debug("a client's TLS handshake failed",
               {{"reason", client.is_open() ? failure.message() : "timed out"}});
  }
  co_return !failure;
}

task<bool> session::read_head() {
  const bool begun = co_await await_first_byte();
  if (!begun) co_return false;
  guard_.limit(*client_, worker_.settings.client_head);
  client_->compact();
  parser_.emplace(head_, worker_.settings.head_bytes_max);
  for (;;) {
    const auto complete = parse_head();
    if (!complete) {
      co_await refuse_head(complete.error());
      co_return false;
    }
    if (*complete) break;
    const auto status = co_await client_->more();
    if (status != io_status::ok) co_return false;
  }
  guard_.lift();
  co_return true;
}

// Between requests a client may be silent for longer than inside one. Empty lines before a request
// are passed over (RFC 9112 section 2.2).
task<bool> session::await_first_byte() {
  guard_.limit(*client_, worker_.settings.client_idle);
  for (;;) {
    const auto input = client_->input();
    const auto empty_lines = std::min(input.find_first_not_of("\r\n"), input.size());
    client_->consume(empty_lines);
    if (empty_lines < input.size()) co_return true;
    const auto status = co_await client_->more();
    if (status != io_status::ok) co_return false;
  }
}

// True: the head is complete.
result<bool> session::parse_head() {
  const auto progress = parser_->parse_head(client_->input());
  if (!progress) return progress.error();
  const std::size_t head_bytes_max = worker_.settings.head_bytes_max;
  if (!progress->complete) {
    if (client_->input().size() < client_->room()) return false;
    if (client_->room() >= head_bytes_max) {
      return downstream_error(error_code::head_too_large, "The request head is too large.");
    }
    client_->reserve(std::min(2 * client_->capacity(), head_bytes_max));
    return false;
  }
  if (head_.chunked && client_->room() - head_.bytes < chunk_room_bytes) {
    // The head's views would not survive a larger buffer later, so it is made and parsed now.
    client_->reserve(client_->capacity() + chunk_room_bytes);
    parser_.emplace(head_, worker_.settings.head_bytes_max);
    return parse_head();
  }
  return true;
}

// What cannot be parsed has no route, so the error comes in the shape of the oldest API.
task<void> session::refuse_head(const error& failure) {
  head_.reset();
  exchange ex(worker_, *port_, *client_, guard_, head_);
  ex.role = role_;
  ex.protocol = &relay::anthropic_api();
  ex.record.request_id = worker_.next_request_id();
  ex.keep_alive = false;
  co_await send_error(ex, failure);
  answer_pending_ = true;
  record(ex);
}

// Records an exchange exactly once, whatever ends it: also the death of its connection, which
// destroys it where it is.
class session::record_keeper {
 public:
  record_keeper(session& owner, exchange& ex) : owner_(owner), ex_(ex) {}
  record_keeper(const record_keeper&) = delete;
  record_keeper& operator=(const record_keeper&) = delete;
  ~record_keeper() {
    if (!ended_) {
      ex_.record.how = relay::outcome::client_gone;
      ex_.record.failure = error_code::cancelled;
    }
    owner_.record(ex_);
  }
  void ended() { ended_ = true; }

 private:
  session& owner_;
  exchange& ex_;
  bool ended_ = false;
};

task<void> session::serve() {
  exchange ex(worker_, *port_, *client_, guard_, head_);
  ex.record.request_id = worker_.next_request_id();
  ex.role = role_;
  ex.keep_alive = head_.keep_alive && !last_request_;
  {
    record_keeper keeper(*this, ex);
    co_await handle_request(ex, *parser_);
    guard_.end_service();
    guard_.lift();
    keeper.ended();
  }
  if (!ex.keep_alive || guard_.client_gone()) {
    last_request_ = true;
    answer_pending_ = !guard_.client_gone();
    co_return;
  }
  client_->consume(head_.bytes + ex.body_bytes_in_place);
}

void session::record(exchange& ex) {
  note_end_time(ex);
  port_->record(std::move(ex.record));
}

task<void> session::linger() {
  client_->shut_down_sending();
  guard_.limit(*client_, linger_time);
  std::size_t passed_over = 0;
  while (passed_over < linger_bytes_max) {
    passed_over += client_->input().size();
    client_->consume(client_->input().size());
    const auto status = co_await client_->more();
    if (status != io_status::ok) break;
  }
  guard_.lift();
}

}  // namespace baton::net
