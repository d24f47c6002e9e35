#include "net/own_answer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "net/exchange_fixture.test.hpp"

namespace baton::net {
namespace {

using own_answers = exchange_test;

TEST(reason_phrase, every_error_has_one) {
  for (int code = 0; code <= static_cast<int>(error_code::internal); ++code) {
    const auto status = relay::error_status(static_cast<error_code>(code));
    // 499 is nobody's: the client it is about has gone.
    if (status == 499) continue;
    EXPECT_NE(reason_phrase(status), "") << status;
  }
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(413), "Content Too Large");
  EXPECT_EQ(reason_phrase(299), "");
}

TEST_F(own_answers, are_complete_and_keep_the_connection) {
  auto& ex = begin("GET /health HTTP/1.1\r\nHost: r\r\n\r\n");
  run(send_answer(ex, 200, "text/plain", "fine", "x-more: 1\r\n"));
  EXPECT_EQ(at_client(),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n"
            "x-request-id: req_1\r\nx-more: 1\r\n\r\nfine");
  EXPECT_TRUE(ex.keep_alive);
  EXPECT_EQ(ex.record.status, 200);
}

TEST_F(own_answers, to_head_are_the_head_alone) {
  auto& ex = begin("HEAD /health HTTP/1.1\r\nHost: r\r\n\r\n");
  run(send_answer(ex, 200, "text/plain", "fine"));
  const auto answer = at_client();
  EXPECT_NE(answer.find("content-length: 4\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(own_answers, tell_when_the_connection_ends) {
  auto& ex = begin("GET /health HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n");
  run(send_answer(ex, 200, "text/plain", "fine"));
  EXPECT_NE(at_client().find("connection: close\r\n"), std::string::npos);
}

TEST_F(own_answers, pass_over_an_unread_body_that_is_here_already) {
  auto& ex = begin("POST /nowhere HTTP/1.1\r\nHost: r\r\nContent-Length: 4\r\n\r\nbody");
  run(send_answer(ex, 404, "text/plain", ""));
  EXPECT_TRUE(ex.keep_alive);
  EXPECT_EQ(ex.body_bytes_in_place, 4u);
}

TEST_F(own_answers, end_a_connection_whose_unread_body_is_still_to_come) {
  auto& ex = begin("POST /nowhere HTTP/1.1\r\nHost: r\r\nContent-Length: 9\r\n\r\nbody");
  run(send_answer(ex, 404, "text/plain", ""));
  EXPECT_FALSE(ex.keep_alive);
  EXPECT_NE(at_client().find("connection: close\r\n"), std::string::npos);
}

TEST_F(own_answers, end_a_connection_whose_unread_body_is_chunked) {
  auto& ex =
      begin("POST /nowhere HTTP/1.1\r\nHost: r\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  run(send_answer(ex, 404, "text/plain", ""));
  EXPECT_FALSE(ex.keep_alive);
}

TEST_F(own_answers, of_an_error_have_the_apis_shape_and_say_when_to_come_back) {
  auto& ex = begin("GET /v1/models HTTP/1.1\r\nHost: r\r\n\r\n");
  auto failure = downstream_error(error_code::rate_limited, "Slow down.");
  failure.retry_after = std::chrono::seconds(7);
  run(send_error(ex, failure));
  const auto answer = at_client();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n")) << answer;
  EXPECT_NE(answer.find("\r\nretry-after: 7\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nrequest-id: req_1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nx-request-id: req_1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("rate_limit_error"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Slow down."), std::string::npos) << answer;
  EXPECT_EQ(ex.record.failure, error_code::rate_limited);
  EXPECT_EQ(ex.record.how, relay::outcome::refused);
}

TEST_F(own_answers, to_a_client_that_has_left_are_noted_as_such) {
  auto& ex = begin("GET /health HTTP/1.1\r\nHost: r\r\n\r\n");
  client_->close(io_status::closed);
  run(send_answer(ex, 200, "text/plain", "fine"));
  EXPECT_EQ(ex.record.how, relay::outcome::client_gone);
  EXPECT_FALSE(ex.keep_alive);
}

}  // namespace
}  // namespace baton::net
