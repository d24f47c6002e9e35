#include "net/answer_relay.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "net/connection_options.hpp"
#include "net/own_answer.hpp"
#include "relay/header_rules.hpp"

namespace baton::net {
namespace {

// What is read ahead of a slow client at most. Small events never need so much.
constexpr std::size_t read_ahead_bytes_max = 16 * 1024;

constexpr std::string_view chunk_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

asio::const_buffer as_buffer(std::string_view text) {
  return {text.data(), text.size()};
}

bool is_event_stream(const response_head& answer) {
  constexpr std::string_view type = "text/event-stream";
  return text::iequals(answer.fields.find("content-type").substr(0, type.size()), type);
}

}  // namespace

void append_client_head_lines(std::string& lines, const response_head& answer,
                              std::string_view request_id) {
  lines.append("HTTP/1.1 ").append(std::to_string(answer.status)).push_back(' ');
  lines.append(answer.reason).append("\r\n");
  bool has_request_id = false;
  const connection_options this_hop(answer.fields);
  for (const auto& field : answer.fields) {
    if (!relay::passes_to_client(field.name) || this_hop.name(field.name)) continue;
    has_request_id |= text::iequals(field.name, "x-request-id");
    lines.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (!has_request_id) lines.append("x-request-id: ").append(request_id).append("\r\n");
}

answer_relay::answer_relay(exchange& ex, channel& upstream, relay_scratch& scratch,
                           response_parser& parser, relay::answer_meter* meter)
    : ex_(ex),
      upstream_(upstream),
      answer_(scratch.answer),
      head_(scratch.answer_lines),
      pieces_(scratch.pieces),
      buffers_(scratch.buffers),
      parser_(parser),
      meter_(meter),
      event_stream_(is_event_stream(answer_)) {}

// The client gets the length if it is known. Else chunks, or for HTTP/1.0 the connection's end. 204
// and 304 end with their heads and may have neither (RFC 9112 section 6.1).
void answer_relay::choose_framing() {
  if (answer_.status == 204 || answer_.status == 304) {
    framing_ = framing::length;
  } else if (answer_.content_length) {
    framing_ = framing::length;
    head_.append("content-length: ").append(std::to_string(*answer_.content_length));
    head_.append("\r\n");
  } else if (!ex_.head.http_1_0) {
    framing_ = framing::chunked;
    head_.append("transfer-encoding: chunked\r\n");
  } else {
    framing_ = framing::until_close;
    ex_.keep_alive = false;
  }
  head_.append(connection_line(ex_));
  head_.append("\r\n");
}

task<relay_end> answer_relay::run() {
  head_.clear();
  append_client_head_lines(head_, answer_, ex_.record.request_id);
  choose_framing();
  ex_.record.stream = event_stream_;
  const auto silence_max =
      event_stream_ ? ex_.worker.settings.between_events : ex_.worker.settings.json_head;
  for (;;) {
    const auto parsed = parse_more();
    if (!parsed) {
      // What came before the fault is good, and it counts.
      if (!pieces_.empty()) {
        co_await send_pieces();
        meter_pieces();
      }
      co_return co_await fail(parsed.error());
    }
    if (!pieces_.empty() || complete_ || !head_sent_) {
      const auto sent = co_await send_pieces();
      meter_pieces();
      upstream_.consume(*parsed);
      if (sent != io_status::ok) co_return relay_end::client_gone;
    } else {
      upstream_.consume(*parsed);
    }
    if (complete_) break;

    ex_.guard.limit(upstream_, silence_max);
    io_status received;
    {
      waiting upstream_wait(ex_);
      received = co_await upstream_.more();
    }
    ex_.guard.lift();
    if (received == io_status::end && parser_.may_end_here()) {
      complete_ = true;
      continue;
    }
    if (received == io_status::ok) {
      const auto capacity = upstream_.capacity();
      if (upstream_.input().size() == capacity) {
        upstream_.reserve(std::min(4 * capacity, read_ahead_bytes_max));
      }
      continue;
    }
    if (ex_.guard.client_gone()) co_return relay_end::client_gone;
    // Named: GCC 12 destroys a ?: temporary of a co_await twice.
    const auto reason =
        received == io_status::timed_out
            ? upstream_error(error_code::upstream_timeout,
                             "The upstream fell silent in its answer.")
            : upstream_error(error_code::upstream_broken, "The upstream cut its answer.");
    co_return co_await fail(reason);
  }
  co_return relay_end::complete;
}

// Parses what has arrived; the pieces of the body stay in the upstream's buffer until consumed.
result<std::size_t> answer_relay::parse_more() {
  pieces_.clear();
  if (complete_) return std::size_t{0};
  std::size_t consumed = 0;
  const auto input = upstream_.input();
  while (true) {
    const auto progress = parser_.parse_body(input.substr(consumed), *this);
    if (!progress) return progress.error();
    consumed += progress->consumed;
    complete_ = progress->complete;
    if (complete_ || progress->consumed == 0 || consumed == input.size()) break;
  }
  return consumed;
}

task<io_status> answer_relay::send_pieces() {
  buffers_.clear();
  if (!head_sent_) buffers_.push_back(asio::buffer(head_));
  std::size_t bytes = 0;
  for (const auto piece : pieces_) bytes += piece.size();
  if (framing_ == framing::chunked && bytes > 0) {
    auto* const end = std::to_chars(chunk_line_, chunk_line_ + 16, bytes, 16).ptr;
    buffers_.push_back(asio::buffer(chunk_line_, static_cast<std::size_t>(end - chunk_line_)));
    buffers_.push_back(as_buffer(chunk_end));
  }
  for (const auto piece : pieces_) buffers_.push_back(as_buffer(piece));
  if (framing_ == framing::chunked) {
    if (bytes > 0) buffers_.push_back(as_buffer(chunk_end));
    if (complete_) buffers_.push_back(as_buffer(last_chunk));
  }
  if (bytes > 0 && !ex_.record.time_to_first_byte) {
    ex_.record.time_to_first_byte =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - ex_.started);
  }
  head_sent_ = true;
  ex_.record.status = answer_.status;
  ex_.guard.limit(ex_.client, ex_.worker.settings.client_write);
  const auto sent = co_await ex_.client.write(buffers_);
  ex_.guard.lift();
  co_return sent;
}

void answer_relay::meter_pieces() {
  if (meter_ == nullptr) return;
  for (const auto piece : pieces_) meter_->feed(piece);
  if (complete_) meter_->finish();
}

// Once part of the answer has gone out, it can neither be replaced nor ended cleanly: the
// connection breaks, by a reset where its end alone would look like the answer's.
task<relay_end> answer_relay::fail(error reason) {
  ex_.record.failure = reason.code;
  if (!head_sent_) {
    ex_.keep_alive = false;
    co_await send_error(ex_, reason);
    co_return relay_end::upstream_broken;
  }
  if (event_stream_ && framing_ == framing::chunked) {
    pieces_.clear();
    // The empty lines end an event that was cut in its middle.
    const auto event = "\n\n" + ex_.protocol->error_event(reason, ex_.record.request_id);
    pieces_.push_back(event);
    co_await send_pieces();
    pieces_.clear();
  }
  if (framing_ == framing::until_close) {
    ex_.client.abort();
  } else {
    ex_.client.close(io_status::closed);
  }
  co_return relay_end::upstream_broken;
}

}  // namespace baton::net
