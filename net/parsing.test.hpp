// What the parsers' tests share: a parse's outcome as one line of text, and the many ways in which
// the same bytes may arrive.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "net/http_head.hpp"

namespace baton::net {

struct text_sink final : body_sink {
  void on_body(std::string_view piece) override { text.append(piece); }
  std::string text;
};

inline std::string describe(const header_fields& fields) {
  std::string text;
  for (const auto& field : fields) {
    text.append(" [").append(field.name).append("=").append(field.value).append("]");
  }
  return text;
}

inline std::string describe(const request_head& head) {
  std::string text(head.method);
  text.append(" ").append(head.path).append(" ?").append(head.query);
  if (head.http_1_0) text += " 1.0";
  if (head.keep_alive) text += " keep-alive";
  if (head.chunked) text += " chunked";
  if (head.expects_continue) text += " continue";
  if (head.content_length) text += " length=" + std::to_string(*head.content_length);
  return text + describe(head.fields) + " bytes=" + std::to_string(head.bytes);
}

inline std::string describe(const response_head& head) {
  std::string text = std::to_string(head.status);
  text.append(" ").append(head.reason);
  if (head.keep_alive) text += " keep-alive";
  if (head.chunked) text += " chunked";
  if (head.content_length) text += " length=" + std::to_string(*head.content_length);
  return text + describe(head.fields);
}

// Gives a parser the first bytes of `text`, then more, each time in a new buffer of exactly that
// size, the old one being gone: a view that does not follow is a use after free.
template <class Parser, class Head>
class head_feeder {
 public:
  explicit head_feeder(std::string_view text, std::uint32_t head_bytes_max = 64 * 1024)
      : text_(text), parser_(head_, head_bytes_max) {}

  // True when there is nothing left to find out.
  bool feed(std::size_t bytes) {
    auto larger = std::make_unique<char[]>(bytes);
    text_.copy(larger.get(), bytes);
    const auto progress = parser_.parse_head({larger.get(), bytes});
    buffer_ = std::move(larger);
    if (!progress) {
      outcome_ = "refused: " + std::string(to_string(progress.error().code));
    } else if (progress->complete) {
      outcome_ = describe(head_) + " consumed=" + std::to_string(progress->consumed);
    }
    return outcome_.has_value();
  }
  std::string outcome() const { return outcome_.value_or("incomplete"); }

 private:
  std::string_view text_;
  Head head_;
  Parser parser_;
  std::unique_ptr<char[]> buffer_;
  std::optional<std::string> outcome_;
};

using request_feeder = head_feeder<request_parser, request_head>;
using response_feeder = head_feeder<response_parser, response_head>;

template <class Feeder>
std::string parse_at_once(std::string_view text, std::uint32_t head_bytes_max = 64 * 1024) {
  Feeder feeder(text, head_bytes_max);
  feeder.feed(text.size());
  return feeder.outcome();
}

template <class Feeder>
std::string parse_split(std::string_view text, std::size_t at) {
  Feeder feeder(text);
  if (!feeder.feed(at)) feeder.feed(text.size());
  return feeder.outcome();
}

template <class Feeder>
std::string parse_byte_by_byte(std::string_view text) {
  Feeder feeder(text);
  for (std::size_t bytes = 1; bytes <= text.size(); ++bytes) {
    if (feeder.feed(bytes)) break;
  }
  return feeder.outcome();
}

}  // namespace baton::net
