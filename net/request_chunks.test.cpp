// Chunked request bodies (RFC 9112 section 7.1).
#include <gtest/gtest.h>

#include <string>

#include "net/parsing.test.hpp"

namespace baton::net {
namespace {

using namespace std::string_literals;

constexpr std::string_view chunked_head =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

// Reads a body as sessions do: what was consumed is gone, the rest comes again with what follows.
class body_feeder {
 public:
  body_feeder() : parser_(head_, 4096) { EXPECT_TRUE(parser_.parse_head(chunked_head)->complete); }

  void feed(std::string_view bytes) {
    if (outcome_) return;
    unread_.append(bytes);
    const auto progress = parser_.parse_body(unread_, sink_);
    if (!progress) {
      outcome_ = "refused: " + std::string(to_string(progress.error().code));
      return;
    }
    unread_.erase(0, progress->consumed);
    if (progress->complete) outcome_ = "complete: " + sink_.text + "|" + unread_;
  }
  std::string outcome() const { return outcome_.value_or("incomplete: " + sink_.text); }

 private:
  request_head head_;
  request_parser parser_;
  text_sink sink_;
  std::string unread_;
  std::optional<std::string> outcome_;
};

std::string read_at_once(std::string_view body) {
  body_feeder feeder;
  feeder.feed(body);
  return feeder.outcome();
}

std::string read_split(std::string_view body, std::size_t at) {
  body_feeder feeder;
  feeder.feed(body.substr(0, at));
  feeder.feed(body.substr(at));
  return feeder.outcome();
}

std::string read_byte_by_byte(std::string_view body) {
  body_feeder feeder;
  for (const char& byte : body) feeder.feed({&byte, 1});
  return feeder.outcome();
}

void expect_body(const std::string& body, const std::string& expected) {
  EXPECT_EQ(read_at_once(body + "NEXT"), "complete: " + expected + "|NEXT");
  EXPECT_EQ(read_byte_by_byte(body), "complete: " + expected + "|");
  for (std::size_t at = 1; at < body.size(); ++at) {
    EXPECT_EQ(read_split(body, at), "complete: " + expected + "|") << at;
  }
}

void expect_refused(const std::string& body) {
  const auto shown = ::testing::PrintToString(body);
  EXPECT_EQ(read_at_once(body), "refused: malformed_request") << shown;
  EXPECT_FALSE(read_byte_by_byte(body).starts_with("complete")) << shown;
  for (std::size_t at = 1; at < body.size(); ++at) {
    EXPECT_FALSE(read_split(body, at).starts_with("complete")) << shown << at;
  }
}

TEST(request_chunks, are_put_together_wherever_they_are_split) {
  expect_body("5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n", "hello world");
  expect_body("00000A\r\n0123456789\r\n0\r\n\r\n", "0123456789");
  expect_body("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a");
}

TEST(request_chunks, may_be_none_at_all) {
  expect_body("0\r\n\r\n", "");
  expect_body("000\r\n\r\n", "");
}

TEST(request_chunks, may_have_extensions_and_trailers_which_are_passed_over) {
  expect_body("5;name=value\r\nhello\r\n0;last\r\n\r\n", "hello");
  expect_body("5 ; a = \"q;\\\"\\\\\" ;b\r\nhello\r\n0\r\nX-Checksum: 1\r\nY:\r\n\r\n", "hello");
  expect_body("3\r\n\r\n0\r\n0\r\nTrailer: 0\r\n\r\n", "\r\n0");
}

TEST(request_chunks, of_any_shape_but_the_right_one_are_refused) {
  for (const auto& body : {
           "5\nhello\r\n0\r\n\r\n"s,                    // bare LF
           "5\r\nhello\n0\r\n\r\n"s,                    //
           "5\r\nhelloX0\r\n\r\n"s,                     // too long for its size
           "5\r\nhell\r\n0\r\n\r\n"s,                   // too short for it
           "0x5\r\nhello\r\n0\r\n\r\n"s,                //
           "+5\r\nhello\r\n0\r\n\r\n"s,                 //
           "-5\r\nhello\r\n0\r\n\r\n"s,                 //
           " 5\r\nhello\r\n0\r\n\r\n"s,                 //
           "5 \r\nhello\r\n0\r\n\r\n"s,                 //
           "G\r\nhello\r\n0\r\n\r\n"s,                  //
           "\r\n5\r\nhello\r\n0\r\n\r\n"s,              //
           "10000000000000000\r\nhello\r\n0\r\n\r\n"s,  // one more than 64 bits hold
           "5\rhello\r\n0\r\n\r\n"s,                    //
           "5\r\r\nhello\r\n0\r\n\r\n"s,                //
       }) {
    expect_refused(body);
  }
}

TEST(request_chunks, with_line_ends_hidden_in_an_extension_are_refused) {
  expect_refused("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n");
  expect_refused("5;a=\"\\\n\"\r\nhello\r\n0\r\n\r\n");
  expect_refused("5;\n\r\nhello\r\n0\r\n\r\n");
  expect_refused("5;a\nb\r\nhello\r\n0\r\n\r\n");
  expect_refused("5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"s);
  expect_refused("5\r\nhello\r\n0;a=\"\n\"\r\n\r\n");
}

TEST(request_chunks, with_framing_fields_behind_them_are_refused) {
  expect_refused("5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n");
  expect_refused("5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n");
  expect_refused("5\r\nhello\r\n0\r\nX : y\r\n\r\n");
  expect_refused("5\r\nhello\r\n0\r\nX: y\nZ: z\r\n\r\n");
}

TEST(request_chunks, are_given_on_as_far_as_they_have_come) {
  EXPECT_EQ(read_at_once("5\r\nhel"), "incomplete: hel");
  EXPECT_EQ(read_at_once("5\r\nhello\r\n0\r\n"), "incomplete: hello");
  EXPECT_EQ(read_at_once("ffffffffffffffff\r\nhello"), "incomplete: hello");
}

}  // namespace
}  // namespace baton::net
