#include "bench/stream_client.hpp"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstring>

namespace baton::bench {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::string_view stamp_name = "\"sent_ns\":";
constexpr std::string_view end_mark = "\"message_stop\"";
// A stamp with its number fits into so many bytes.
constexpr std::size_t stamp_bytes_max = stamp_name.size() + 24;

std::chrono::nanoseconds monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

event_stream::event_stream(stream_client& owner, asio::io_context& io)
    : owner_(owner), socket_(io) {}

void event_stream::open() {
  socket_.async_connect(owner_.target_, [this](error_code failure) {
    if (!failure) return send();
    ++owner_.refused_;
    owner_.first_refusal_ = failure.message();
  });
}

void event_stream::send() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  asio::async_write(socket_, asio::buffer(owner_.request_),
                    [this](error_code failure, std::size_t) { failure ? end() : read(); });
}

void event_stream::read() {
  socket_.async_read_some(asio::buffer(buffer_.data() + kept_, buffer_.size() - kept_),
                          [this](error_code failure, std::size_t bytes) {
                            if (failure) return end();
                            on_bytes(bytes);
                            read();
                          });
}

void event_stream::on_bytes(std::size_t bytes) {
  const std::chrono::nanoseconds now = monotonic_now();
  std::string_view data(buffer_.data(), kept_ + bytes);
  if (!status_known_) check_status(data);
  if (data.find(end_mark) != std::string_view::npos) finished_ = true;
  for (;;) {
    const auto at = data.find(stamp_name);
    if (at == std::string_view::npos) {
      // The name itself may be split.
      data.remove_prefix(data.size() - std::min(data.size(), stamp_name.size() - 1));
      break;
    }
    std::string_view number = data.substr(at + stamp_name.size());
    const auto end = number.find_first_of(",}");
    if (end == std::string_view::npos) {
      data.remove_prefix(data.size() - at <= stamp_bytes_max ? at : data.size());
      break;
    }
    number = number.substr(0, end);
    number.remove_prefix(std::min(number.find_first_not_of(' '), end));
    std::int64_t sent_ns = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), sent_ns);
    // A stamp with a chunk's end inside it is passed over; the framing is not taken apart here.
    const bool whole = parsed.ptr == number.data() + number.size();
    if (owner_.measuring_ && whole) owner_.delays_.add(now - std::chrono::nanoseconds(sent_ns));
    data.remove_prefix(at + stamp_name.size() + end);
  }
  kept_ = data.size();
  std::memmove(buffer_.data(), data.data(), kept_);
}

void event_stream::check_status(std::string_view data) {
  const auto line_end = data.find('\r');
  if (line_end == std::string_view::npos) return;
  status_known_ = true;
  if (data.starts_with("HTTP/1.1 200")) {
    ++owner_.answered_;
    return;
  }
  ++owner_.refused_;
  owner_.first_refusal_ = data.substr(0, line_end);
  finished_ = true;
}

void event_stream::end() {
  ++(finished_ ? owner_.finished_ : owner_.broken_);
  error_code ignored;
  socket_.close(ignored);
}

stream_client::stream_client(stream_options options) : options_(std::move(options)) {
  target_ = {asio::ip::make_address(options_.host), options_.port};
  const std::string body = fmt::format(R"({{"model":"{}","max_tokens":1024,"stream":true,)"
                                       R"("messages":[{{"role":"user","content":"Say hello."}}]}})",
                                       options_.model);
  request_ = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}:{}\r\nx-api-key: {}\r\nanthropic-version: 2023-06-01\r\n"
      "content-type: application/json\r\naccept: text/event-stream\r\ncontent-length: {}\r\n\r\n{}",
      options_.path, options_.host, options_.port, options_.key, body.size(), body);
}

std::string stream_client::run() {
  streams_.reserve(options_.streams);
  open_next();
  io_.run();
  return report();
}

// Opens the streams that are due, then waits for the next.
void stream_client::open_next() {
  if (streams_.size() == options_.streams) {
    timer_.expires_after(options_.settle);
    return timer_.async_wait([this](error_code) { start_measuring(); });
  }
  streams_.push_back(std::make_unique<event_stream>(*this, io_));
  streams_.back()->open();
  timer_.expires_after(options_.ramp / std::max(options_.streams, 1u));
  timer_.async_wait([this](error_code) { open_next(); });
}

void stream_client::start_measuring() {
  measuring_ = true;
  usage_before_ = usage_of(options_.processes);
  own_usage_before_ = usage_of({::getpid()});
  measured_from_ = std::chrono::steady_clock::now();
  timer_.expires_after(options_.measure);
  timer_.async_wait([this](error_code) { io_.stop(); });
}

std::string stream_client::report() {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - measured_from_;
  const process_usage usage = usage_of(options_.processes);
  const process_usage own_usage = usage_of({::getpid()});
  const auto events = static_cast<double>(std::max<std::size_t>(delays_.count(), 1));
  const auto per_event = [events](const process_usage& after, const process_usage& before) {
    return static_cast<double>((after.cpu - before.cpu).count()) / events;
  };
  return fmt::format(
      R"({{"streams":{},"answered":{},"refused":{},"broken":{},"finished":{},)"
      R"("seconds":{:.2f},"events":{},"events_per_s":{:.0f},)"
      R"("delay_p50_us":{:.1f},"delay_p99_us":{:.1f},"delay_max_us":{:.1f},)"
      R"("cpu_us_per_event":{:.2f},"rss_kb":{},"client_cpu_us_per_event":{:.2f},"problem":"{}"}})",
      options_.streams, answered_, refused_, broken_, finished_, seconds.count(), delays_.count(),
      static_cast<double>(delays_.count()) / seconds.count(), delays_.quantile_us(0.5),
      delays_.quantile_us(0.99), delays_.quantile_us(1), per_event(usage, usage_before_),
      usage.resident_kb, per_event(own_usage, own_usage_before_), first_refusal_);
}

}  // namespace baton::bench
