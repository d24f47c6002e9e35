#include "tests/support/mock_answer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstring>

#include "tests/support/mock_gzip.hpp"
#include "tests/support/mock_json.hpp"

namespace baton::mock {

namespace {

constexpr std::string_view date_marker = "Thu, 01 Jan 1970 00:00:00 MCK";

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// The head up to the blank line; `framing` is the header lines that describe the body.
std::string head_text(const behaviour& script, int status, std::string_view framing) {
  const bool announced = script.after_answer == closing::announced || script.early;
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\n"
      "date: {}\r\n"
      "{}"
      "connection: {}\r\n"
      "request-id: req_{}\r\n"
      "anthropic-organization-id: 6f1d4c52-0c3b-4a55-9a70-000000000001\r\n"
      "anthropic-ratelimit-requests-limit: 4000\r\n"
      "anthropic-ratelimit-requests-remaining: 3999\r\n"
      "anthropic-ratelimit-requests-reset: 2030-01-01T00:00:00Z\r\n"
      "anthropic-ratelimit-tokens-limit: 400000\r\n"
      "anthropic-ratelimit-tokens-remaining: 399000\r\n"
      "anthropic-ratelimit-tokens-reset: 2030-01-01T00:00:00Z\r\n"
      "{}{}",
      status, reason_phrase(status), date_marker, framing, announced ? "close" : "keep-alive",
      id_marker, script.gzip ? "content-encoding: gzip\r\n" : "", script.header_lines);
  constexpr std::string_view padding_name = "x-padding: ";
  const std::size_t without_padding = head.size() + padding_name.size() + 4;
  if (script.head_bytes > without_padding) {
    head.append(padding_name).append(script.head_bytes - without_padding, 'x').append("\r\n");
  }
  return head + "\r\n";
}

prebuilt_event make_event(const std::string& text) {
  return {prebuilt(text), prebuilt(as_chunk(text))};
}

}  // namespace

prebuilt::prebuilt(std::string text) : text_(std::move(text)) {
  date_at_ = text_.find(date_marker);
  clock_at_ = text_.find(clock_marker);
  std::size_t at = text_.find(id_marker);
  while (at != std::string::npos) {
    ids_at_.push_back(at);
    at = text_.find(id_marker, at + id_marker.size());
  }
}

void prebuilt::append_to(std::string& out, const stamp& values) const {
  const std::size_t start = out.size();
  out += text_;
  char* begin = out.data() + start;
  if (date_at_ != none) std::memcpy(begin + date_at_, values.date.data(), values.date.size());
  for (const std::size_t at : ids_at_) std::memcpy(begin + at, values.id.data(), values.id.size());
  if (clock_at_ == none) return;
  fmt::format_to_n(begin + clock_at_, clock_marker.size(), "{:>19}", monotonic_ns());
}

std::string as_chunk(std::string_view data) {
  return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

prebuilt make_json_answer(const behaviour& script, int status, std::string body) {
  if (script.gzip) {
    // Nothing can be filled in once it is compressed.
    for (auto at = body.find(id_marker); at != std::string::npos; at = body.find(id_marker)) {
      body.replace(at, id_marker.size(), id_marker.size(), '0');
    }
    body = gzip_encoder().finish(body);
  }
  const auto length =
      std::max<std::int64_t>(0, static_cast<std::int64_t>(body.size()) + script.content_length_off);
  const auto framing = fmt::format(
      "content-type: application/json\r\n"
      "content-length: {}\r\n",
      length);
  return prebuilt(head_text(script, status, framing) + body);
}

std::shared_ptr<const answer_plan> make_plan(const behaviour& script, std::string_view model) {
  auto plan = std::make_shared<answer_plan>();
  plan->script = script;
  plan->model = model;
  std::string body = script.body;
  if (body.empty()) {
    constexpr int overloaded = 529;
    const int failure = script.error_in_200 ? overloaded : script.status;
    body =
        failure == 200 ? message_json(script, model) : error_json(failure, script.error_type, "");
  }
  plan->json = make_json_answer(script, script.status, std::move(body));
  plan->stream_head = prebuilt(head_text(script, 200,
                                         "content-type: text/event-stream; charset=utf-8\r\n"
                                         "cache-control: no-cache\r\n"
                                         "transfer-encoding: chunked\r\n"));
  plan->opening = {make_event(message_start_event(script, model)), make_event(block_start_event()),
                   make_event(ping_event())};
  const std::uint32_t variants = script.event_bytes == 0 ? answer_word_count : 1;
  for (std::uint32_t n = 0; n < variants; ++n) {
    plan->deltas.push_back(
        make_event(delta_event(answer_word(n, script.event_bytes), script.timestamps)));
  }
  plan->ping = make_event(ping_event());
  plan->closing = {make_event(block_stop_event()), make_event(message_delta_event(script))};
  if (!script.omit_end) plan->closing.push_back(make_event(message_stop_event()));
  plan->error = make_event(error_event(script.error_type));
  plan->malformed = make_event(malformed_event(script.malformed_with));
  return plan;
}

std::array<char, 29> http_date(std::int64_t seconds_since_1970) {
  std::array<char, 29> text{};
  fmt::format_to_n(text.data(), text.size(), "{:%a, %d %b %Y %H:%M:%S} GMT",
                   fmt::gmtime(static_cast<std::time_t>(seconds_since_1970)));
  return text;
}

}  // namespace baton::mock
