// Requests that two servers could read differently, which is how one client's bytes become another
// one's request. All of them are refused, however they arrive.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/parsing.test.hpp"

namespace baton::net {
namespace {

using namespace std::string_literals;

std::string with_lines(const std::string& lines) {
  return "POST /v1/messages HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

// Refused at once; and in pieces it is never taken for a request, though it may take until the end
// of the head to be refused.
void expect_refused(const std::string& text) {
  const auto shown = ::testing::PrintToString(text);
  const auto at_once = parse_at_once<request_feeder>(text);
  EXPECT_TRUE(at_once.starts_with("refused: ")) << shown << " is " << at_once;
  const auto in_bytes = parse_byte_by_byte<request_feeder>(text);
  EXPECT_TRUE(in_bytes.starts_with("refused: ") || in_bytes == "incomplete") << shown << in_bytes;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const auto split = parse_split<request_feeder>(text, at);
    EXPECT_TRUE(split.starts_with("refused: ") || split == "incomplete") << shown << at << split;
  }
}

TEST(request_smuggling, lengths_that_are_not_one_number_are_refused) {
  for (const std::string lines :
       {"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5, 5\r\n", "Content-Length: 5, 6\r\n", "Content-Length: 5,\r\n",
        "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 0x5\r\n",
        "Content-Length: 5 5\r\n", "Content-Length: 5;\r\n", "Content-Length:\r\n",
        "Content-Length: \"5\"\r\n", "Content-Length: five\r\n", "Content-Length: 5.0\r\n",
        "Content-Length: 18446744073709551616\r\n", "Content-Length: 99999999999999999999\r\n",
        "content-length: 5\r\nCONTENT-LENGTH: 7\r\n"}) {
    expect_refused(with_lines(lines));
  }
}

TEST(request_smuggling, a_length_and_chunks_together_are_refused) {
  expect_refused(with_lines("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"));
  expect_refused(with_lines("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"));
  expect_refused(with_lines("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"));
}

TEST(request_smuggling, encodings_other_than_chunked_once_are_refused) {
  for (const std::string encoding :
       {"chunked, chunked", "xchunked", "chunkedx", "x-chunked", "chunked,", ",chunked", "identity",
        "gzip, chunked", "chunked, identity", "chunked;q=1", "\"chunked\"", "", "chun ked",
        "'chunked'", "gzip"}) {
    expect_refused(with_lines("Transfer-Encoding: " + encoding + "\r\n"));
  }
  expect_refused(with_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"));
  expect_refused(with_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"));
  expect_refused(with_lines("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"));
  expect_refused(
      with_lines("Transfer-Encoding: \x0b"
                 "chunked\r\n"));
}

TEST(request_smuggling, chunks_do_not_exist_in_http_1_0) {
  expect_refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
  expect_refused(
      "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
}

TEST(request_smuggling, folded_lines_are_refused) {
  expect_refused(with_lines("X: a\r\n b\r\n"));
  expect_refused(with_lines("X: a\r\n\tb\r\n"));
  expect_refused(with_lines("X:\r\n b\r\n"));
  expect_refused(with_lines("X: \r\n \r\n"));
  expect_refused(with_lines("Transfer-Encoding:\r\n chunked\r\n"));
  expect_refused(with_lines("Transfer-Encoding: x\r\n chunked\r\n"));
  expect_refused(with_lines("Content-Length: 5\r\n 6\r\n"));
  expect_refused(with_lines("X: a\r\n Content-Length: 6\r\n"));
  expect_refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n");
}

TEST(request_smuggling, control_characters_are_refused) {
  expect_refused(with_lines("X: a\0b\r\n"s));
  expect_refused(with_lines("X\0: a\r\n"s));
  expect_refused(with_lines("X: a\rb\r\n"));
  expect_refused(with_lines("X: a\r\r\n"));
  expect_refused(with_lines("X: a\nContent-Length: 5\r\n"));
  expect_refused(with_lines("X: a\x7f\r\n"));
  expect_refused(with_lines("X: \x01\r\n"));
  expect_refused("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s);
  expect_refused("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n");
  expect_refused("GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n");
}

TEST(request_smuggling, lines_end_with_both_characters) {
  expect_refused("GET / HTTP/1.1\nHost: a\r\n\r\n");
  expect_refused("GET / HTTP/1.1\nHost: a\n\n");
  expect_refused(with_lines("X: a\n"));
  expect_refused("GET / HTTP/1.1\r\nHost: a\n\r\n");
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n");
  expect_refused("GET / HTTP/1.1\rHost: a\r\r");
}

TEST(request_smuggling, field_names_are_tokens_right_before_the_colon) {
  for (const std::string line :
       {"Content-Length : 5", "Content-Length\t: 5", ": 5", " : 5", "No colon", "a b: c",
        "Content\\Length: 5", "[x]: y", "x(y): z", "\xc3\xa4: z", "Transfer-Encoding : chunked",
        "X\x0b: y", "\"x\": y", "x,y: z", "{x}: y"}) {
    expect_refused(with_lines(line + "\r\n"));
  }
}

TEST(request_smuggling, one_host_is_needed_and_only_one) {
  expect_refused("GET / HTTP/1.1\r\n\r\n");
  expect_refused("GET / HTTP/1.1\r\nX: a\r\n\r\n");
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n");
}

TEST(request_smuggling, request_lines_have_three_parts_and_a_known_version) {
  for (const std::string line :
       {"GET /", "GET", "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
        "GET\t/\tHTTP/1.1", "GET / http/1.1", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/1.2",
        "GET / HTTP/1.10", "GET / HTTP/01.1", "GET / HTTP/1", "GET / HTTPS/1.1", "GET / / HTTP/1.1",
        "G<T / HTTP/1.1", "/ HTTP/1.1", "GET /a b HTTP/1.1"}) {
    expect_refused(line + "\r\nHost: a\r\n\r\n");
  }
}

TEST(request_smuggling, what_is_not_http_is_refused_at_its_first_bytes) {
  EXPECT_EQ(parse_at_once<request_feeder>("\x16\x03\x01\x02"), "refused: malformed_request");
  EXPECT_EQ(parse_at_once<request_feeder>("\r\n"), "refused: malformed_request");
  EXPECT_EQ(parse_at_once<request_feeder>("\0"s), "refused: malformed_request");
  // HTTP/2 with prior knowledge.
  expect_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

}  // namespace
}  // namespace baton::net
