// Many event streams at once, and how long each event took from the upstream to here.
//
// The upstream puts the time it sent an event into the event ("sent_ns", CLOCK_MONOTONIC; the mock
// does so for `mock-timestamps=1`), so that both have to run on one machine. Everything runs on the
// thread that calls run().
#pragma once

#include <sys/types.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/delay_samples.hpp"
#include "bench/process_usage.hpp"

namespace baton::bench {

struct stream_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path = "/v1/messages";
  std::string key;
  std::string model = "claude-sonnet-4-20250514";
  std::uint32_t streams = 1000;
  std::chrono::milliseconds ramp{1000};    // the streams are opened evenly over this time
  std::chrono::milliseconds settle{1000};  // then nothing is measured for so long
  std::chrono::milliseconds measure{5000};
  std::vector<pid_t> processes;  // whose CPU time and memory to report
};

class stream_client;

// One stream. Owned by the client; its handlers run before the client is gone.
class event_stream {
 public:
  event_stream(stream_client& owner, boost::asio::io_context& io);

  void open();

 private:
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;

  void send();
  void read();
  void on_bytes(std::size_t bytes);
  void check_status(std::string_view data);
  void end();

  stream_client& owner_;
  socket socket_;
  std::array<char, 4096> buffer_{};
  std::size_t kept_ = 0;  // bytes at the front of buffer_ that wait for the rest of a number
  bool status_known_ = false;
  bool finished_ = false;  // message_stop was seen
};

class stream_client {
 public:
  explicit stream_client(stream_options options);

  // Opens, measures, closes; returns the results as one JSON line.
  std::string run();

 private:
  friend class event_stream;

  void open_next();
  void start_measuring();
  std::string report();

  stream_options options_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  boost::asio::ip::tcp::endpoint target_;
  std::string request_;
  std::vector<std::unique_ptr<event_stream>> streams_;
  bool measuring_ = false;
  std::chrono::steady_clock::time_point measured_from_;
  process_usage usage_before_;
  process_usage own_usage_before_;

  delay_samples delays_;
  std::uint32_t answered_ = 0;  // with status 200
  std::uint32_t refused_ = 0;   // no connection, or another status
  std::uint32_t broken_ = 0;    // ended before message_stop
  std::uint32_t finished_ = 0;
  std::string first_refusal_;
};

}  // namespace baton::bench
