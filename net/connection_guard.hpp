// Decides when a connection is cut from outside its coroutine: a deadline that passed, or a client
// that left while its answer was being waited for. The coroutine then finds its channel closed and
// goes on from there.
#pragma once

#include "net/channel.hpp"
#include "net/deadline_sweep.hpp"

namespace baton::net {

class connection_guard final : public deadline_sweep::entry, public channel::watcher {
 public:
  connection_guard(channel& client, deadline_sweep& deadlines) : client_(client) {
    deadlines.add(*this);
  }

  // Closes `limited` (io_status::timed_out) unless lifted or set anew within `time`.
  void limit(channel& limited, std::chrono::milliseconds time);
  void lift() { never_expire(); }

  // From here on a client that leaves is noticed at once and closes `upstream`; null: only noticed.
  void serve_with(channel* upstream);
  // The exchange is over: the next request's bytes are the session's to wait for.
  void end_service();
  // Gives the client up as if it had left.
  void give_up_client();
  bool client_gone() const { return client_gone_; }

 private:
  void on_deadline() override;
  void on_idle_input(io_status status) override;

  channel& client_;
  channel* limited_ = nullptr;
  channel* upstream_ = nullptr;
  bool client_gone_ = false;
};

}  // namespace baton::net
