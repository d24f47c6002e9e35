#include "tests/support/mock_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace baton::mock {

namespace {

constexpr std::string_view raw_usage_value = "<usage>";
constexpr std::size_t streamed_text_bytes_max = 64 * 1024;

constexpr std::array<std::string_view, answer_word_count> words{
    "Hello ", "from ", "the ", "mock ",  "upstream: ", "every ",
    "word ",  "is ",   "one ", "event ", "of ",        "its own. "};

struct status_phrase {
  int status;
  std::string_view phrase;
};

constexpr std::array phrases{
    status_phrase{200, "OK"},
    status_phrase{400, "Bad Request"},
    status_phrase{401, "Unauthorized"},
    status_phrase{402, "Payment Required"},
    status_phrase{403, "Forbidden"},
    status_phrase{404, "Not Found"},
    status_phrase{405, "Method Not Allowed"},
    status_phrase{408, "Request Timeout"},
    status_phrase{409, "Conflict"},
    status_phrase{413, "Payload Too Large"},
    status_phrase{424, "Failed Dependency"},
    status_phrase{429, "Too Many Requests"},
    status_phrase{500, "Internal Server Error"},
    status_phrase{501, "Not Implemented"},
    status_phrase{502, "Bad Gateway"},
    status_phrase{503, "Service Unavailable"},
    status_phrase{504, "Gateway Timeout"},
    status_phrase{529, "Overloaded"},
};

// Replaces the JSON string `value`, quotes included.
void replace_value(std::string& text, std::string_view value, std::string_view with) {
  const std::string quoted = '"' + std::string(value) + '"';
  for (auto at = text.find(quoted); at != std::string::npos; at = text.find(quoted, at)) {
    text.replace(at, quoted.size(), with);
    at += with.size();
  }
}

}  // namespace

std::string id_of(std::string_view prefix) {
  return std::string(prefix) + std::string(id_marker);
}

document list_of(document only) {
  document list = document::array();
  list.push_back(std::move(only));
  return list;
}

void put_usage(document& target, const behaviour& script, const char* name, document usual) {
  if (script.no_usage) return;
  target[name] = script.raw_usage.empty() ? std::move(usual) : document(raw_usage_value);
}

void put_clock(document& target, const behaviour& script) {
  if (script.timestamps) target["sent_ns"] = clock_value;
}

std::string to_text(const document& source, const behaviour& script) {
  std::string text = source.dump(-1, ' ', false, document::error_handler_t::replace);
  if (!script.raw_usage.empty()) replace_value(text, raw_usage_value, script.raw_usage);
  if (script.timestamps) replace_value(text, clock_value, clock_marker);
  replace_value(text, sequence_value, sequence_marker);
  return text;
}

std::string sse_text(std::string_view name, std::string_view data) {
  return name.empty() ? fmt::format("data: {}\n\n", data)
                      : fmt::format("event: {}\ndata: {}\n\n", name, data);
}

std::string answer_word(std::uint32_t n, std::uint32_t bytes) {
  if (bytes == 0) return std::string(words[n % answer_word_count]);
  std::string text;
  while (text.size() < bytes) text += words[n++ % answer_word_count];
  text.resize(bytes);
  return text;
}

std::string answer_text(const behaviour& script) {
  if (script.answer_bytes != 0) return answer_word(0, script.answer_bytes);
  std::string text;
  for (std::uint32_t n = 0; n < 3 * answer_word_count; ++n) text += answer_word(n, 0);
  return text;
}

std::string streamed_text(const behaviour& script) {
  std::string text;
  for (std::uint32_t n = 0; n < script.events && text.size() < streamed_text_bytes_max; ++n) {
    text += answer_word(script.event_bytes == 0 ? n : 0, script.event_bytes);
  }
  text.resize(std::min(text.size(), streamed_text_bytes_max));
  return text;
}

std::uint32_t word_variants(const behaviour& script) {
  return script.event_bytes == 0 ? answer_word_count : 1;
}

std::string_view reason_phrase(int status) {
  for (const status_phrase& entry : phrases) {
    if (entry.status == status) return entry.phrase;
  }
  return "Error";
}

}  // namespace baton::mock
