// What the relay itself answers to requests it does not pass on.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class refusals : public relay_fixture {
 protected:
  void SetUp() override {
    settings.limits.body_bytes_max = 100'000;
    add_account("a");
    start();
  }
  void TearDown() override { EXPECT_EQ(upstream->stats().requests, 0u); }

  static void expect_error(const raw_answer& answer, int status, std::string_view type) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.header_count("x-request-id"), 1u);
    const auto body = json::parse(answer.body, nullptr, false);
    ASSERT_TRUE(body.is_object()) << answer.body;
    EXPECT_EQ(body["type"], "error");
    EXPECT_EQ(body["error"]["type"], type);
    EXPECT_FALSE(body["error"]["message"].get<std::string>().empty());
    EXPECT_EQ(body["request_id"], answer.header("x-request-id"));
  }
};

TEST_F(refusals, a_path_that_does_not_exist) {
  expect_error(test::get(port(), "/v1/nothing", headers()), 404, "not_found_error");
  expect_error(test::get(port(), "/"), 404, "not_found_error");
  expect_error(test::get(port(), "/v1/messages%00"), 404, "not_found_error");
  expect_error(test::get(port(), "/../v1/models"), 404, "not_found_error");
}

TEST_F(refusals, a_method_that_does_not_fit) {
  const auto answer = test::get(port(), "/v1/messages", headers());
  expect_error(answer, 405, "invalid_request_error");
  EXPECT_EQ(answer.header("allow"), "POST");
  EXPECT_EQ(post("/v1/models", "{}").header("allow"), "GET");
  const auto head = test::exchange(port(), "HEAD", "/health");
  EXPECT_EQ(head.status, 405);
  EXPECT_TRUE(head.complete);
}

TEST_F(refusals, a_key_that_is_missing_or_wrong) {
  const auto missing = test::post_json(port(), "/v1/messages", {}, message_body());
  expect_error(missing, 401, "authentication_error");
  EXPECT_EQ(missing.header("x-should-retry"), "false");
  for (const std::string wrong : {"x", "sk-ant-something-else", "cr_", "cr_0000000000",
                                  "cr_\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"}) {
    expect_error(send_message(false, wrong), 401, "authentication_error");
  }
  expect_error(send_message(false, "cr_" + std::string(2000, 'a')), 401, "authentication_error");
  expect_error(send_message(false, key() + "a"), 401, "authentication_error");
  expect_error(send_message(false, key().substr(0, key().size() - 1)), 401, "authentication_error");
}

TEST_F(refusals, a_body_that_is_too_large) {
  expect_error(post("/v1/messages", message_body_of(100'001)), 413, "request_too_large");
  raw_client announced(port());
  announced.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: " + key() +
                 "\r\nContent-Length: 18446744073709551615\r\n\r\n");
  expect_error(announced.read_answer(), 413, "request_too_large");
  raw_client chunked(port());
  chunked.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: " + key() +
               "\r\nTransfer-Encoding: chunked\r\n\r\n30000\r\n" + std::string(0x30000, 'x'));
  expect_error(chunked.read_answer(), 413, "request_too_large");
}

TEST_F(refusals, an_answer_reaches_a_client_that_is_still_sending) {
  raw_client client(port());
  client.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" +
              std::string(900'000, 'x'));
  expect_error(client.read_answer(), 401, "authentication_error");
}

TEST_F(refusals, a_head_that_is_too_large) {
  expect_error(test::get(port(), "/health?" + std::string(9'000, 'x')), 414,
               "invalid_request_error");
  expect_error(test::get(port(), "/health", {{"X-Large", std::string(70'000, 'x')}}), 431,
               "invalid_request_error");
  expect_error(test::get(port(), "/health", header_list(200, {"X-Many", "1"})), 431,
               "invalid_request_error");
  EXPECT_EQ(test::get(port(), "/health", {{"X-Large", std::string(60'000, 'x')}}).status, 200);
}

TEST_F(refusals, an_expectation_that_is_not_understood) {
  expect_error(test::get(port(), "/health", {{"Expect", "a-miracle"}}), 417,
               "invalid_request_error");
}

TEST_F(refusals, a_body_that_is_no_request) {
  for (const std::string body :
       {"", "{", "[]", "null", "{}", R"({"model":"m"})", R"({"model":7,"messages":[{}]})",
        R"({"model":"m","messages":[]})", R"({"model":"m","messages":[{}]}})",
        R"({"model":"m","model":"n","messages":[{}]})",
        R"({"model":"m","messages":[{}],"stream":1})", "{\"model\":\"\xff\xfe\",\"messages\":[{}]}",
        "\xef\xbb\xbf"}) {
    SCOPED_TRACE(body);
    expect_error(post("/v1/messages", body), 400, "invalid_request_error");
  }
  expect_error(post("/v1/messages", std::string(50'000, '[')), 400, "invalid_request_error");
}

TEST_F(refusals, keep_the_connection_where_the_body_is_known) {
  raw_client client(port());
  client.send(test::request_text("POST", "/nowhere", headers(), message_body()) +
              test::request_text("POST", "/v1/messages", headers(), "{}") +
              test::request_text("GET", "/health", {}));
  EXPECT_EQ(client.read_answer().status, 404);
  EXPECT_EQ(client.read_answer().status, 400);
  EXPECT_EQ(client.read_answer().status, 200);
}

// What stands behind a head that promised a body is that body, never another request.
TEST_F(refusals, never_take_a_body_for_a_request) {
  for (const std::string length : {"5000", "18446744073709551615", "18446744073709551610",
                                   "18446744073709551500", "9223372036854775807"}) {
    raw_client client(port());
    client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: " + length +
                "\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_error(client.read_answer(), 404, "not_found_error");
    EXPECT_EQ(client.read_answer().status, 0) << length;
  }
}

TEST_F(refusals, tell_no_secrets) {
  const auto metrics = test::get(port(), "/metrics").body;
  const auto info = test::get(port(), "/v1/key-info", headers()).body;
  for (const auto& text : {metrics, info, send_message(false, "cr_wrong_wrong").body}) {
    EXPECT_EQ(text.find("sk-ant-"), std::string::npos);
    EXPECT_EQ(text.find(key()), std::string::npos);
    EXPECT_EQ(text.find("cr_wrong"), std::string::npos);
  }
}

}  // namespace
}  // namespace baton::e2e
