#include "tests/support/mock_answer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstring>

#include "tests/support/mock_gzip.hpp"
#include "tests/support/mock_words.hpp"

namespace baton::mock {

namespace {

constexpr std::string_view date_marker = "Thu, 01 Jan 1970 00:00:00 MCK";

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// The head up to the blank line; `framing` is the header lines that describe the body.
std::string head_text(const dialect& speaks, const behaviour& script, int status,
                      std::string_view framing) {
  const bool announced = script.after_answer == closing::announced || script.early;
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\n"
      "date: {}\r\n"
      "{}"
      "connection: {}\r\n"
      "{}{}{}",
      status, reason_phrase(status), date_marker, framing, announced ? "close" : "keep-alive",
      speaks.head_lines(), script.gzip ? "content-encoding: gzip\r\n" : "", script.header_lines);
  constexpr std::string_view padding_name = "x-padding: ";
  const std::size_t without_padding = head.size() + padding_name.size() + 4;
  if (script.head_bytes > without_padding) {
    head.append(padding_name).append(script.head_bytes - without_padding, 'x').append("\r\n");
  }
  return head + "\r\n";
}

std::vector<prebuilt_event> make_events(const std::vector<wire_event>& events) {
  return std::vector<prebuilt_event>(events.begin(), events.end());
}

// What a JSON answer of this plan says: the answer, or what the script puts in its place.
error_document make_document(const behaviour& script, const answer_form& form) {
  if (!script.body.empty()) return {script.body};
  const int failure = script.error_in_200 ? form.speaks->overload_status() : script.status;
  if (failure == 200) return {form.speaks->answer(script, form)};
  error_document error = form.speaks->error(failure, script.error_type, script.error_message);
  if (form.array) error.body = '[' + error.body + "\n]";
  return error;
}

}  // namespace

prebuilt::prebuilt(std::string text) : text_(std::move(text)) {
  date_at_ = text_.find(date_marker);
  clock_at_ = text_.find(clock_marker);
  sequence_at_ = text_.find(sequence_marker);
  std::size_t at = text_.find(id_marker);
  while (at != std::string::npos) {
    ids_at_.push_back(at);
    at = text_.find(id_marker, at + id_marker.size());
  }
}

void prebuilt::append_to(std::string& out, const stamp& values, std::uint32_t sequence) const {
  const std::size_t start = out.size();
  out += text_;
  char* begin = out.data() + start;
  if (date_at_ != none) std::memcpy(begin + date_at_, values.date.data(), values.date.size());
  for (const std::size_t at : ids_at_) std::memcpy(begin + at, values.id.data(), values.id.size());
  if (sequence_at_ != none) {
    fmt::format_to_n(begin + sequence_at_, sequence_marker.size(), "{:>10}", sequence);
  }
  if (clock_at_ == none) return;
  fmt::format_to_n(begin + clock_at_, clock_marker.size(), "{:>19}", monotonic_ns());
}

prebuilt_event::prebuilt_event(const wire_event& event) : plain_(event.text) {
  if (event.frame != nullptr && plain_.marked()) {
    frame_ = event.frame;
    return;
  }
  if (event.frame != nullptr) plain_ = prebuilt(event.frame(event.text));
  chunk_ = prebuilt(as_chunk(plain_.text()));
}

void prebuilt_event::append_plain_to(std::string& out, const stamp& values,
                                     std::uint32_t sequence) const {
  if (frame_ == nullptr) return plain_.append_to(out, values, sequence);
  std::string text;
  plain_.append_to(text, values, sequence);
  out += frame_(text);
}

void prebuilt_event::append_chunk_to(std::string& out, const stamp& values,
                                     std::uint32_t sequence) const {
  if (frame_ == nullptr) return chunk_.append_to(out, values, sequence);
  std::string framed;
  append_plain_to(framed, values, sequence);
  out += as_chunk(framed);
}

std::string as_chunk(std::string_view data) {
  return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

prebuilt make_json_answer(const dialect& speaks, const behaviour& script, int status,
                          std::string body, std::string_view header_lines) {
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
      "content-length: {}\r\n{}",
      length, header_lines);
  return prebuilt(head_text(speaks, script, status, framing) + body);
}

std::shared_ptr<const answer_plan> make_plan(const behaviour& script, const answer_form& form) {
  auto plan = std::make_shared<answer_plan>();
  plan->script = script;
  plan->form = form;
  error_document whole = make_document(script, form);
  plan->json = make_json_answer(*form.speaks, script, script.status, std::move(whole.body),
                                whole.header_lines);
  event_set parts = form.speaks->events(script, form);
  plan->stream_head = prebuilt(head_text(*form.speaks, script, 200,
                                         fmt::format("content-type: {}\r\n"
                                                     "cache-control: no-cache\r\n"
                                                     "transfer-encoding: chunked\r\n",
                                                     parts.content_type)));
  plan->lead = std::move(parts.lead);
  plan->separator = std::move(parts.separator);
  plan->tail = std::move(parts.tail);
  plan->opening = make_events(parts.opening);
  plan->deltas = make_events(parts.deltas);
  plan->delta_count = parts.delta_count;
  plan->ping = prebuilt_event(parts.ping);
  plan->closing = make_events(parts.closing);
  plan->error = prebuilt_event(parts.error);
  plan->malformed = prebuilt_event(parts.malformed);
  return plan;
}

std::array<char, 29> http_date(std::int64_t seconds_since_1970) {
  std::array<char, 29> text{};
  fmt::format_to_n(text.data(), text.size(), "{:%a, %d %b %Y %H:%M:%S} GMT",
                   fmt::gmtime(static_cast<std::time_t>(seconds_since_1970)));
  return text;
}

}  // namespace baton::mock
