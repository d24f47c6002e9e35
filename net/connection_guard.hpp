// Decides when a connection is cut from outside its coroutine: a deadline that passed, or a client
// that left while its answer was being waited for. The coroutine then finds its channel closed and
// goes on from there.
#pragma once

#include <functional>

#include "net/channel.hpp"
#include "net/deadline_sweep.hpp"
#include "relay/account.hpp"

namespace baton::net {

class connection_guard final : public deadline_sweep::entry, public channel::watcher {
 public:
  connection_guard(channel& client, deadline_sweep& deadlines) : client_(client) {
    deadlines.add(*this);
  }

  // Closes `limited` (io_status::timed_out) unless lifted or set anew within `time`, and at the
  // exchange's end at the latest.
  void limit(channel& limited, std::chrono::milliseconds time) {
    limit_until(limited, moment_after(time));
  }
  void limit_until(channel& limited, steady_time deadline);
  void lift();
  // Beside limit(), on the same channel: wakes its read at `moment`, once, without closing it.
  void wake_at(steady_time moment);

  // The exchange must be over by then, however busy it is.
  void end_by(steady_time end) { end_ = end; }
  bool past_end() const { return called_off_ || swept_at() >= end_; }

  // From here on a client that leaves is noticed at once and closes `upstream`; null: only noticed.
  void serve_with(channel* upstream);
  // A client that leaves while `abandon` is set has it called, instead of closing a channel.
  void wait_with(std::function<void()> abandon);
  // What becomes of an upstream whose client leaves; until end_service().
  void on_disconnect(const relay::disconnect_policy& policy) { policy_ = policy; }
  // The exchange is over: the next request's bytes are the session's to wait for.
  void end_service();

  // Ends the exchange before its time: no more of an answer is waited for, nobody else is tried.
  // The client is still there, to be told why.
  void call_off();
  bool called_off() const { return called_off_; }

  // Gives the client up as if it had left.
  void give_up_client();
  // As above, and whatever the policy says.
  void cut();
  bool client_gone() const { return client_gone_; }
  // The client has gone, but its answer is read to its end.
  bool draining() const { return draining_; }

 private:
  void on_deadline() override;
  void on_idle_input(io_status status) override;
  steady_time closing_time() const;
  void arm();

  channel& client_;
  channel* limited_ = nullptr;
  channel* upstream_ = nullptr;
  std::function<void()> abandon_;
  relay::disconnect_policy policy_;
  steady_time close_at_ = steady_time::max();
  steady_time wake_at_ = steady_time::max();
  steady_time end_ = steady_time::max();
  bool client_gone_ = false;
  bool draining_ = false;
  bool called_off_ = false;
};

}  // namespace baton::net
