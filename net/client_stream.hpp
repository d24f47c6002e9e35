// A streamed answer that begins before any upstream's does: comments tell a client that waits, and
// whatever stands between, that the connection lives (WHATWG HTML, section 9.2.7). Once begun, the
// answer's status is 200, so an error of Baton's own becomes an event.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// Whether comments are wanted, and this client can be sent them: it asked for a stream.
bool takes_comments(const exchange& ex);

// Sends a comment, after the answer's head if that is not out yet. Only between two events.
task<io_status> send_comment(exchange& ex);

// Ends a begun stream with an error event, and the connection so that nobody takes it for complete.
task<void> end_stream(exchange& ex, const error& failure);

// Waits for more input of `upstream` until `deadline`, which closes it (io_status::timed_out);
// io_status::woken at `wake_at`, if that is earlier. Sends comments meanwhile if `may_comment`.
task<io_status> await_input(exchange& ex, channel& upstream, steady_time deadline, bool may_comment,
                            steady_time wake_at = steady_time::max());

// Sends comments while something other than an upstream is waited for.
class comment_ticker final : deadline_sweep::entry {
 public:
  // Does nothing for a client that takes none.
  explicit comment_ticker(exchange& ex);
  // Must be awaited before anything else is sent to the client.
  task<void> stop();

 private:
  void on_deadline() override;
  task<void> tick();

  exchange& ex_;
  bool stopped_ = false;
  task<void> ticking_;
};

}  // namespace baton::net
