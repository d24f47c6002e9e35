// What a response's head becomes, however it arrives; and how its body ends.
#include <gtest/gtest.h>

#include <string>

#include "net/parsing.test.hpp"

namespace baton::net {
namespace {

using namespace std::string_literals;

std::string parse(std::string_view text) {
  return parse_at_once<response_feeder>(text);
}

std::string with_lines(const std::string& lines) {
  return "HTTP/1.1 200 OK\r\n" + lines + "\r\n";
}

const std::string event_stream =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Transfer-Encoding: Chunked\r\n"
    "request-id: req_011\r\n"
    "\r\n";

TEST(response_parser, splits_a_head_into_its_parts) {
  EXPECT_EQ(parse(event_stream + "5\r\nevent"),
            "200 OK keep-alive chunked [Content-Type=text/event-stream; charset=utf-8] "
            "[Transfer-Encoding=Chunked] [request-id=req_011] consumed=116");
}

TEST(response_parser, finds_the_same_wherever_a_head_is_split) {
  const auto text = event_stream + "5\r\nevent";
  const auto expected = parse(text);
  for (std::size_t at = 1; at < text.size(); ++at) {
    EXPECT_EQ(parse_split<response_feeder>(text, at), expected) << at;
  }
  EXPECT_EQ(parse_byte_by_byte<response_feeder>(text), expected);
  for (std::size_t bytes = 0; bytes < event_stream.size(); ++bytes) {
    EXPECT_EQ(parse(event_stream.substr(0, bytes)), "incomplete") << bytes;
  }
}

TEST(response_parser, takes_a_reason_that_is_empty_or_not_ascii) {
  EXPECT_TRUE(parse("HTTP/1.1 529 \r\n\r\n").starts_with("529  "));
  EXPECT_TRUE(parse("HTTP/1.1 500 Käse kaputt\r\n\r\n").starts_with("500 Käse kaputt"));
}

TEST(response_parser, knows_when_a_connection_can_be_used_again) {
  const auto keeps = [](const std::string& text) {
    return parse(text).find(" keep-alive") != std::string::npos;
  };
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\n\r\n"));  // ends with the connection
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_FALSE(
      keeps("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(response_parser, refuses_framing_that_could_be_read_in_two_ways) {
  for (const auto& text : {
           with_lines("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
           with_lines("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"),
           with_lines("Content-Length: 3\r\nContent-Length: 4\r\n"),
           with_lines("Content-Length: 3, 4\r\n"),
           with_lines("Content-Length: -3\r\n"),
           with_lines("Content-Length: 18446744073709551616\r\n"),
           with_lines("Transfer-Encoding: chunked, chunked\r\n"),
           with_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
           with_lines("Transfer-Encoding: gzip, chunked\r\n"),
           with_lines("Transfer-Encoding: xchunked\r\n"),
           with_lines("Transfer-Encoding:\r\n chunked\r\n"),
           with_lines("X: a\r\n b\r\n"),
           with_lines("X : a\r\n"),
           with_lines(": a\r\n"),
           with_lines("X: a\0b\r\n"s),
           with_lines("X: a\rb\r\n"),
           with_lines("X: a\n"),
       }) {
    const auto shown = ::testing::PrintToString(text);
    EXPECT_EQ(parse(text), "refused: upstream_broken") << shown;
    const auto in_bytes = parse_byte_by_byte<response_feeder>(text);
    EXPECT_TRUE(in_bytes == "refused: upstream_broken" || in_bytes == "incomplete") << shown;
  }
}

TEST(response_parser, refuses_status_lines_that_are_none) {
  for (const std::string line :
       {"HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 abc OK", "HTTP/1.1  200 OK", "HTTP/1.1 200",
        "HTTP/2 200 OK", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK", "ICY 200 OK", "HTTP/1.1 042 ?",
        "HTTP/1.1 000 ?", "<html>", "HTTP/1.1 200 O\x01K"}) {
    EXPECT_EQ(parse(line + "\r\nContent-Length: 0\r\n\r\n"), "refused: upstream_broken") << line;
  }
}

TEST(response_parser, bounds_the_head_however_it_arrives) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  while (text.size() < 5000) text += "x: " + std::string(95, 'y') + "\r\n";
  text += "\r\n";
  EXPECT_EQ(parse_at_once<response_feeder>(text, 5000), "refused: upstream_broken");
  response_feeder in_pieces(text, 5000);
  for (std::size_t bytes = 500; !in_pieces.feed(std::min(bytes, text.size())); bytes += 500) {
  }
  EXPECT_EQ(in_pieces.outcome(), "refused: upstream_broken");
  EXPECT_TRUE(parse_at_once<response_feeder>(text, 8000).starts_with("200 OK"));

  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int n = 0; n < 129; ++n) many += "x: y\r\n";
  EXPECT_EQ(parse(many + "\r\n"), "refused: upstream_broken");
}

// The whole of a response, its head and its body, which the connection's end may follow.
std::string read_response(std::string_view text, std::size_t piece_bytes, bool then_end) {
  response_head head;
  response_parser parser(head, 4096);
  text_sink sink;
  std::string unread;
  bool head_done = false;
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    unread.append(text.substr(at, piece_bytes));
    if (!head_done) {
      const auto progress = parser.parse_head(unread);
      if (!progress) return "refused";
      if (!progress->complete) continue;
      head_done = true;
      unread.erase(0, progress->consumed);
    }
    const auto progress = parser.parse_body(unread, sink);
    if (!progress) return "refused after " + sink.text;
    unread.erase(0, progress->consumed);
    if (progress->complete) {
      unread.append(text.substr(std::min(at + piece_bytes, text.size())));
      return "complete: " + sink.text + "|" + unread;
    }
  }
  if (then_end && parser.may_end_here()) return "ended: " + sink.text;
  return "incomplete: " + sink.text;
}

void expect_response(const std::string& text, const std::string& expected, bool then_end = false) {
  for (std::size_t piece_bytes = 1; piece_bytes <= text.size(); ++piece_bytes) {
    EXPECT_EQ(read_response(text, piece_bytes, then_end), expected) << text << piece_bytes;
  }
}

TEST(response_parser, reads_a_body_to_its_length) {
  expect_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "complete: hello|");
  expect_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP", "complete: hello|HTTP");
  expect_response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "complete: |");
}

TEST(response_parser, reads_chunks) {
  expect_response(event_stream + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n",
                  "complete: hello world|");
  expect_response(event_stream + "0\r\n\r\nHTTP", "complete: |HTTP");
  EXPECT_EQ(read_response(event_stream + "5\r\nhelloX", 1000, false), "incomplete: hello");
  EXPECT_EQ(read_response(event_stream + "5\r\nhelloXYZZ", 1000, false), "refused after hello");
}

TEST(response_parser, reads_to_the_connections_end_what_has_no_length) {
  expect_response("HTTP/1.1 200 OK\r\n\r\nhello", "ended: hello", true);
  expect_response("HTTP/1.0 200 OK\r\nContent-Type: x\r\n\r\nhello", "ended: hello", true);
}

TEST(response_parser, notices_a_body_that_was_cut) {
  expect_response("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "incomplete: hello", true);
  expect_response(event_stream + "5\r\nhello\r\n", "incomplete: hello", true);
  expect_response(event_stream + "5\r\nhello\r\n0\r\n", "incomplete: hello", true);
  expect_response("HTTP/1.1 200 OK\r\nContent-Le", "incomplete: ", true);
}

TEST(response_parser, some_answers_never_have_a_body) {
  expect_response("HTTP/1.1 204 No Content\r\n\r\nHTTP", "complete: |HTTP");
  expect_response("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nHTTP", "complete: |HTTP");
  expect_response("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nHTTP", "complete: |HTTP");
  expect_response("HTTP/1.1 100 Continue\r\n\r\nHTTP", "complete: |HTTP");
  expect_response("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP", "complete: |HTTP");
}

}  // namespace
}  // namespace baton::net
