// What a request's head becomes, however it arrives. Hostile shapes: request_smuggling.test.cpp.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/parsing.test.hpp"

namespace baton::net {
namespace {

std::string parse(std::string_view text) {
  return parse_at_once<request_feeder>(text);
}

const std::string claude_code =
    "POST /api/v1/messages?beta=true HTTP/1.1\r\n"
    "Host: 127.0.0.1:3000\r\n"
    "Accept: application/json\r\n"
    "X-Api-Key:cr_0123456789\r\n"
    "anthropic-beta: \t claude-code-20250219,oauth-2025-04-20 \t\r\n"
    "x-empty:\r\n"
    "content-length: 17\r\n"
    "\r\n";

TEST(request_parser, splits_a_head_into_its_parts) {
  EXPECT_EQ(parse(claude_code + "{\"model\":\"opus\"}x"),
            "POST /api/v1/messages ?beta=true keep-alive length=17 [Host=127.0.0.1:3000] "
            "[Accept=application/json] [X-Api-Key=cr_0123456789] "
            "[anthropic-beta=claude-code-20250219,oauth-2025-04-20] [x-empty=] "
            "[content-length=17] bytes=206 consumed=206");
}

TEST(request_parser, finds_the_same_wherever_a_head_is_split) {
  const auto text = claude_code + "{\"model\":\"opus\"}x";
  const auto expected = parse(text);
  for (std::size_t at = 1; at < text.size(); ++at) {
    EXPECT_EQ(parse_split<request_feeder>(text, at), expected) << at;
  }
  EXPECT_EQ(parse_byte_by_byte<request_feeder>(text), expected);
}

TEST(request_parser, an_incomplete_head_is_neither_complete_nor_an_error) {
  for (std::size_t bytes = 0; bytes < claude_code.size(); ++bytes) {
    EXPECT_EQ(parse(claude_code.substr(0, bytes)), "incomplete") << bytes;
  }
}

TEST(request_parser, leaves_a_pipelined_request_alone) {
  const std::string first = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto text = first + "POST /v1/messages HTTP/1.1\r\nHost: b\r\n\r\n";
  const auto outcome = parse(text);
  EXPECT_EQ(outcome, parse(first));
  EXPECT_TRUE(outcome.ends_with("consumed=" + std::to_string(first.size()))) << outcome;
}

TEST(request_parser, takes_the_absolute_form_of_a_target) {
  const auto path_of = [](const std::string& target) {
    const auto outcome = parse("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return outcome.substr(0, outcome.find(" keep-alive"));
  };
  EXPECT_EQ(path_of("http://relay.example/v1/models?a=b"), "GET /v1/models ?a=b");
  EXPECT_EQ(path_of("https://relay.example:8443/v1/models"), "GET /v1/models ?");
  EXPECT_EQ(path_of("http://relay.example"), "GET  ?");
  EXPECT_EQ(path_of("*"), "GET * ?");
  EXPECT_EQ(path_of("/go?to=http://elsewhere/x"), "GET /go ?to=http://elsewhere/x");
  EXPECT_EQ(path_of("//double/slash"), "GET //double/slash ?");
  EXPECT_EQ(path_of("/?"), "GET / ?");
}

TEST(request_parser, knows_when_a_connection_may_go_on) {
  const auto keeps = [](const std::string& version, const std::string& lines) {
    const auto outcome = parse("GET / " + version + "\r\nHost: a\r\n" + lines + "\r\n");
    return outcome.find(" keep-alive") != std::string::npos;
  };
  EXPECT_TRUE(keeps("HTTP/1.1", ""));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: x-a, Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0", ""));
  EXPECT_TRUE(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST(request_parser, understands_one_expectation_only) {
  const std::string begin = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: ";
  EXPECT_NE(parse(begin + "100-Continue\r\n\r\n").find(" continue"), std::string::npos);
  EXPECT_EQ(parse(begin + "200-ok\r\n\r\n"), "refused: expectation_failed");
  // HTTP/1.0 knows no interim answers (RFC 9110 section 10.1.1).
  EXPECT_EQ(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").find(" continue"),
            std::string::npos);
}

std::string head_with_fields(int count) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int n = 1; n < count; ++n) text += "x-" + std::to_string(n) + ": y\r\n";
  return text + "\r\n";
}

TEST(request_parser, takes_128_fields_and_refuses_one_more) {
  EXPECT_TRUE(parse(head_with_fields(128)).starts_with("GET / "));
  EXPECT_EQ(parse(head_with_fields(129)), "refused: head_too_large");
  EXPECT_EQ(parse_byte_by_byte<request_feeder>(head_with_fields(129)), "refused: head_too_large");
}

// `bytes` in all, in lines of about a kilobyte.
std::string head_of(std::size_t bytes) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  while (text.size() + 2 < bytes) {
    const auto room = bytes - 2 - text.size();
    const auto line = room < 2048 ? room : 1024;
    text += "x: " + std::string(line - 5, 'y') + "\r\n";
  }
  return text + "\r\n";
}

TEST(request_parser, bounds_the_head_the_same_however_it_arrives) {
  constexpr std::size_t limit = 64 * 1024;
  const auto largest = head_of(limit);
  const auto too_large = head_of(limit + 1);
  ASSERT_EQ(largest.size(), limit);
  ASSERT_EQ(too_large.size(), limit + 1);
  EXPECT_TRUE(parse(largest + "and a body").starts_with("GET / "));
  EXPECT_EQ(parse(too_large), "refused: head_too_large");
  EXPECT_EQ(parse(too_large + "and a body"), "refused: head_too_large");
  for (const std::size_t at : {std::size_t{1}, std::size_t{17}, limit / 2, limit - 1}) {
    EXPECT_EQ(parse_split<request_feeder>(largest, at), parse(largest)) << at;
    EXPECT_EQ(parse_split<request_feeder>(too_large, at), "refused: head_too_large") << at;
  }
  EXPECT_EQ(parse_split<request_feeder>(too_large, limit), "refused: head_too_large");
}

TEST(request_parser, refuses_a_head_without_end_at_its_limit) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nx: " + std::string(64 * 1024, 'y')),
            "refused: head_too_large");
  EXPECT_EQ(parse(std::string(70'000, 'A')), "refused: head_too_large");
}

TEST(request_parser, refuses_a_target_that_is_too_long) {
  const auto with_target = [](std::size_t bytes) {
    return "GET /" + std::string(bytes - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_TRUE(parse(with_target(8 * 1024)).starts_with("GET /a"));
  EXPECT_EQ(parse(with_target(8 * 1024 + 1)), "refused: uri_too_long");
}

TEST(request_parser, forgets_the_previous_head) {
  request_head head;
  const std::string first =
      "POST /a?b HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: "
      "keep-alive\r\n\r\n";
  const std::string second = "GET /c HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_TRUE(request_parser(head, 4096).parse_head(first)->complete);
  ASSERT_TRUE(request_parser(head, 4096).parse_head(second)->complete);
  EXPECT_EQ(describe(head), "GET /c ? keep-alive [Host=h] bytes=28");
}

TEST(request_parser, finds_fields_without_regard_to_case) {
  request_head head;
  const std::string text = "GET / HTTP/1.1\r\nHOST: h\r\nX-Two: 1\r\nx-two: 2\r\n\r\n";
  ASSERT_TRUE(request_parser(head, 4096).parse_head(text)->complete);
  EXPECT_EQ(head.fields.find("host"), "h");
  EXPECT_EQ(head.fields.find("x-two"), "1");
  EXPECT_EQ(head.fields.find("x-tw"), "");
  EXPECT_EQ(head.fields.size(), 3u);
}

}  // namespace
}  // namespace baton::net
