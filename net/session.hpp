// The bytes' side of one client connection: reads request after request, has each served, and ends
// when the client, a deadline or the server's stop ends it. Owned by its connection actor.
#pragma once

#include "actors/drivers.hpp"
#include "actors/session_port.hpp"
#include "base/task.hpp"
#include "net/channel.hpp"
#include "net/connection_guard.hpp"
#include "net/exchange.hpp"
#include "net/http_head.hpp"
#include "net/listener_role.hpp"
#include "net/worker_context.hpp"

namespace baton::net {

class session final : public actors::session_driver {
 public:
  // A client over TLS is yet to make its handshake.
  session(worker_context& worker, channel_ptr client, listener_role role = listener_role::all);
  ~session() override;

  void start(actors::session_port& port) override;
  void finish_up() override;
  void cut_short() override;

 private:
  task<void> run();
  // The handshake of a client over TLS. False: it is none, and the connection is over.
  task<bool> secure();
  // Waits for a whole request head. False: there will be none, and the connection is over.
  task<bool> read_head();
  task<bool> await_first_byte();
  result<bool> parse_head();
  task<void> refuse_head(const error& failure);
  class record_keeper;
  task<void> serve();
  void record(exchange& ex);
  // Lets the client read the last answer before the connection goes (RFC 9112 section 9.6).
  task<void> linger();

  worker_context& worker_;
  channel_ptr client_;
  const listener_role role_;
  connection_guard guard_;
  actors::session_port* port_ = nullptr;
  request_head head_;
  std::optional<request_parser> parser_;
  bool between_requests_ = true;
  bool last_request_ = false;    // the connection ends after the current answer
  bool answer_pending_ = false;  // the client may still be sending or reading
  task<void> running_;
};

}  // namespace baton::net
