// A whole session against a scripted client: heads and bodies that come early, late and in pieces.
#include "net/session.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/exchange_fixture.test.hpp"
#include "relay/key_directory.hpp"

namespace baton::net {
namespace {

const std::string key_text = "cr_" + std::string(64, 'a');
const std::string health = "GET /health HTTP/1.1\r\nHost: r\r\n\r\n";

class sessions : public ::testing::Test {
 protected:
  // Of the size that the listener gives its connections.
  static constexpr std::size_t buffer_bytes = 4 * 1024;

  sessions() {
    relay::api_key key;
    key.id = key_id("k");
    key.hash = relay::hash_key_text(key_text, worker_.settings.encryption_key);
    worker_.context().view.keys =
        std::make_shared<const relay::key_directory>(std::vector<relay::api_key>{key});
    session_ = std::make_unique<session>(
        worker_.context(), make_plain_channel(loop_, std::move(sockets_.near), buffer_bytes));
    session_->start(port_);
  }

  static std::string message_request(std::size_t body_bytes, const std::string& lines = "") {
    return "POST /v1/messages HTTP/1.1\r\nHost: r\r\nx-api-key: " + key_text + "\r\n" + lines +
           "Content-Length: " + std::to_string(body_bytes) + "\r\n\r\n";
  }
  static std::string message_body(std::size_t bytes) {
    std::string body = R"({"model":"opus","max_tokens":9,"messages":[1],"x":")";
    return body + std::string(bytes - body.size() - 2, 'x') + "\"}";
  }

  // Waits until so many answers' status lines have come.
  std::vector<std::string> statuses(std::size_t count) {
    std::vector<std::string> found;
    EXPECT_TRUE(loop_.run_until([&] {
      received_ += received_at(sockets_.far);
      found.clear();
      for (auto at = received_.find("HTTP/1.1 "); at != std::string::npos;
           at = received_.find("HTTP/1.1 ", at + 1)) {
        found.push_back(received_.substr(at + 9, 3));
      }
      return found.size() >= count || port_.has_finished;
    })) << received_;
    return found;
  }
  void send_and_handle(std::string_view bytes) {
    send(sockets_.far, bytes);
    loop_.run_ready();
  }

  test_worker worker_;
  test_loop& loop_ = worker_.loop;
  socket_pair sockets_{loop_};
  scripted_port port_;
  std::unique_ptr<session> session_;
  std::string received_;
};

using status_list = std::vector<std::string>;

TEST_F(sessions, a_head_may_come_byte_by_byte) {
  for (const char& byte : health) send_and_handle({&byte, 1});
  EXPECT_EQ(statuses(1), status_list{"200"});
}

TEST_F(sessions, a_head_larger_than_the_first_buffer_may_come_in_pieces) {
  std::string text = "GET /health HTTP/1.1\r\nHost: r\r\n";
  for (int n = 0; n < 60; ++n)
    text += "x-" + std::to_string(n) + ": " + std::string(500, 'y') + "\r\n";
  text += "\r\n";
  for (std::size_t at = 0; at < text.size(); at += 777) {
    send_and_handle(std::string_view(text).substr(at, 777));
  }
  send(sockets_.far, health);
  EXPECT_EQ(statuses(2), (status_list{"200", "200"}));
}

TEST_F(sessions, pipelined_requests_are_answered_in_turn) {
  send(sockets_.far, health + "GET /nowhere HTTP/1.1\r\nHost: r\r\n\r\n" + "\r\n" + health);
  EXPECT_EQ(statuses(3), (status_list{"200", "404", "200"}));
}

TEST_F(sessions, a_malformed_head_is_answered_and_ends_the_connection) {
  send(sockets_.far, "GET / HTTP/1.1\r\nHost: r\r\nContent-Length : 5\r\n\r\n");
  EXPECT_EQ(statuses(1), status_list{"400"});
  sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return port_.has_finished; }));
}

TEST_F(sessions, a_head_that_is_too_large_is_answered) {
  std::string text = "GET /health HTTP/1.1\r\nHost: r\r\n";
  while (text.size() < 70'000) text += "x: " + std::string(900, 'y') + "\r\n";
  asio::write(sockets_.far, asio::buffer(text));
  EXPECT_EQ(statuses(1), status_list{"431"});
}

TEST_F(sessions, a_body_in_chunks_behind_a_full_buffer_is_read) {
  port_.accounts.open();
  const auto body = message_body(20'000);
  std::string text = "POST /v1/messages HTTP/1.1\r\nHost: r\r\nx-api-key: " + key_text +
                     "\r\nx: " + std::string(3000, 'y') + "\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += 1000) {
    text += "3e8\r\n" + body.substr(at, 1000) + "\r\n";
  }
  text += "0\r\n\r\n" + health;
  for (std::size_t at = 0; at < text.size(); at += 1234) {
    send_and_handle(std::string_view(text).substr(at, 1234));
  }
  EXPECT_EQ(statuses(2), (status_list{"503", "200"}));
}

TEST_F(sessions, a_chunked_body_without_chunks_may_come_byte_by_byte) {
  port_.accounts.open();
  const std::string text = "POST /v1/messages HTTP/1.1\r\nHost: r\r\nx-api-key: " + key_text +
                           "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const char& byte : text) send_and_handle({&byte, 1});
  EXPECT_EQ(statuses(1), status_list{"400"});
}

// While the first answer is waited for the client is watched, so its next request arrives in the
// midst of that: in pieces, and with a body that does not fit into the buffer.
TEST_F(sessions, a_large_request_sent_before_the_previous_answer_is_read_whole) {
  const auto small = message_body(100);
  const auto large = message_body(300'000);
  send(sockets_.far, message_request(small.size()) + small);
  ASSERT_TRUE(loop_.run_until([&] { return port_.accounts.is_awaited(); }));
  const auto next = message_request(large.size()) + large;
  send_and_handle(next.substr(0, 1500));
  send_and_handle(next.substr(1500, 500));
  port_.accounts.open();
  EXPECT_EQ(statuses(1), status_list{"503"});
  std::string_view rest = std::string_view(next).substr(2000);
  while (!rest.empty()) {
    send_and_handle(rest.substr(0, 10'000));
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 10'000));
  }
  send(sockets_.far, health);
  EXPECT_EQ(statuses(3), (status_list{"503", "503", "200"}));
}

TEST_F(sessions, a_chunked_request_sent_before_the_previous_answer_is_read_whole) {
  const auto body = message_body(100);
  send(sockets_.far, message_request(body.size()) + body);
  ASSERT_TRUE(loop_.run_until([&] { return port_.accounts.is_awaited(); }));
  send_and_handle("POST /v1/messages HTTP/1.1\r\nHost: r\r\nx-api-key: " + key_text +
                  "\r\nx: " + std::string(3000, 'y') + "\r\nTransfer-Encoding: chunked\r\n\r\n");
  send_and_handle("64\r\n" + body.substr(0, 50));
  port_.accounts.open();
  EXPECT_EQ(statuses(1), status_list{"503"});
  send_and_handle(body.substr(50) + "\r\n0\r\n\r\n" + health);
  EXPECT_EQ(statuses(3), (status_list{"503", "503", "200"}));
}

TEST_F(sessions, a_client_that_waits_is_invited_to_send_its_body) {
  port_.accounts.open();
  const auto body = message_body(100);
  send(sockets_.far, message_request(body.size(), "Expect: 100-continue\r\n"));
  EXPECT_EQ(statuses(1), status_list{"100"});
  send(sockets_.far, body);
  EXPECT_EQ(statuses(2), (status_list{"100", "503"}));
}

TEST_F(sessions, finishing_up_ends_an_idle_one_at_once_and_a_busy_one_after_its_answer) {
  const auto body = message_body(100);
  send(sockets_.far, message_request(body.size()) + body);
  ASSERT_TRUE(loop_.run_until([&] { return port_.accounts.is_awaited(); }));
  session_->finish_up();
  loop_.run_ready();
  EXPECT_FALSE(port_.has_finished);
  port_.accounts.open();
  EXPECT_EQ(statuses(1), status_list{"503"});
  sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return port_.has_finished; }));
}

TEST_F(sessions, destroying_one_at_work_ends_its_connection) {
  const auto body = message_body(100);
  send(sockets_.far, message_request(body.size()) + body);
  ASSERT_TRUE(loop_.run_until([&] { return port_.accounts.is_awaited(); }));
  session_.reset();
  loop_.run_ready();
  EXPECT_NE(end_at(sockets_.far), asio::error::would_block);
  EXPECT_EQ(worker_.context().connections, 0u);
}

}  // namespace
}  // namespace baton::net
