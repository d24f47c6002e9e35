// One request and its answer: what the steps of serving it share. Made by the session when a head
// is complete, lives until the answer has ended.
#pragma once

#include <string>
#include <string_view>

#include "actors/session_port.hpp"
#include "base/time.hpp"
#include "net/body_buffer.hpp"
#include "net/channel.hpp"
#include "net/connection_guard.hpp"
#include "net/http_head.hpp"
#include "net/listener_role.hpp"
#include "net/worker_context.hpp"
#include "relay/request_record.hpp"

namespace baton::net {

struct exchange {
  exchange(worker_context& shared, actors::session_port& actors, channel& connection,
           connection_guard& cutter, const request_head& request)
      : worker(shared),
        port(actors),
        client(connection),
        guard(cutter),
        head(request),
        stored_body(shared.body_budget) {}

  worker_context& worker;
  actors::session_port& port;
  channel& client;
  connection_guard& guard;
  const request_head& head;
  listener_role role = listener_role::all;
  const relay::api* protocol = nullptr;  // how errors are worded; set by the route

  // The complete body, once read: in the client's buffer right behind the head, or in stored_body.
  std::string_view body;
  body_buffer stored_body;
  std::size_t body_bytes_in_place = 0;
  bool body_read = false;

  relay::request_record record;
  steady_time started = steady_now();
  steady_time end = steady_time::max();  // when it must be over
  bool keep_alive = true;                // whether the connection may carry another request
  // Comments may be put into the stream that the client asked for.
  bool may_comment = false;
  // The head of a streamed answer has gone out ahead of any upstream's, for comments to follow it
  // (net/client_stream.hpp).
  bool stream_begun = false;
};

// Notes in the record that the request is over now.
inline void note_end_time(exchange& ex) {
  ex.record.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - ex.started);
  ex.record.finished = wall_now();
}

// What an answer's head says about the connection. An HTTP/1.0 client that asked to keep it takes
// it for closed unless it is told.
inline std::string_view connection_line(const exchange& ex) {
  if (!ex.keep_alive) return "connection: close\r\n";
  return ex.head.http_1_0 ? "connection: keep-alive\r\n" : "";
}

// Adds the time it lives to what the request spent waiting.
class waiting {
 public:
  // For upstreams.
  explicit waiting(exchange& ex) : waiting(ex.record.upstream_wait) {}
  explicit waiting(std::chrono::microseconds& spent) : spent_(spent) {}
  ~waiting() {
    spent_ += std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - since_);
  }
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

 private:
  std::chrono::microseconds& spent_;
  steady_time since_ = steady_now();
};

}  // namespace baton::net
