#include "tests/support/mock_signature.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::mock {

namespace {

constexpr std::int64_t signed_at_s = 1'440'938'160;  // 20150830T123600Z
constexpr std::string_view body = R"({"anthropic_version":"x"})";
// The signatures in these tests come from AWS's own SDK.
constexpr std::string_view signature =
    "8c2b59d2039346d5c3a85f82b2bbb4df795bda0a6e3d3790ca6d6df86b9fd66f";

struct signed_request {
  std::string method = "POST";
  std::string target = "/model/us.anthropic.claude-3%3A0/invoke";
  std::string date = "20150830T123600Z";
  std::string credential = "AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request";
  std::string signed_headers = "content-type;host;x-amz-date";
  std::string signature_text = std::string(signature);
  std::string more{};

  std::string text() const {
    return method + ' ' + target +
           " HTTP/1.1\r\nHost: bedrock-runtime.us-east-1.amazonaws.com\r\n"
           "Content-Type: application/json\r\n" +
           (date.empty() ? "" : "X-Amz-Date: " + date + "\r\n") +
           "Authorization: AWS4-HMAC-SHA256 Credential=" + credential +
           ", SignedHeaders=" + signed_headers + ", Signature=" + signature_text + "\r\n" + more +
           "\r\n";
  }
};

bool accepted(const signed_request& request, std::string_view with_body = body,
              std::int64_t now_s = signed_at_s) {
  const std::string text = request.text();
  request_head head;
  EXPECT_EQ(parse_head(text, head), parse_state::complete);
  return is_signed(head, with_body, now_s);
}

}  // namespace

TEST(mock_signature, is_right_as_the_vendors_sdk_computes_it) {
  EXPECT_TRUE(accepted({}));
  signed_request with_query;
  with_query.target = "/model/us.anthropic.claude-3:0/invoke?b=2&a=%20x";
  with_query.signed_headers = "host;x-amz-date;x-amz-security-token";
  with_query.more = "X-Amz-Security-Token:  tok en  two\r\n";
  with_query.signature_text = "b7572cf73df25b18642f2482677e78225efe6dac46cfd3714ede9e562c503a75";
  EXPECT_TRUE(accepted(with_query, "{}"));
}

TEST(mock_signature, covers_every_part_of_the_request) {
  EXPECT_FALSE(accepted({}, R"({"anthropic_version":"y"})"));
  EXPECT_FALSE(accepted({.method = "PUT"}));
  EXPECT_FALSE(accepted({.target = "/model/us.anthropic.claude-3:0/invoke"})) << "escapes count";
  EXPECT_FALSE(accepted({.target = "/model/us.anthropic.claude-3%3A0/invoke?x=1"}));
  EXPECT_FALSE(accepted({.date = "20150830T123601Z"}));
  EXPECT_FALSE(accepted({.credential = "AKIDEXAMPLE/20150830/eu-west-1/bedrock/aws4_request"}));
  EXPECT_FALSE(accepted({.credential = "AKIDEXAMPLE/20150830/us-east-1/s3/aws4_request"}));
  EXPECT_FALSE(accepted({.signature_text = std::string(64, '0')}));
  EXPECT_FALSE(accepted({.signature_text = ""}));
}

TEST(mock_signature, must_cover_the_host_and_amazons_headers) {
  EXPECT_FALSE(accepted({.more = "x-amz-security-token: t\r\n"}));
  EXPECT_FALSE(accepted({.signed_headers = "content-type;x-amz-date"}));
  EXPECT_FALSE(accepted({.date = ""}));
}

TEST(mock_signature, is_good_for_five_minutes) {
  EXPECT_TRUE(accepted({}, body, signed_at_s + 300));
  EXPECT_TRUE(accepted({}, body, signed_at_s - 300));
  EXPECT_FALSE(accepted({}, body, signed_at_s + 301));
  EXPECT_FALSE(accepted({}, body, signed_at_s - 301));
}

TEST(mock_signature, names_the_access_key_even_if_that_is_a_script) {
  constexpr std::string_view rest =
      "/20150830/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0";
  const auto id_of = [&](const std::string& id) {
    const std::string value = "AWS4-HMAC-SHA256 Credential=" + id + std::string(rest);
    return std::string(access_key_id(value));
  };
  EXPECT_EQ(id_of("AKIDEXAMPLE"), "AKIDEXAMPLE");
  EXPECT_EQ(id_of("mock-status=429;header=a:b/c,d"), "mock-status=429;header=a:b/c,d");
  for (const char* value :
       {"", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=a/b/c", "Basic Credential=a/b/c/d/e",
        "AWS4-HMAC-SHA256 Credential=////, SignedHeaders=host"}) {
    EXPECT_EQ(access_key_id(value), "") << value;
  }
}

}  // namespace baton::mock
