// How messages are cut into bytes and packets, on both sides of the relay.
#include <gmock/gmock.h>

#include <thread>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

std::string as_chunks(std::string_view body, std::size_t chunk_bytes) {
  std::string framed;
  while (!body.empty()) {
    const auto piece = body.substr(0, chunk_bytes);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    framed.append(size).append(piece).append("\r\n");
    body.remove_prefix(piece.size());
  }
  return framed + "0\r\n\r\n";
}

class framing : public relay_fixture {
 protected:
  void start_with(const mock::behaviour& script = {}) {
    add_account("a", script);
    start();
  }
  std::string chunked_request(std::string_view body, std::size_t chunk_bytes) const {
    return "POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: " + key() +
           "\r\nTransfer-Encoding: chunked\r\n\r\n" + as_chunks(body, chunk_bytes);
  }
};

TEST_F(framing, reads_chunked_requests) {
  start_with();
  const auto body = message_body_of(20'000);
  raw_client client(port());
  for (const std::size_t chunk_bytes : {1u, 7u, 1000u, 4096u, 20'000u}) {
    ASSERT_TRUE(client.send(chunked_request(body, chunk_bytes)));
    EXPECT_EQ(client.read_answer().status, 200) << chunk_bytes;
    EXPECT_EQ(seen_by("a").last_body, body) << chunk_bytes;
  }
  EXPECT_THAT(seen_by("a").last_head, HasSubstr("content-length: 20000\r\n"));
}

TEST_F(framing, reads_chunks_with_extensions_and_trailers) {
  start_with();
  const auto body = message_body();
  char size[20];
  std::snprintf(size, sizeof size, "%zX", body.size());
  raw_client client(port());
  client.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: " + key() +
              "\r\nTransfer-Encoding: Chunked\r\n\r\n" + size + ";name=value;other=\"q\"\r\n" +
              body + "\r\n0\r\nX-Checksum: 1\r\nx-api-key: other\r\n\r\n" + message_request());
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(seen_by("a").requests, 2u);
}

TEST_F(framing, invites_a_body_that_waits) {
  start_with();
  raw_client client(port());
  const auto body = message_body();
  auto waiting = headers();
  waiting.emplace_back("Expect", "100-continue");
  auto request = test::request_text("POST", "/v1/messages", waiting, body);
  client.send(request.substr(0, request.size() - body.size()));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(body);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(seen_by("a").last_head.find("xpect"), std::string::npos);
}

TEST_F(framing, refuses_before_it_invites) {
  start_with();
  raw_client client(port());
  client.send(
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: cr_unknown_key\r\n"
      "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.interim.empty());
  EXPECT_EQ(answer.header("connection"), "close") << "the body may or may not come";
}

TEST_F(framing, keeps_the_connection_open) {
  start_with();
  raw_client client(port());
  for (int i = 0; i < 50; ++i) {
    client.send(message_request(i % 2 == 0));
    EXPECT_TRUE(client.read_answer().complete);
  }
  EXPECT_EQ(upstream->stats().connections_accepted, 1u) << "the upstream's, too";
}

TEST_F(framing, answers_pipelined_requests_in_order) {
  start_with();
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    const auto path = i % 4 == 3 ? "/no/such/path/" + std::to_string(i) : "/v1/messages";
    requests += test::request_text("POST", path, headers(),
                                   message_body(i % 2 == 1, "model-" + std::to_string(i)));
  }
  raw_client client(port());
  client.send(requests);
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer.complete) << i << ": " << answer.problem;
    EXPECT_EQ(answer.status, i % 4 == 3 ? 404 : 200) << i;
    EXPECT_THAT(answer.body, HasSubstr((i % 4 == 3 ? "/" : "model-") + std::to_string(i)));
  }
}

// The second request arrives while the first is being answered, in part or in full.
TEST_F(framing, keeps_bodies_whole_that_arrive_early) {
  start_with({.delay = milliseconds(20)});
  for (const std::size_t bytes : {300u, 3'000u, 5'000u, 70'000u}) {
    const auto body = message_body_of(bytes);
    for (const bool chunked : {false, true}) {
      const auto second = chunked ? chunked_request(body, 900) : message_request(false, body);
      for (const std::size_t early : {std::size_t{1}, std::size_t{150}, std::size_t{1000},
                                      std::size_t{4000}, second.size()}) {
        SCOPED_TRACE(std::to_string(bytes) + (chunked ? " chunked, " : " sized, ") +
                     std::to_string(early) + " early");
        raw_client client(port());
        client.send(message_request(false, message_body_of(1500)));
        const auto requests = seen_by("a").requests;
        ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
        client.send(second.substr(0, early));
        ASSERT_EQ(client.read_answer().status, 200);
        client.send(second.substr(std::min(early, second.size())));
        ASSERT_EQ(client.read_answer().status, 200);
        EXPECT_EQ(seen_by("a").last_body, body);
        EXPECT_LE(seen_by("a").requests, requests + 2);
      }
    }
  }
}

TEST_F(framing, serves_http_1_0_clients) {
  start_with();
  raw_client client(port());
  client.send("GET /health HTTP/1.0\r\n\r\n");
  const auto health = client.read_answer();
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(client.read_to_end(), test::peer_end::fin);

  raw_client streaming(port());
  const auto body = message_body(true);
  streaming.send("POST /v1/messages HTTP/1.0\r\nx-api-key: " + key() +
                 "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto answer = streaming.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.header("transfer-encoding"));
  EXPECT_EQ(streaming.end(), test::peer_end::fin);
  EXPECT_EQ(test::parse_events(answer.body).back().name, "message_stop");
}

TEST_F(framing, keeps_http_1_0_connections_open_for_those_who_ask) {
  start_with();
  raw_client client(port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto answer = client.read_answer();
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("connection"), "keep-alive") << "or the client takes it for closed";
  }
}

TEST_F(framing, ends_the_connection_when_asked) {
  settings.server.workers = 1;
  start_with();
  raw_client client(port());
  auto last = headers();
  last.emplace_back("Connection", "close");
  client.send(test::request_text("POST", "/v1/messages", last, message_body()));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(client.read_to_end(), test::peer_end::fin);
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(upstream->stats().connections_accepted, 1u) << "that is the client's hop alone";
}

TEST_F(framing, takes_one_byte_per_packet) {
  start_with({.byte_by_byte = true});
  for (const bool stream : {false, true}) {
    raw_client client(port());
    ASSERT_TRUE(client.send_byte_by_byte(message_request(stream)));
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(seen_by("a").last_body, message_body(stream));
  }
  raw_client client(port());
  ASSERT_TRUE(client.send_byte_by_byte(chunked_request(message_body(), 3)));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(seen_by("a").last_body, message_body());
}

TEST_F(framing, leaves_split_utf_8_alone) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xc3\xa4\xf0\x9f\x98\x80";
  start_with({.body = R"({"type":"message","content":")" + text + "\"}", .byte_by_byte = true});
  auto body = message_body();
  body.insert(body.find("Hello"), text);
  raw_client client(port());
  ASSERT_TRUE(client.send_byte_by_byte(message_request(false, body)));
  EXPECT_THAT(client.read_answer().body, HasSubstr(text));
  EXPECT_EQ(seen_by("a").last_body, body);
}

TEST_F(framing, passes_large_events) {
  start_with();
  for (const std::uint32_t bytes : {100'000u, 5'000'000u}) {
    upstream->behave(credential("a"), {.events = 2, .event_bytes = bytes});
    const auto answer = send_message(true);
    EXPECT_TRUE(answer.complete) << answer.problem;
    const auto events = test::parse_events(answer.body);
    ASSERT_EQ(events.size(), 8u);
    EXPECT_GT(events[3].data.size(), bytes);
    EXPECT_EQ(events.back().name, "message_stop");
  }
  EXPECT_TRUE(usage_becomes(2, {.input = 50, .output = 84}));
}

// More pieces than one system call takes.
TEST_F(framing, passes_many_small_events_that_come_at_once) {
  start_with({.events = 5'000});
  for (int i = 0; i < 3; ++i) {
    const auto answer = send_message(true);
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_EQ(test::parse_events(answer.body).size(), 5'006u);
  }
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 2'000; ++i) chunks += "1\r\nx\r\n";
  scripted_peer peer([&](conversation& talk) {
    talk.read_request();
    talk.write(chunks + "0\r\n\r\n");
    talk.read_to_end();
  });
  add_account("tiny", {}, [&](relay::account& account) {
    account.api_url = peer.url();
    account.models = {{"tiny", "tiny"}};
    account.priority = 1;
  });
  EXPECT_TRUE(eventually([&] {
    return post("/v1/messages", new_message(true, "tiny")).body == std::string(2'000, 'x');
  }));
}

TEST_F(framing, passes_large_bodies_both_ways) {
  start_with({.answer_bytes = 10'000'000});
  const auto body = message_body_of(10'000'000);
  raw_client client(port());
  client.send(message_request(false, body));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(answer.body.size(), 10'000'000u);
  EXPECT_TRUE(seen_by("a").last_body == body);
  client.send(chunked_request(body, 100'000));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(seen_by("a").last_body == body);
}

TEST_F(framing, waits_for_a_client_that_reads_slowly) {
  start_with({.events = 300, .event_bytes = 100'000});
  raw_client client(port(), raw_client::default_limit, 4096);
  client.send(message_request(true));
  ASSERT_TRUE(upstream->wait_until([](const auto& seen) { return seen.requests == 1; }));
  EXPECT_FALSE(upstream->wait_until([](const auto& seen) { return seen.answers_completed > 0; },
                                    milliseconds(200)))
      << "what the client does not read stays with the upstream";
  const auto answer = client.read_answer();
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(test::parse_events(answer.body).size(), 306u);
}

}  // namespace
}  // namespace baton::e2e
