// Answers that are unusual, or none at all.
#include <gmock/gmock.h>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class upstream_answers : public relay_fixture {
 protected:
  // An upstream that answers every request with these bytes and ends the connection if `ends`.
  void start_with(std::string bytes, bool ends = false) {
    peer_ = std::make_unique<scripted_peer>([bytes = std::move(bytes), ends](conversation& talk) {
      while (!talk.read_request().empty()) {
        talk.write(bytes);
        if (ends) return;
      }
    });
    add_account("odd", {}, [this](relay::account& account) { account.api_url = peer_->url(); });
    settings.server.workers = 1;  // and so one pool of connections
    start();
  }
  ~upstream_answers() override { peer_.reset(); }

  std::unique_ptr<scripted_peer> peer_;
};

TEST_F(upstream_answers, interim_answers_are_not_the_answer) {
  start_with(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  for (int i = 0; i < 3; ++i) {
    const auto answer = send_message();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{}");
    EXPECT_TRUE(answer.interim.empty());
  }
  EXPECT_EQ(peer_->connections(), 1u);
}

TEST_F(upstream_answers, an_answer_without_a_body_has_none) {
  start_with("HTTP/1.1 204 No Content\r\nX-Empty: yes\r\n\r\n");
  raw_client client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(message_request());
    const auto answer = client.read_head();
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("x-empty"), "yes");
    EXPECT_FALSE(answer.header("transfer-encoding")) << "RFC 9112 section 6.1";
  }
  EXPECT_TRUE(client.silent_for(milliseconds(20))) << "nothing stands between two answers";
}

TEST_F(upstream_answers, a_body_that_ends_with_the_connection_is_complete) {
  start_with("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":1}", true);
  raw_client client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(message_request());
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(answer.body, "{\"a\":1}");
  }
  EXPECT_EQ(peer_->connections(), 3u);
}

TEST_F(upstream_answers, bytes_behind_the_answer_go_to_nobody) {
  start_with(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
      "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned");
  raw_client client(port());
  for (int i = 0; i < 5; ++i) {
    client.send(message_request());
    EXPECT_EQ(client.read_answer().body, "{}");
  }
  EXPECT_EQ(peer_->connections(), 5u);
}

// A client that followed one would take its key there.
TEST_F(upstream_answers, redirects_are_neither_followed_nor_passed_on) {
  start_with("HTTP/1.1 307 Moved\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n");
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.header("location"), std::nullopt);
}

TEST_F(upstream_answers, a_stream_is_one_however_its_type_is_written) {
  const std::string events =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\","
      "\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":9}}\n\n"
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  start_with(
      "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream;charset=utf-8\r\nContent-Length: " +
      std::to_string(events.size()) + "\r\n\r\n" + events);
  EXPECT_EQ(send_message(true).body, events);
  EXPECT_TRUE(usage_becomes(1, {.input = 7, .output = 9}));
}

TEST_F(upstream_answers, an_early_answer_counts) {
  peer_ = std::make_unique<scripted_peer>([](conversation& talk) {
    talk.read_until("\r\n\r\n");
    talk.write("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
    talk.read_to_end();
  });
  add_account("odd", {}, [this](relay::account& account) { account.api_url = peer_->url(); });
  start();
  const auto answer = post("/v1/messages", message_body_of(3'000'000));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "large");
}

TEST_F(upstream_answers, large_heads_pass_and_endless_ones_do_not) {
  add_account("large", {.head_bytes = 60'000});
  start();
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(answer.head.size(), 59'000u);
  upstream->behave(credential("large"), {.head_bytes = 100'000});
  EXPECT_EQ(send_message().status, 502);
}

TEST_F(upstream_answers, an_encoding_that_baton_cannot_undo_passes) {
  start_with("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n\x0b\x01x");
  const auto answer = send_message();
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("content-encoding"), "br");
  EXPECT_EQ(answer.body, "\x0b\x01x");
}

TEST_F(upstream_answers, an_encoding_that_breaks_off_is_no_answer) {
  start_with("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n<html>");
  EXPECT_EQ(send_message(true).status, 502);
}

TEST_F(upstream_answers, a_body_that_is_nonsense_from_its_start_is_not_begun) {
  start_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", true);
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 502);
  EXPECT_TRUE(answer.complete) << answer.problem;
}

TEST_F(upstream_answers, the_upstreams_hop_is_its_own) {
  start_with(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
      "Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nX-End: 1\r\n\r\n{}");
  const auto answer = send_message();
  for (const auto* name : {"connection", "x-hop", "keep-alive", "proxy-authenticate"}) {
    EXPECT_FALSE(answer.header(name)) << name;
  }
  EXPECT_EQ(answer.header("x-end"), "1");
}

// None of these is an answer; the client gets one that is.
TEST_F(upstream_answers, nonsense_is_not_passed_on) {
  const std::vector<std::string> texts = {
      "",
      "\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      "HTTP/1.1 200",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5",
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 99999 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n"};
  std::vector<std::unique_ptr<scripted_peer>> peers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    peers.push_back(std::make_unique<scripted_peer>([text = texts[i]](conversation& talk) {
      talk.read_request();
      talk.write(text);
    }));
    add_account("a" + std::to_string(i), {}, [&](relay::account& account) {
      account.api_url = peers.back()->url();
      account.models = {{"m" + std::to_string(i), "m"}};
    });
  }
  start();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    SCOPED_TRACE(texts[i]);
    for (const bool stream : {false, true}) {
      const auto answer = post("/v1/messages", message_body(stream, "m" + std::to_string(i)));
      EXPECT_TRUE(answer.complete) << answer.problem;
      EXPECT_THAT(answer.status, testing::AnyOf(502, 503));
      EXPECT_THAT(answer.body, HasSubstr("\"type\":\"error\""));
    }
  }
}

}  // namespace
}  // namespace baton::e2e
