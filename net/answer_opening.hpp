// Reads the beginning of an upstream's answer while nothing of it has reached the client, so that
// the answer can still be given up for another account's. What was read is passed on first.
#pragma once

#include <optional>
#include <string>

#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/http_head.hpp"
#include "relay/answer_decoder.hpp"
#include "relay/answer_meter.hpp"

namespace baton::net {

class answer_opening final : body_sink {
 public:
  // What to wait for.
  enum class until : std::uint8_t {
    content,      // of a stream: what shows that the upstream works, for hold_back at most
    first_bytes,  // of the body
    whole,        // body of an error: all of it, if it is short and comes within 2 s
  };

  // `parser` has parsed the head. `held` takes the bytes of the body, as `decoder` turns them into
  // the client's, and they are fed to `meter`; both may be null.
  answer_opening(exchange& ex, channel& upstream, response_parser& parser,
                 relay::answer_decoder* decoder, relay::answer_meter* meter, std::string& held);

  // With what has arrived already: ok if that is all that was wanted, failed if it is not HTTP.
  // Nothing: more must be read.
  std::optional<io_status> advance(until wanted);
  // Goes on from there. `first`: how long the first event, or byte, may take; `further`: each one
  // behind it. Anything but ok: the answer broke off (end, failed), fell silent (timed_out), or its
  // connection was cut because the client left (closed).
  task<io_status> read(until wanted, milliseconds first, milliseconds further);

  // The decoder could not read on.
  bool undecodable() const { return undecodable_; }
  // The body has been read to its end.
  bool complete() const { return complete_; }

 private:
  void on_body(std::string_view piece) override;
  bool is_reached(until wanted) const;
  bool has_begun() const;
  steady_time release_time(until wanted) const;
  void finish();

  exchange& ex_;
  channel& upstream_;
  response_parser& parser_;
  relay::answer_decoder* decoder_;
  relay::answer_meter* meter_;
  std::string& held_;
  steady_time release_at_ = steady_time::max();  // what is held back goes on then
  bool complete_ = false;
  bool undecodable_ = false;
};

}  // namespace baton::net
