// Requests for which no slot is free wait for one, fairly and not for ever.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class waiting_requests : public relay_fixture {
 protected:
  void add_limited(const std::string& name, std::uint32_t limit, const mock::behaviour& script) {
    add_account(name, script,
                [limit](relay::account& account) { account.concurrency_limit = limit; });
  }
  bool nobody_waits() {
    return metric_becomes("baton_waiting_requests{queue=\"accounts\"}", 0) &&
           metric_becomes("baton_waiting_requests{queue=\"key\"}", 0);
  }
  bool so_many_wait(double count, const std::string& queue = "accounts") {
    return metric_becomes("baton_waiting_requests{queue=\"" + queue + "\"}", count);
  }
};

TEST_F(waiting_requests, all_get_their_answer_in_the_end) {
  settings.server.workers = 4;
  add_limited("a", 2, {.delay = milliseconds(10)});
  start();
  const auto answers = at_once(40, [&](std::size_t i) { return send_message(i % 2 == 0); });
  EXPECT_EQ(count_status(answers, 200), 40u);
  EXPECT_LE(seen_by("a").in_flight_max, 2u);
  EXPECT_TRUE(nobody_waits());
  EXPECT_GT(metric("baton_queue_wait_seconds_count"), 0);
}

TEST_F(waiting_requests, of_one_key_do_not_hold_up_another_key) {
  add_limited("a", 1, {.delay = milliseconds(sanitized ? 100 : 30)});
  const auto other = add_key("other");
  start();
  std::vector<std::thread> crowd;
  std::atomic<int> answered = 0;
  for (int n = 0; n < 30; ++n) {
    crowd.emplace_back([&] { answered += send_message().status == 200 ? 1 : 0; });
  }
  EXPECT_TRUE(
      eventually([&] { return metric("baton_waiting_requests{queue=\"accounts\"}") >= 20; }));
  EXPECT_EQ(send_message(false, other).status, 200);
  EXPECT_LT(answered, 29) << "it did not wait for all of them";
  for (auto& each : crowd) each.join();
  EXPECT_EQ(answered, 30);
}

TEST_F(waiting_requests, whose_client_leaves_free_their_place) {
  settings.queue.waiting_max = 2;
  add_limited("a", 1, {.stall_before_head = true});
  start();
  raw_client running(port());
  running.send(message_request());
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  {
    raw_client waiting(port()), also_waiting(port());
    waiting.send(message_request());
    also_waiting.send(message_request());
    ASSERT_TRUE(so_many_wait(2));
    const auto refused = send_message();
    EXPECT_EQ(refused.status, 429);
    EXPECT_TRUE(refused.header("retry-after"));
    EXPECT_THAT(refused.body, HasSubstr("rate_limit_error"));
  }
  EXPECT_TRUE(nobody_waits());
}

TEST_F(waiting_requests, are_turned_away_when_their_time_is_over) {
  settings.queue.wait = milliseconds(200);
  add_limited("a", 1, {.stall_before_head = true});
  start();
  raw_client running(port());
  running.send(message_request());
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  const auto late = send_message();
  EXPECT_EQ(late.status, 429);
  EXPECT_TRUE(late.header("retry-after"));
  EXPECT_TRUE(nobody_waits());
}

TEST_F(waiting_requests, go_on_when_another_account_appears) {
  add_limited("a", 1, {.stall_before_head = true});
  start();
  raw_client running(port());
  running.send(message_request());
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  raw_client waiting(port());
  waiting.send(message_request());
  ASSERT_TRUE(so_many_wait(1));
  add_account("b");
  EXPECT_EQ(waiting.read_answer().status, 200);
  EXPECT_EQ(seen_by("b").requests, 1u);
}

TEST_F(waiting_requests, of_a_key_that_may_wait_come_in_turn) {
  add_account("a", {.delay = milliseconds(20)});
  const auto key = add_key(
      "queued", [](relay::api_key& made) { made.limits = {.concurrency = 2, .queue = 20}; });
  start();
  const auto answers = at_once(20, [&](std::size_t) { return send_message(false, key); });
  EXPECT_EQ(count_status(answers, 200), 20u);
  EXPECT_LE(seen_by("a").in_flight_max, 2u);
  EXPECT_TRUE(nobody_waits());
}

TEST_F(waiting_requests, of_a_key_are_bounded_and_free_their_place) {
  add_account("a", {.stall_before_head = true});
  const auto key =
      add_key("queued", [](relay::api_key& made) { made.limits = {.concurrency = 1, .queue = 1}; });
  start();
  raw_client running(port());
  running.send(test::request_text("POST", "/v1/messages", headers(key), message_body()));
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  {
    raw_client waiting(port());
    waiting.send(test::request_text("POST", "/v1/messages", headers(key), message_body()));
    ASSERT_TRUE(so_many_wait(1, "key"));
    EXPECT_EQ(send_message(false, key).status, 429);
  }
  EXPECT_TRUE(nobody_waits());
}

// The next request of a client that has read its answer must find everything free.
TEST_F(waiting_requests, are_none_where_a_client_sends_one_after_the_other) {
  settings.server.workers = 4;
  settings.queue.wait = milliseconds(0);
  add_limited("a", 1, {});
  const auto key = add_key("single", [](relay::api_key& made) { made.limits.concurrency = 1; });
  start();
  for (int n = 0; n < 200; ++n) {
    const auto answer = send_message(n % 2 == 0, key);
    ASSERT_EQ(answer.status, 200) << n << answer.body;
  }
}

TEST_F(waiting_requests, hear_comments_meanwhile_if_they_are_streams) {
  settings.streams.keep_alive = milliseconds(100);
  add_limited("a", 1, {.delay = milliseconds(sanitized ? 2000 : 800)});
  start();
  raw_client first(port());
  first.send(message_request(true));
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  raw_client second(port());
  second.send(message_request(true));
  const auto early = second.read_until(": keep-alive");
  EXPECT_THAT(early, HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(early, HasSubstr("text/event-stream"));
  const auto rest = second.read_until("0\r\n\r\n");
  EXPECT_THAT(rest, HasSubstr("event: message_stop"));
  EXPECT_THAT(first.read_until("0\r\n\r\n"), HasSubstr("event: message_stop"));
}

TEST_F(waiting_requests, that_hear_comments_are_told_of_failure_by_an_event) {
  settings.streams.keep_alive = milliseconds(100);
  settings.queue.wait = milliseconds(500);
  add_limited("a", 1, {.stall_before_head = true});
  start();
  raw_client running(port());
  running.send(message_request());
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  raw_client second(port());
  second.send(message_request(true));
  EXPECT_THAT(second.read_until("event: error"), HasSubstr(": keep-alive"));
  EXPECT_THAT(second.read_until("rate_limit_error"), HasSubstr("rate_limit_error"));
  EXPECT_EQ(second.read_to_end(), test::peer_end::fin);
}

TEST_F(waiting_requests, hear_comments_between_two_events_of_their_answer) {
  settings.streams.keep_alive = milliseconds(100);
  add_account("a", {.interval = milliseconds(sanitized ? 2000 : 700), .events = 2});
  start();
  raw_client client(port());
  client.send(message_request(true));
  const auto all = client.read_until("0\r\n\r\n");
  EXPECT_EQ(all.find("HTTP/1.1"), all.rfind("HTTP/1.1")) << "one head";
  EXPECT_GT(all.rfind(": keep-alive"), all.find("event: content_block_delta"));
  EXPECT_THAT(all, HasSubstr("event: message_stop"));
}

TEST_F(waiting_requests, whose_stream_has_begun_get_an_answer_that_is_none_as_an_error_event) {
  settings.streams.keep_alive = milliseconds(100);
  add_account("a", {.status = 400, .delay = milliseconds(sanitized ? 2000 : 700)});
  start();
  raw_client client(port());
  client.send(message_request(true));
  EXPECT_THAT(client.read_until("event: error"), HasSubstr(": keep-alive"));
  EXPECT_THAT(client.read_until("400"), HasSubstr("400"));
  EXPECT_EQ(client.read_to_end(), test::peer_end::fin);
}

}  // namespace
}  // namespace baton::e2e
