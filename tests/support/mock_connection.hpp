// One connection to the mock upstream: reads requests, performs what the behaviour of each says.
//
// Lives on its worker's thread. It keeps itself alive by the handlers of its operations; a read is
// pending all the time, also while it answers, so that a peer that leaves is noticed.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/mock_input.hpp"
#include "tests/support/mock_reply.hpp"
#include "tests/support/mock_stream.hpp"
#include "tests/support/mock_worker.hpp"

namespace baton::mock {

class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(worker& owner, tcp_socket socket);
  ~connection();

  void start();
  void close();
  // Ends it from outside, whatever it is doing.
  void break_off(ending how);

 private:
  enum class phase : std::uint8_t {
    reading,  // between answers
    waiting,  // a request is in, its answer has not begun; possibly for ever
    answering,
    lingering,  // everything is sent, waiting for the peer's end
    closed,
  };

  // Reading.
  void handshake();
  void read();
  void on_read(boost::system::error_code failure, std::size_t bytes);
  void process();
  bool take_request();
  void read_at_pace(std::size_t bytes);
  parse_state receive_body(const request_head& head, std::size_t& body_bytes,
                           std::size_t& consumed);
  void refuse(const dialect& speaks, int status, std::string_view message);

  // Deciding what to answer.
  void handle(const request_head& head, std::string_view body, bool body_complete);
  bool handle_mock_route(const request_head& head);
  void send(const reply& chosen, const stamp& values);
  void begin_answer();

  // Answering.
  void go_on();
  void drive();
  next_step fill();
  bool flush();
  void write_rest();
  void on_written(boost::system::error_code failure, std::size_t bytes);
  void perform(next_step step);
  void finish();
  void end_answer(outcome how);
  void linger();
  void peer_left();
  // Calls `action` at `when` unless another wait or cancel_timer() comes first.
  void wait_until(std::chrono::steady_clock::time_point when, void (connection::*action)());
  void cancel_timer() { ++timer_number_; }

  worker& owner_;
  tcp_socket socket_;
  std::optional<asio::ssl::stream<tcp_socket&>> tls_;
  loop_timer timer_;  // one at a time: a delay, the pace, the idle limit or the linger limit
  std::uint64_t timer_number_ = 0;  // an expiry that was overtaken by a newer wait is ignored
  phase phase_ = phase::reading;
  bool reading_ = false;
  bool writing_ = false;
  bool continue_sent_ = false;
  input_buffer input_;
  std::optional<chunk_decoder> chunks_;
  std::uint32_t body_bytes_per_s_ = 0;  // pace of the body that is being read; 0: as it comes

  // The answer in progress.
  credential_record* record_ = nullptr;      // also kept as a guess for the next request
  bool counted_ = false;                     // record_ waits for this answer's end
  std::shared_ptr<const answer_plan> plan_;  // null: an answer without a script
  std::optional<stream_cursor> cursor_;      // a stream; otherwise all of it is in out_
  std::string out_;                          // not written yet from out_at_
  std::size_t out_at_ = 0;
  std::uint64_t answer_bytes_ = 0;  // put into out_ so far
  bool close_after_ = false;
  next_step step_;  // to perform when out_ is written
  std::chrono::steady_clock::time_point
      due_;  // of the event sent last; keeps the pace from drifting
};

}  // namespace baton::mock
