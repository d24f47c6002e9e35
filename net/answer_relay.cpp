#include "net/answer_relay.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "net/client_stream.hpp"
#include "net/connection_options.hpp"
#include "net/durable_record.hpp"
#include "net/own_answer.hpp"
#include "relay/header_rules.hpp"

namespace baton::net {
namespace {

// What is read ahead of a slow client at most. Small events never need so much.
constexpr std::size_t read_ahead_bytes_max = 16 * 1024;

// Of an event that has not come whole.
constexpr std::size_t event_kept_bytes_max = 16 * 1024;

constexpr std::string_view chunk_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

asio::const_buffer as_buffer(std::string_view text) {
  return {text.data(), text.size()};
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

void append_attempt_lines(std::string& lines, const relay::request_record& record) {
  if (record.attempts == 0) return;
  lines.append("x-baton-attempts: ").append(std::to_string(record.attempts)).append("\r\n");
  const auto retried = std::min<std::size_t>(record.failed.size(), record.attempts - 1);
  for (std::size_t n = 0; n < retried; ++n) {
    lines.append(n == 0 ? "x-baton-retried: " : ", ");
    lines.append(relay::to_string(record.failed[n].kind));
  }
  if (retried > 0) lines.append("\r\n");
}

answer_relay::answer_relay(exchange& ex, channel& upstream, relay_scratch& scratch,
                           response_parser& parser, relay::answer_decoder* decoder,
                           relay::answer_meter* meter, const opened_answer& opened,
                           const std::function<void()>& before_end)
    : ex_(ex),
      upstream_(upstream),
      answer_(scratch.answer),
      head_(scratch.answer_lines),
      pieces_(scratch.pieces),
      buffers_(scratch.buffers),
      decoded_(scratch.decoded),
      parser_(parser),
      decoder_(decoder),
      meter_(meter),
      opened_(opened),
      before_end_(before_end),
      complete_(opened.complete) {}

// The client gets the length if it is known. Else chunks, or for HTTP/1.0 the connection's end. 204
// and 304 end with their heads and may have neither (RFC 9112 section 6.1).
void answer_relay::choose_framing() {
  if (ex_.stream_begun) {
    // The client has a head already: Baton's own, which announced chunks.
    framing_ = ex_.head.http_1_0 ? framing::until_close : framing::chunked;
    head_.clear();
    return;
  }
  append_attempt_lines(head_, ex_.record);
  if (answer_.status == 204 || answer_.status == 304) {
    framing_ = framing::length;
  } else if (answer_.content_length && !opened_.rewritten) {
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

// One coroutine for all of it: its loop turns once for each event of every stream.
task<relay_end> answer_relay::run(milliseconds silence_max) {
  choose_framing();
  pieces_.clear();
  if (!opened_.held.empty()) pieces_.push_back(opened_.held);
  auto found = check_pieces(true);
  std::size_t parsed_bytes = 0;
  for (;;) {
    if (ends_now()) {
      before_end_();
      if (must_be_recorded()) {
        auto unrecorded = co_await record_first();
        if (unrecorded) co_return co_await fail(std::move(*unrecorded));
      }
    }
    if (has_something_to_send()) {
      ex_.guard.limit(ex_.client, ex_.worker.settings.client_write);
      const auto sent = co_await ex_.client.write(gather());
      ex_.guard.lift();
      if (sent != io_status::ok) ex_.guard.give_up_client();
    }
    passed_bytes_ += std::exchange(omitted_bytes_, 0);
    if (found) co_return co_await fail(std::move(*found));
    if (ex_.guard.client_gone() && !ex_.guard.draining()) co_return relay_end::client_gone;
    upstream_.consume(std::exchange(parsed_bytes, 0));
    if (complete_) co_return relay_end::complete;

    auto parsed = parse_more();
    while (parsed && *parsed == 0 && !complete_) {
      auto received = prepare_to_read();
      if (received == io_status::ok && may_comment()) {
        const auto deadline = ex_.guard.moment_after(silence_max);
        received = co_await await_input(ex_, upstream_, deadline, true);
      } else if (received == io_status::ok) {
        ex_.guard.limit(upstream_, silence_max);
        waiting upstream_wait(ex_);
        received = co_await upstream_.more();
        ex_.guard.lift();
      }
      if (received == io_status::end && parser_.may_end_here()) {
        complete_ = true;
      } else if (received != io_status::ok) {
        co_return co_await break_off(received);
      } else {
        parsed = parse_more();
      }
    }
    parsed_bytes = parsed.has_value() ? *parsed : 0;
    found = check_pieces(parsed.has_value());
  }
}

// A busy upstream never lets its deadline pass, so the end of the request is looked at here.
io_status answer_relay::prepare_to_read() {
  if (ex_.guard.past_end()) return io_status::timed_out;
  const auto capacity = upstream_.capacity();
  if (upstream_.input().size() == capacity) {
    upstream_.reserve(std::min(4 * capacity, read_ahead_bytes_max));
  }
  return io_status::ok;
}

bool answer_relay::may_comment() const {
  return takes_comments(ex_) && opened_.format == relay::answer_format::sse && meter_ != nullptr &&
         framing_ != framing::length && passed_bytes_ == meter_->whole_bytes();
}

// What is sent next tells the client that its answer is over: the body's end, or before that the
// event which ends a stream. Once.
bool answer_relay::ends_now() {
  const bool ends = complete_ || (opened_.stream() && meter_ != nullptr && meter_->ended());
  return ends && !std::exchange(end_announced_, true);
}

bool answer_relay::must_be_recorded() const {
  return ex_.worker.settings.records_first && meter_ != nullptr && !ex_.guard.client_gone();
}

// What has not been sent stays here if the record cannot be written.
task<std::optional<answer_relay::fault>> answer_relay::record_first() {
  const bool failed = opened_.stream() && meter_->failed();
  ex_.record.how = failed ? relay::outcome::upstream_failed : relay::outcome::completed;
  const auto written = co_await write_record_first(ex_, answer_.status);
  if (written) co_return std::nullopt;
  pieces_.clear();
  complete_ = false;
  co_return fault{relay_end::unrecorded, written.error()};
}

bool answer_relay::has_something_to_send() const {
  return (!pieces_.empty() || complete_ || !head_sent_) && !ex_.guard.client_gone();
}

// Decodes and meters the pieces, and takes off them what must not reach the client, or not yet. A
// fault: the answer cannot go on behind them.
std::optional<answer_relay::fault> answer_relay::check_pieces(bool parsed_well) {
  bool decoded_well = true;
  if (!std::exchange(metered_ahead_, false)) {
    if (decoder_ != nullptr) decoded_well = decode_pieces();
    if (meter_ != nullptr) {
      for (const auto piece : pieces_) meter_->feed(piece);
      if (complete_) meter_->finish();
    }
  }
  take_up_tail();
  auto found = find_fault(parsed_well, decoded_well);
  if (found) complete_ = false;
  if (!opened_.stream() || meter_ == nullptr) return found;
  if (!complete_) {
    const bool malformed = meter_->malformed();
    cut_pieces(malformed ? meter_->bytes_before_fault() : meter_->whole_bytes(), !found);
  }
  leave_out_withheld();
  return found;
}

// False: what came is none of the upstream's format; what came before that is decoded.
bool answer_relay::decode_pieces() {
  decoded_.clear();
  bool good = true;
  for (const auto piece : pieces_) good = good && decoder_->decode(piece, decoded_);
  pieces_.clear();
  if (!decoded_.empty()) pieces_.push_back(decoded_);
  return good;
}

std::optional<answer_relay::fault> answer_relay::find_fault(bool parsed_well,
                                                            bool decoded_well) const {
  const auto broken = [](relay_end end, std::string text) {
    return fault{end, upstream_error(error_code::upstream_broken, std::move(text))};
  };
  if (meter_ != nullptr && meter_->malformed()) {
    return broken(relay_end::upstream_malformed, "The upstream sent an event that is not JSON.");
  }
  if (!parsed_well) {
    return broken(relay_end::upstream_malformed, "The upstream's answer is not framed as HTTP.");
  }
  if (!decoded_well) {
    return broken(relay_end::upstream_malformed, "The upstream's events are not framed correctly.");
  }
  const bool metered_stream = opened_.stream() && meter_ != nullptr;
  if (metered_stream && complete_ && !meter_->complete() && !meter_->failed() &&
      !meter_->skipped()) {
    return broken(relay_end::upstream_cut,
                  "The upstream ended its answer before the end of the message.");
  }
  return std::nullopt;
}

void answer_relay::take_up_tail() {
  if (tail_.empty()) return;
  passing_tail_.swap(tail_);
  tail_.clear();
  pieces_.insert(pieces_.begin(), passing_tail_);
}

// Leaves of the pieces what belongs to the body's first `bytes`; an event too long to be kept goes
// on as it comes.
void answer_relay::cut_pieces(std::uint64_t bytes, bool keep_rest) {
  auto good = bytes - std::min(passed_bytes_, bytes);
  std::size_t come = 0;
  for (const auto piece : pieces_) come += piece.size();
  if (keep_rest && come > good + event_kept_bytes_max) return;
  for (auto& piece : pieces_) {
    const auto passed = piece.substr(0, good);
    if (keep_rest) tail_.append(piece.substr(passed.size()));
    good -= passed.size();
    piece = passed;
  }
  std::erase_if(pieces_, [](std::string_view piece) { return piece.empty(); });
}

// Takes out of the pieces what the client did not ask for.
void answer_relay::leave_out_withheld() {
  auto& ranges = meter_->withheld();
  if (ranges.empty()) return;
  std::vector<std::string_view> kept;
  std::uint64_t at = passed_bytes_;  // where the piece begins in the body
  for (const auto piece : pieces_) {
    const auto end = at + piece.size();
    auto from = at;
    for (const auto& range : ranges) {
      const auto begin = std::clamp(range.begin, from, end);
      if (begin > from) kept.push_back(piece.substr(from - at, begin - from));
      from = std::clamp(range.end, begin, end);
      omitted_bytes_ += from - begin;
    }
    if (end > from) kept.push_back(piece.substr(from - at));
    at = end;
  }
  pieces_ = std::move(kept);
  ranges.clear();
}

// The upstream's connection gave `received` instead of more of its answer.
task<relay_end> answer_relay::break_off(io_status received) {
  if (ex_.guard.called_off()) {
    fault taken_away{relay_end::called_off, key_taken_away()};
    co_return co_await fail(std::move(taken_away));
  }
  const bool late = ex_.guard.past_end();
  fault found{relay_end::upstream_cut,
              upstream_error(error_code::upstream_broken, "The upstream cut its answer.")};
  if (received == io_status::timed_out) {
    found.end = late ? relay_end::out_of_time : relay_end::upstream_silent;
    found.reason = upstream_error(error_code::upstream_timeout,
                                  late ? "The answer took longer than a request may."
                                       : "The upstream fell silent in its answer.");
  }
  co_return co_await fail(std::move(found));
}

// Parses what has arrived; the pieces of the body stay in the upstream's buffer until consumed.
result<std::size_t> answer_relay::parse_more() {
  pieces_.clear();
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

// What goes to the client in one write: the head if it is not out yet, and the pieces.
std::span<const asio::const_buffer> answer_relay::gather() {
  buffers_.clear();
  if (!head_sent_ && !head_.empty()) buffers_.push_back(asio::buffer(head_));
  std::size_t bytes = 0;
  for (const auto piece : pieces_) bytes += piece.size();
  passed_bytes_ += bytes;
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
  ex_.stream_begun |= opened_.format == relay::answer_format::sse;
  ex_.record.status = answer_.status;
  return buffers_;
}

// Once part of the answer has gone out, it can neither be replaced nor ended cleanly: the
// connection breaks, by a reset where its end alone would look like the answer's.
task<relay_end> answer_relay::fail(fault found) {
  if (ex_.guard.client_gone()) co_return relay_end::client_gone;
  if (found.end == relay_end::unrecorded && !head_sent_ && !ex_.stream_begun) {
    ex_.keep_alive = false;
    co_await send_error(ex_, found.reason);
    co_return found.end;
  }
  ex_.record.failure = found.reason.code;
  const auto event = closing_event(found.reason);
  if (!event.empty()) {
    pieces_.assign(1, event);
    ex_.guard.limit(ex_.client, ex_.worker.settings.client_write);
    co_await ex_.client.write(gather());
    ex_.guard.lift();
    pieces_.clear();
  }
  if (framing_ == framing::until_close) {
    ex_.client.abort();
  } else {
    ex_.client.close(io_status::closed);
  }
  co_return found.end;
}

// The API's own end of a stream that cannot go on. Only events can begin behind one that was cut in
// its middle: empty lines end that.
std::string answer_relay::closing_event(const error& reason) const {
  const bool failed = meter_ != nullptr && meter_->failed();
  if (!opened_.stream() || framing_ != framing::chunked || failed) return {};
  auto event = ex_.protocol->error_event(reason, ex_.record.request_id, opened_.format);
  if (opened_.format == relay::answer_format::sse) return "\n\n" + event;
  if (meter_ == nullptr || passed_bytes_ == 0) return {};
  const auto whole = meter_->malformed() ? meter_->bytes_before_fault() : meter_->whole_bytes();
  return passed_bytes_ == whole ? event : std::string();
}

}  // namespace baton::net
