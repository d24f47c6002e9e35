#include "tests/support/mock_request.hpp"

#include <gtest/gtest.h>

namespace baton::mock {

namespace {

request_head parsed(std::string_view text) {
  request_head head;
  EXPECT_EQ(parse_head(text, head), parse_state::complete) << text;
  return head;
}

}  // namespace

TEST(mock_request, reads_a_head) {
  const std::string text =
      "POST /api/v1/messages?beta=true HTTP/1.1\r\nHost: x\r\nX-API-Key:  secret \r\n"
      "content-length: 12\r\nExpect: 100-continue\r\n\r\nrest";
  const request_head head = parsed(text);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/api/v1/messages");
  EXPECT_EQ(head.credential, "secret");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_EQ(head.text.size(), text.size() - 4);
}

TEST(mock_request, takes_a_bearer_token_where_there_is_no_x_api_key) {
  EXPECT_EQ(parsed("GET / HTTP/1.1\r\nAuthorization: Bearer one\r\n\r\n").credential, "one");
  EXPECT_EQ(
      parsed("GET / HTTP/1.1\r\nAuthorization: Bearer one\r\nx-api-key: two\r\n\r\n").credential,
      "two");
  EXPECT_EQ(parsed("GET / HTTP/1.1\r\nAuthorization: Basic abc\r\n\r\n").credential, "");
}

TEST(mock_request, finds_the_credential_of_each_api) {
  const auto head_with = [](const std::string& line) {
    return "GET /v1/models?key=a HTTP/1.1\r\n" + line + "\r\n\r\n";
  };
  const std::string azure = head_with("API-Key: one");
  EXPECT_EQ(parsed(azure).credential, "one");
  EXPECT_EQ(parsed(azure).source, credential_source::api_key);
  EXPECT_EQ(parsed(azure).query, "key=a");
  const std::string google = head_with("x-goog-api-key: two\r\nauthorization: bearer three");
  EXPECT_EQ(parsed(google).credential, "three");
  const std::string amazon = head_with(
      "authorization: AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/bedrock/aws4_request, "
      "SignedHeaders=host, Signature=0");
  EXPECT_EQ(parsed(amazon).credential, "AKID");
  EXPECT_EQ(parsed(amazon).source, credential_source::signature);
  EXPECT_EQ(parsed(head_with("x: y")).source, credential_source::none);
}

TEST(mock_request, undoes_percent_escapes) {
  EXPECT_EQ(percent_decoded("a%3Ab%2fc"), "a:b/c");
  EXPECT_EQ(percent_decoded("%"), "%");
  EXPECT_EQ(percent_decoded("%4"), "%4");
  EXPECT_EQ(percent_decoded("%zz%41"), "%zzA");
}

TEST(mock_request, knows_when_the_connection_is_to_close) {
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n").keep_alive);
}

TEST(mock_request, waits_for_the_blank_line) {
  const std::string text = "GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n";
  request_head head;
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_head(std::string_view(text).substr(0, size), head), parse_state::incomplete);
  }
}

TEST(mock_request, refuses_what_is_not_http) {
  request_head head;
  for (const char* text :
       {"\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nnocolon\r\n\r\n",
        "GET / HTTP/1.1\r\n: empty\r\n\r\n", "GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\ncontent-length: 1x\r\n\r\n", "GET  a b HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n"}) {
    EXPECT_EQ(parse_head(text, head), parse_state::malformed) << text;
  }
  EXPECT_EQ(parse_head(std::string(request_head_bytes_max + 1, 'a'), head), parse_state::malformed);
}

TEST(chunk_decoder, takes_the_framing_out_however_the_body_arrives) {
  const std::string framed =
      "5;name=value\r\nhello\r\nB\r\n, chunked w\r\n4\r\norld\r\n0\r\n"
      "trailer: x\r\n\r\n";
  for (std::size_t step = 1; step <= framed.size(); ++step) {
    std::string data = framed;
    chunk_decoder decoder;
    auto state = parse_state::incomplete;
    for (std::size_t size = step; state == parse_state::incomplete; size += step) {
      ASSERT_LT(size, framed.size() + step);
      state = decoder.decode(data.data(), std::min(size, framed.size()));
    }
    ASSERT_EQ(state, parse_state::complete);
    EXPECT_EQ(data.substr(0, decoder.body_bytes()), "hello, chunked world");
    EXPECT_EQ(decoder.consumed(), framed.size());
  }
}

TEST(chunk_decoder, leaves_what_follows_the_body) {
  std::string data = "1\r\na\r\n0\r\n\r\nGET /";
  chunk_decoder decoder;
  EXPECT_EQ(decoder.decode(data.data(), data.size()), parse_state::complete);
  EXPECT_EQ(data.substr(decoder.consumed()), "GET /");
}

TEST(chunk_decoder, refuses_broken_framing) {
  for (std::string data : {"x\r\n", "\r\n", "-1\r\n", "5 \r\nhello\r\n", "1\r\nab\r\n",
                           "fffffffffffffffff\r\n", "0x5\r\nhello\r\n"}) {
    chunk_decoder decoder;
    EXPECT_EQ(decoder.decode(data.data(), data.size()), parse_state::malformed) << data;
  }
}

}  // namespace baton::mock
