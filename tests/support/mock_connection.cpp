#include "tests/support/mock_connection.hpp"

#include <algorithm>

#include "tests/support/mock_route.hpp"

namespace baton::mock {

namespace {

constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t read_bytes_min = 1024;
// Requests sent ahead while an answer is under way are kept up to here; then reading pauses.
constexpr std::size_t pipelined_bytes_max = 1024 * 1024;
// A body that is read at a pace is read about so often; the system keeps little of it meanwhile.
constexpr std::uint32_t paced_reads_per_s = 50;
constexpr int paced_receive_buffer_bytes = 4096;

}  // namespace

connection::connection(worker& owner, tcp_socket socket)
    : owner_(owner), socket_(std::move(socket)), timer_(owner.loop()) {
  ++owner_.shared().connections_accepted;
  ++owner_.shared().connections_open;
}

connection::~connection() {
  if (phase_ != phase::closed) --owner_.shared().connections_open;
}

void connection::start() {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (owner_.shared().tls) return handshake();
  read();
}

void connection::handshake() {
  tls_.emplace(socket_, *owner_.shared().tls);
  tls_->async_handshake(asio::ssl::stream_base::server,
                        [self = shared_from_this()](boost::system::error_code failure) {
                          if (failure) return self->close();
                          ++self->owner_.shared().tls_handshakes;
                          if (SSL_session_reused(self->tls_->native_handle()) == 1) {
                            ++self->owner_.shared().tls_sessions_resumed;
                          }
                          self->read();
                        });
}

void connection::read() {
  if (reading_ || phase_ == phase::closed) return;
  if (phase_ == phase::lingering) input_.clear();
  if (input_.size() > pipelined_bytes_max && phase_ != phase::reading) return;
  if (input_.free_bytes() < read_bytes_min) input_.reserve(input_.size() + read_bytes_min);
  reading_ = true;
  std::size_t most = input_.free_bytes();
  if (body_bytes_per_s_ != 0) {
    most = std::min<std::size_t>(most, 1 + body_bytes_per_s_ / paced_reads_per_s);
  }
  const auto space = asio::buffer(input_.free_space(), most);
  auto handler = [self = shared_from_this()](boost::system::error_code failure, std::size_t bytes) {
    self->on_read(failure, bytes);
  };
  tls_ ? tls_->async_read_some(space, std::move(handler))
       : socket_.async_read_some(space, std::move(handler));
}

void connection::on_read(boost::system::error_code failure, std::size_t bytes) {
  reading_ = false;
  if (phase_ == phase::closed) return;
  if (failure) return peer_left();
  input_.commit(bytes);
  process();
  body_bytes_per_s_ == 0 ? read() : read_at_pace(bytes);
}

// Goes on reading when `bytes` have taken their time. A peer that leaves is noticed then.
void connection::read_at_pace(std::size_t bytes) {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::receive_buffer_size(paced_receive_buffer_bytes), ignored);
  const auto pause = std::chrono::microseconds(bytes * 1'000'000 / body_bytes_per_s_);
  wait_until(std::chrono::steady_clock::now() + pause, &connection::read);
}

// Answers the requests that are complete, as far as that goes without waiting.
void connection::process() {
  while (phase_ == phase::reading && !writing_ && input_.size() != 0 && take_request()) {
  }
}

// Whether there may be another request in the buffer.
bool connection::take_request() {
  request_head head;
  switch (parse_head(input_.view(), head)) {
    case parse_state::incomplete: return false;
    case parse_state::malformed:
      refuse(anthropic(), 400, "The request is not valid HTTP");
      return false;
    case parse_state::complete: break;
  }
  std::size_t body_bytes = 0;
  std::size_t consumed = 0;
  const parse_state body = receive_body(head, body_bytes, consumed);
  if (body == parse_state::malformed) {
    refuse(*find_route(head).speaks, 400, "The request's body is not framed correctly");
    return false;
  }
  if (!record_ || record_->credential() != head.credential) {
    record_ = &owner_.shared().book.find(head.credential);
  }
  const bool complete = body == parse_state::complete;
  body_bytes_per_s_ = 0;
  if (!complete) {
    const auto reception = record_->receives();
    if (!reception.early) {
      body_bytes_per_s_ = reception.read_bytes_per_s;
      return false;
    }
  }
  handle(head, input_.view().substr(head.text.size(), body_bytes), complete);
  if (phase_ == phase::closed) return false;
  input_.consume(complete ? head.text.size() + consumed : input_.size());
  chunks_.reset();
  continue_sent_ = false;
  return true;
}

// The body's length as far as it is here, and what it takes in the buffer.
parse_state connection::receive_body(const request_head& head, std::size_t& body_bytes,
                                     std::size_t& consumed) {
  if (head.content_length > body_bytes_max) return parse_state::malformed;
  const std::size_t head_bytes = head.text.size();
  const std::size_t received = input_.size() - head_bytes;
  auto state = parse_state::incomplete;
  if (head.chunked) {
    if (!chunks_) chunks_.emplace();
    state = chunks_->decode(input_.data() + head_bytes, received);
    body_bytes = chunks_->body_bytes();
    consumed = chunks_->consumed();
    if (body_bytes > body_bytes_max) return parse_state::malformed;
  } else {
    body_bytes = std::min<std::size_t>(head.content_length, received);
    consumed = body_bytes;
    if (received >= head.content_length) state = parse_state::complete;
  }
  if (state == parse_state::incomplete && head.expects_continue && !continue_sent_) {
    continue_sent_ = true;
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    out_at_ = 0;
    step_ = {next_step::kind::stall};
    flush();
  }
  return state;
}

void connection::refuse(const dialect& speaks, int status, std::string_view message) {
  owner_.shared().book.note_malformed();
  body_bytes_per_s_ = 0;
  behaviour script;
  script.after_answer = closing::announced;
  plan_.reset();
  cursor_.reset();
  out_.clear();
  error_document error = speaks.error(status, "", message);
  make_json_answer(speaks, script, status, std::move(error.body), error.header_lines)
      .append_to(out_, owner_.next_stamp());
  close_after_ = true;
  phase_ = phase::answering;
  drive();
}

}  // namespace baton::mock
