#include "tests/support/raw_client.hpp"

#include <gtest/gtest.h>

#include "tests/support/mock_upstream.hpp"

namespace baton::test {

namespace {

raw_answer read_in_steps(const std::string& text, std::size_t step) {
  answer_reader reader;
  std::string pending;
  for (std::size_t at = 0; at < text.size(); at += step) {
    pending += text.substr(at, step);
    if (reader.feed(pending)) return reader.answer();
  }
  reader.end("fin");
  return reader.answer();
}

}  // namespace

TEST(answer_reader, reads_a_chunked_answer_split_at_every_byte) {
  const std::string text =
      "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
      "5\r\nhello\r\n6;e\r\n world\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const raw_answer answer = read_in_steps(text, step);
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello world");
    EXPECT_EQ(answer.chunk_bytes, (std::vector<std::size_t>{5, 6}));
    EXPECT_EQ(answer.interim, std::vector<int>{103});
    EXPECT_EQ(answer.header("X-a"), "1");
    EXPECT_EQ(answer.header_count("x-A"), 2u);
  }
}

TEST(answer_reader, tells_a_cut_answer_from_a_complete_one) {
  EXPECT_TRUE(read_in_steps("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab", 3).complete);
  EXPECT_FALSE(read_in_steps("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab", 3).complete);
  EXPECT_TRUE(read_in_steps("HTTP/1.1 200 OK\r\n\r\nab", 3).complete);
  EXPECT_TRUE(read_in_steps("HTTP/1.1 204 No Content\r\n\r\n", 3).complete);
  const raw_answer cut =
      read_in_steps("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", 3);
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(cut.body, "ab");
}

TEST(answer_reader, finds_what_is_not_http) {
  for (const char* text :
       {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc"}) {
    const raw_answer answer = read_in_steps(text, 1000);
    EXPECT_FALSE(answer.complete) << text;
    EXPECT_FALSE(answer.problem.empty()) << text;
  }
}

TEST(parse_events, joins_data_lines_and_leaves_comments_out) {
  const auto events = parse_events(
      "event: a\ndata: 1\ndata:2\n\n: comment\n\ndata: x\r\n\r\nevent: b\n\ndata: incomplete\n");
  const std::vector<sse_event> expected{{"a", "1\n2"}, {"", "x"}, {"b", ""}};
  EXPECT_EQ(events, expected);
}

TEST(raw_client, keeps_bytes_that_belong_to_the_next_answer) {
  mock::mock_upstream upstream;
  raw_client client(upstream.port());
  const std::string request = request_text("GET", "/v1/models", {{"x-api-key", "k"}});
  client.send(request + request);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.silent_for(std::chrono::milliseconds(1)));
}

TEST(raw_client, can_send_byte_by_byte) {
  mock::mock_upstream upstream;
  raw_client client(upstream.port());
  client.send_byte_by_byte(
      request_text("POST", "/v1/messages", {{"x-api-key", "k"}}, R"({"model":"m"})"));
  EXPECT_TRUE(client.read_answer().complete);
}

TEST(raw_client, tells_a_reset_from_a_regular_end) {
  mock::mock_upstream upstream;
  raw_client one(upstream.port());
  one.send("nonsense\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 400);
  EXPECT_EQ(one.read_to_end(), peer_end::fin);

  raw_client other(upstream.port());
  other.send(
      request_text("GET", "/v1/models", {{"x-api-key", "mock-cut-after-bytes=9;cut-with=rst"}}));
  EXPECT_EQ(other.read_to_end(), peer_end::rst);
}

TEST(raw_client, gives_up_when_nothing_arrives) {
  mock::mock_upstream upstream;
  raw_client client(upstream.port(), std::chrono::milliseconds(1));
  EXPECT_THROW(client.read_some(), std::runtime_error);
}

TEST(raw_client, says_that_nobody_listens) {
  mock::mock_upstream upstream;
  const std::uint16_t port = upstream.port();
  upstream.stop();
  EXPECT_THROW(raw_client client(port), std::runtime_error);
}

}  // namespace baton::test
