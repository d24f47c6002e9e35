#include "net/answer_relay.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "net/exchange_fixture.test.hpp"

namespace baton::net {
namespace {

constexpr std::string_view request = "POST /v1/messages HTTP/1.1\r\nHost: r\r\n\r\n";
constexpr std::string_view old_request = "POST /v1/messages HTTP/1.0\r\n\r\n";

class relaying_answers : public exchange_test {
 protected:
  // Relays an answer whose head and first bytes are `text`; more may follow at upstream_.far.
  void begin_answer(std::string_view text, std::string_view client_request = request) {
    auto& ex = begin(client_request);
    upstream_ = make_plain_channel(loop_, std::move(upstream_sockets_.near), 4 * 1024);
    send(upstream_sockets_.far, text);
    answer_parser_ = std::make_unique<response_parser>(scratch_.answer, 64 * 1024);
    for (;;) {
      const auto progress = answer_parser_->parse_head(upstream_->input());
      ASSERT_TRUE(progress);
      if (progress->complete) {
        upstream_->consume(progress->consumed);
        break;
      }
      std::optional<io_status> outcome;
      auto reading = note_more(*upstream_, outcome);
      reading.start();
      ASSERT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
    }
    append_client_head_lines(scratch_.answer_lines, scratch_.answer, ex.record.request_id);
    const auto type = scratch_.answer.fields.find("content-type");
    opened_answer opened;
    if (type == "text/event-stream") opened.format = relay::answer_format::sse;
    if (read_ahead_) {
      opened.held = "{}";
      opened.complete = true;
    }
    if (metered_) meter_ = relay::anthropic_api().make_meter(opened.format, {});
    relay_ = std::make_unique<answer_relay>(ex, *upstream_, scratch_, *answer_parser_, nullptr,
                                            meter_.get(), opened, before_end_);
    running_ = keep(relay_->run(worker_.settings.between_events), ended_);
    running_.start();
  }

  relay_end end() {
    EXPECT_TRUE(loop_.run_until([&] {
      received_ += at_client();
      return ended_.has_value();
    }));
    received_ += at_client();
    return ended_.value_or(relay_end::out_of_time);
  }
  std::string received() {
    received_ += at_client();
    return received_;
  }
  std::string body() { return received().substr(received_.find("\r\n\r\n") + 4); }

  static task<void> keep(task<relay_end> work, std::optional<relay_end>& ended) {
    ended = co_await std::move(work);
  }

  socket_pair upstream_sockets_{loop_};
  channel_ptr upstream_;
  relay_scratch scratch_;
  std::unique_ptr<response_parser> answer_parser_;
  const std::function<void()> before_end_ = [this] { ++ends_announced_; };
  int ends_announced_ = 0;
  bool metered_ = false;
  bool read_ahead_ = false;  // the whole body, "{}", was read to judge the answer
  std::unique_ptr<relay::answer_meter> meter_;
  std::unique_ptr<answer_relay> relay_;
  std::optional<relay_end> ended_;
  std::string received_;
  task<void> running_;
};

TEST_F(relaying_answers, a_json_answer_keeps_its_length_and_its_bytes) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n"
      "request-id: req_up\r\n\r\n{\"half\":");
  EXPECT_TRUE(loop_.run_until([&] { return body() == "{\"half\":"; })) << received();
  send(upstream_sockets_.far, "\"done\"}");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(body(), "{\"half\":\"done\"}");
  EXPECT_TRUE(relay_->upstream_reusable());
  EXPECT_TRUE(exchange_->keep_alive);
}

TEST_F(relaying_answers, bytes_beyond_the_length_are_not_the_clients) {
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(body(), "ok");
  EXPECT_FALSE(upstream_->input().empty());  // which keeps the connection out of the pool
}

TEST_F(relaying_answers, the_head_is_the_upstreams_without_what_concerns_its_connection) {
  begin_answer(
      "HTTP/1.1 201 Made\r\nContent-Length: 2\r\nrequest-id: req_up\r\n"
      "Connection: close, X-Hop\r\nx-hop: 1\r\nKeep-Alive: timeout=5\r\n"
      "Set-Cookie: a=b\r\nServer: up\r\n\r\nok");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(received(),
            "HTTP/1.1 201 Made\r\nrequest-id: req_up\r\nServer: up\r\nx-request-id: req_1\r\n"
            "content-length: 2\r\n\r\nok");
  EXPECT_FALSE(relay_->upstream_reusable());
}

TEST_F(relaying_answers, chunks_arrive_as_chunks_when_they_come) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n7\r\ndata: 1\r\n");
  EXPECT_TRUE(loop_.run_until([&] { return body() == "7\r\ndata: 1\r\n"; })) << received();
  send(upstream_sockets_.far, "2\r\n\n\n\r\n0\r\nX-Trailer: y\r\n\r\n");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(body(), "7\r\ndata: 1\r\n2\r\n\n\n\r\n0\r\n\r\n");
  EXPECT_TRUE(relay_->upstream_reusable());
  EXPECT_TRUE(exchange_->keep_alive);
}

TEST_F(relaying_answers, without_a_length_the_upstreams_end_ends_the_chunks) {
  begin_answer("HTTP/1.1 200 OK\r\n\r\nall of ");
  send(upstream_sockets_.far, "it");
  upstream_sockets_.far.close();
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_TRUE(body().ends_with("\r\n0\r\n\r\n")) << body();
  EXPECT_FALSE(relay_->upstream_reusable());
}

TEST_F(relaying_answers, an_old_client_gets_no_chunks_but_the_connections_end) {
  begin_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
               old_request);
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(body(), "ok");
  EXPECT_NE(received().find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(received().find("ransfer-"), std::string::npos);
  EXPECT_FALSE(exchange_->keep_alive);
}

TEST_F(relaying_answers, some_answers_have_no_body_and_no_framing) {
  begin_answer("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nx-a: b\r\n\r\n");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(received(), "HTTP/1.1 204 No Content\r\nx-a: b\r\nx-request-id: req_1\r\n\r\n");
  EXPECT_TRUE(relay_->upstream_reusable());
  EXPECT_TRUE(exchange_->keep_alive);
}

TEST_F(relaying_answers, an_answer_cut_within_its_length_breaks_the_clients_connection) {
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  upstream_sockets_.far.close();
  EXPECT_EQ(end(), relay_end::upstream_cut);
  EXPECT_EQ(body(), "half");
  EXPECT_FALSE(client_->is_open());
  EXPECT_EQ(exchange_->record.failure, error_code::upstream_broken);
}

TEST_F(relaying_answers, a_cut_stream_ends_with_the_apis_error_event_and_without_an_end) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  upstream_sockets_.far.close();
  EXPECT_EQ(end(), relay_end::upstream_cut);
  EXPECT_NE(body().find("\n\nevent: error\ndata: {"), std::string::npos) << body();
  EXPECT_FALSE(body().ends_with("0\r\n\r\n")) << body();
  EXPECT_FALSE(client_->is_open());
}

TEST_F(relaying_answers, an_answer_cut_for_an_old_client_ends_with_a_reset) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n",
      old_request);
  EXPECT_TRUE(loop_.run_until([&] { return body() == "data: "; }));
  send(upstream_sockets_.far, "nonsense\r\n");
  EXPECT_TRUE(loop_.run_until([&] { return ended_.has_value(); }));
  EXPECT_EQ(ended_, relay_end::upstream_malformed);
  EXPECT_EQ(end_at(client_sockets_.far), asio::error::connection_reset);
}

TEST_F(relaying_answers, a_client_that_leaves_ends_it) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  guard_->serve_with(upstream_.get());
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return ended_.has_value(); }));
  EXPECT_EQ(ended_, relay_end::client_gone);
  EXPECT_FALSE(upstream_->is_open());
}

TEST_F(relaying_answers, the_end_is_announced_once_and_before_the_client_can_see_it) {
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
  EXPECT_TRUE(loop_.run_until([&] { return body() == "ha"; }));
  EXPECT_EQ(ends_announced_, 0);
  send(upstream_sockets_.far, "lf");
  EXPECT_TRUE(loop_.run_until([&] { return body() == "half" || ends_announced_ == 0; }));
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(ends_announced_, 1);
}

TEST_F(relaying_answers, a_request_that_lasts_too_long_is_ended_though_its_upstream_is_busy) {
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  guard_->end_by(steady_now());
  EXPECT_TRUE(loop_.run_until([&] {
    if (upstream_->is_open()) send(upstream_sockets_.far, "6\r\ndata: \r\n");
    received_ += at_client();
    return ended_.has_value();
  }));
  EXPECT_EQ(ended_, relay_end::out_of_time);
  EXPECT_EQ(exchange_->record.failure, error_code::upstream_timeout);
}

TEST_F(relaying_answers, an_upstream_whose_client_left_is_read_on_where_its_account_says_so) {
  const relay::disconnect_policy drain{.what = relay::disconnect_policy::action::drain};
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  guard_->on_disconnect(drain);
  guard_->serve_with(upstream_.get());
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return guard_->draining(); }));
  send(upstream_sockets_.far, "2\r\n\n\n\r\n0\r\n\r\n");
  EXPECT_TRUE(loop_.run_until([&] { return ended_.has_value(); }));
  EXPECT_EQ(ended_, relay_end::complete);
  EXPECT_EQ(ends_announced_, 1);
  EXPECT_TRUE(relay_->upstream_reusable());
}

TEST_F(relaying_answers, draining_ends_when_its_time_is_over) {
  const relay::disconnect_policy drain{.what = relay::disconnect_policy::action::drain,
                                       .drain_max = std::chrono::seconds(1)};
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  guard_->on_disconnect(drain);
  guard_->serve_with(upstream_.get());
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return ended_.has_value(); }));
  EXPECT_EQ(ended_, relay_end::client_gone);
  EXPECT_FALSE(upstream_->is_open());
}

TEST_F(relaying_answers, a_silent_upstream_is_given_up) {
  worker_.settings.between_events = std::chrono::milliseconds(1);
  begin_answer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
  EXPECT_EQ(end(), relay_end::upstream_silent);
  EXPECT_EQ(exchange_->record.failure, error_code::upstream_timeout);
}

// 4 MB through buffers of a few kilobytes, to a client that reads in its own time.
TEST_F(relaying_answers, a_large_answer_passes_whole_and_in_order) {
  client_sockets_.shrink_buffers();
  std::string text;
  for (int n = 0; text.size() < 4'000'000; ++n) text += std::to_string(n) + ' ';
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n");
  upstream_sockets_.far.non_blocking(true);
  std::size_t sent = 0;
  EXPECT_TRUE(loop_.run_until(
      [&] {
        boost::system::error_code full;
        sent += upstream_sockets_.far.write_some(asio::buffer(text) + sent, full);
        received_ += at_client();
        return ended_.has_value();
      },
      std::chrono::seconds(60)));
  EXPECT_EQ(ended_, relay_end::complete);
  EXPECT_TRUE(body() == text);
}

class recording_first : public relaying_answers {
 protected:
  static constexpr std::string_view stream_head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  static constexpr std::string_view first =
      "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
      "\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n";
  static constexpr std::string_view last =
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  static std::string chunk(std::string_view text) {
    std::ostringstream line;
    line << std::hex << text.size() << "\r\n" << text << "\r\n";
    return line.str();
  }
  bool client_has(std::string_view text) {
    return loop_.run_until([&] { return received().find(text) != std::string::npos; });
  }

  recording_first() {
    worker_.settings.records_first = true;
    metered_ = true;
  }
};

TEST_F(recording_first, an_answer_ends_when_its_record_is_written) {
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(body(), "{}");
  ASSERT_EQ(port_.written.size(), 1u);
  EXPECT_EQ(port_.written[0].status, 200);
  EXPECT_EQ(port_.written[0].how, relay::outcome::completed);
  EXPECT_GT(port_.written[0].finished, wall_time{});
  EXPECT_TRUE(port_.written[0].time_to_first_byte);
  EXPECT_TRUE(exchange_->record.handed_over);
}

TEST_F(recording_first, an_answer_whose_record_cannot_be_written_is_an_error) {
  port_.ledger_fails = read_ahead_ = true;
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(end(), relay_end::unrecorded);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 503 ")) << received();
  EXPECT_TRUE(exchange_->record.handed_over) << "it is written later";
  EXPECT_EQ(exchange_->record.failure, error_code::storage_failed);
}

TEST_F(recording_first, an_answer_that_has_begun_is_cut_if_its_record_cannot_be_written) {
  port_.ledger_fails = true;
  begin_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(end(), relay_end::unrecorded);
  EXPECT_EQ(body(), "");
}

TEST_F(recording_first, a_stream_whose_record_cannot_be_written_ends_with_an_error) {
  port_.ledger_fails = true;
  begin_answer(stream_head);
  send(upstream_sockets_.far, chunk(first));
  EXPECT_TRUE(client_has("text_delta"));
  send(upstream_sockets_.far, chunk(last) + "0\r\n\r\n");
  EXPECT_EQ(end(), relay_end::unrecorded);
  EXPECT_EQ(body().find("message_stop"), std::string::npos);
  EXPECT_NE(body().find("event: error"), std::string::npos);
  EXPECT_FALSE(body().ends_with("0\r\n\r\n"));
}

TEST_F(recording_first, a_stream_is_recorded_before_the_event_by_which_it_is_over) {
  begin_answer(stream_head);
  send(upstream_sockets_.far, chunk(first));
  EXPECT_TRUE(client_has("text_delta"));
  EXPECT_TRUE(port_.written.empty());
  send(upstream_sockets_.far, chunk(last));
  EXPECT_TRUE(client_has("message_stop"));
  ASSERT_EQ(port_.written.size(), 1u) << "though the body has not ended";
  EXPECT_EQ(ends_announced_, 1) << "the client's next request finds its slot free";
  send(upstream_sockets_.far, "0\r\n\r\n");
  EXPECT_EQ(end(), relay_end::complete);
  EXPECT_EQ(port_.written.size(), 1u);
  EXPECT_EQ(ends_announced_, 1);
}

TEST_F(recording_first, a_stream_that_an_error_ends_is_recorded_as_failed) {
  begin_answer(stream_head);
  send(
      upstream_sockets_.far,
      chunk(first) +
          chunk("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"
                "\n\n") +
          "0\r\n\r\n");
  EXPECT_EQ(end(), relay_end::complete);
  ASSERT_EQ(port_.written.size(), 1u);
  EXPECT_EQ(port_.written[0].how, relay::outcome::upstream_failed);
}

}  // namespace
}  // namespace baton::net
