// Passes an upstream's answer on to the client while it arrives, metering its usage on the way.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/http_head.hpp"
#include "relay/answer_decoder.hpp"
#include "relay/api.hpp"

namespace baton::net {

// Appends what the client may know of the attempts made: their number, and why those failed that
// were not the last one.
void append_attempt_lines(std::string& lines, const relay::request_record& record);

// Appends the status line and header lines for the client, as far as the upstream's may pass,
// without the framing and the empty line.
void append_client_head_lines(std::string& lines, const response_head& answer,
                              std::string_view request_id);

// How passing an answer on has ended.
enum class relay_end : std::uint8_t {
  complete,  // the whole answer has been sent
  client_gone,
  upstream_cut,  // after a part had been sent: the connection ended too early
  upstream_silent,
  upstream_malformed,  // an event that is none, or a body that is not framed as its head says
  unrecorded,          // it is complete, but its record could not be written
  upstream_error,      // it is complete, but what ended it was an error event of the upstream
  out_of_time,         // the request has lasted as long as a request may
  called_off,          // its key was taken away
};

// What is known of an answer, and has been read of it, before it is passed on.
struct opened_answer {
  std::string_view held;  // of the body, decoded; fed to the meter
  bool complete = false;  // that was all of it
  relay::answer_format format = relay::answer_format::document;  // as the client gets it
  // The client gets another body than the upstream sends, so that its length is not known.
  bool rewritten = false;

  bool stream() const { return relay::is_stream(format); }
};

class answer_relay final : body_sink {
 public:
  // `parser` has parsed the answer's head, scratch.answer, whose lines for the client are in
  // scratch.answer_lines; `upstream` holds what came behind `opened`. `decoder` turns the rest into
  // the client's, `meter` counts it; both may be null. `before_end` is called when the answer has
  // been metered to its end, before that is sent by which the client knows that it is over: what is
  // given back there is free by then.
  answer_relay(exchange& ex, channel& upstream, relay_scratch& scratch, response_parser& parser,
               relay::answer_decoder* decoder, relay::answer_meter* meter,
               const opened_answer& opened, const std::function<void()>& before_end);

  // `silence_max`: of the upstream, within its answer.
  task<relay_end> run(milliseconds silence_max);
  // Whether the upstream's connection can carry another request: the answer was read to its end.
  bool upstream_reusable() const { return complete_ && answer_.keep_alive; }

 private:
  enum class framing : std::uint8_t { length, chunked, until_close };
  struct fault {
    relay_end end;
    error reason;
  };

  void on_body(std::string_view piece) override { pieces_.push_back(piece); }
  void choose_framing();
  result<std::size_t> parse_more();  // bytes to consume once the pieces are sent
  std::optional<fault> check_pieces(bool parsed_well);
  std::optional<fault> find_fault(bool parsed_well, bool decoded_well) const;
  bool decode_pieces();
  void take_up_tail();
  void cut_pieces(std::uint64_t bytes, bool keep_rest);
  void leave_out_withheld();
  std::span<const asio::const_buffer> gather();
  io_status prepare_to_read();
  bool may_comment() const;
  bool has_something_to_send() const;
  bool ends_now();
  bool must_be_recorded() const;
  task<std::optional<fault>> record_first();
  task<relay_end> break_off(io_status received);
  task<relay_end> fail(fault found);
  std::string closing_event(const error& reason) const;

  exchange& ex_;
  channel& upstream_;
  const response_head& answer_;
  std::string& head_;
  std::vector<std::string_view>& pieces_;  // of the body, in the upstream's buffer
  std::vector<asio::const_buffer>& buffers_;
  std::string& decoded_;
  response_parser& parser_;
  relay::answer_decoder* decoder_;  // null: it passes as it is
  relay::answer_meter* meter_;      // null: nothing to count
  const opened_answer opened_;
  const std::function<void()>& before_end_;
  framing framing_ = framing::length;
  bool complete_ = false;
  bool end_announced_ = false;  // before_end_ was called
  bool head_sent_ = false;
  bool metered_ahead_ = true;        // the pieces are what was held back
  std::uint64_t passed_bytes_ = 0;   // of the body, those that were left out too
  std::uint64_t omitted_bytes_ = 0;  // left out of the pieces at hand
  // The beginning of an event that has not come whole: it goes on with the rest of it, so that
  // nothing of an event reaches the client which turns out to be none.
  std::string tail_;
  std::string passing_tail_;
  char chunk_line_[20];
};

}  // namespace baton::net
