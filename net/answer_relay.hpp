// Passes an upstream's answer on to the client while it arrives, metering its usage on the way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/http_head.hpp"
#include "relay/api.hpp"

namespace baton::net {

// Appends the status line and header lines for the client, as far as the upstream's may pass,
// without the framing and the empty line.
void append_client_head_lines(std::string& lines, const response_head& answer,
                              std::string_view request_id);

// How passing an answer on has ended.
enum class relay_end : std::uint8_t {
  complete,  // the whole answer has been sent
  client_gone,
  upstream_broken,  // it was cut, stalled or malformed after a part had been sent
};

class answer_relay final : body_sink {
 public:
  // `parser` has parsed the answer's head, scratch.answer; `upstream` holds what came behind it.
  answer_relay(exchange& ex, channel& upstream, relay_scratch& scratch, response_parser& parser,
               relay::answer_meter* meter);

  task<relay_end> run();
  // Whether the upstream's connection can carry another request: the answer was read to its end.
  bool upstream_reusable() const { return complete_ && answer_.keep_alive; }

 private:
  enum class framing : std::uint8_t { length, chunked, until_close };

  void on_body(std::string_view piece) override { pieces_.push_back(piece); }
  void choose_framing();
  result<std::size_t> parse_more();  // bytes to consume once the pieces are sent
  task<io_status> send_pieces();
  void meter_pieces();
  task<relay_end> fail(error reason);

  exchange& ex_;
  channel& upstream_;
  const response_head& answer_;
  std::string& head_;
  std::vector<std::string_view>& pieces_;  // of the body, in the upstream's buffer
  std::vector<asio::const_buffer>& buffers_;
  response_parser& parser_;
  relay::answer_meter* meter_;  // null: nothing to count
  framing framing_ = framing::length;
  bool event_stream_ = false;
  bool complete_ = false;
  bool head_sent_ = false;
  char chunk_line_[20];
};

}  // namespace baton::net
