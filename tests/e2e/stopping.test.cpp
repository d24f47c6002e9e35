// How the relay ends: in order, late, or killed.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <future>
#include <thread>

#include "tests/e2e/baton_process.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

class stopping : public relay_fixture {
 protected:
  bool refuses_connections() {
    try {
      raw_client client(port());
      return client.read_to_end() != test::peer_end::open;
    } catch (const std::runtime_error&) {
      return true;
    }
  }
};

TEST_F(stopping, lets_a_running_stream_end) {
  add_account("a", {.interval = milliseconds(30), .events = 20});
  start();
  raw_client streaming(port());
  raw_client idle(port());
  idle.send(test::request_text("GET", "/health", {}));
  EXPECT_EQ(idle.read_answer().status, 200);
  raw_client fresh(port());
  streaming.send(message_request(true));
  auto head = streaming.read_until("event: content_block_delta");

  auto stopped = std::async(std::launch::async, [&] { return drain(std::chrono::seconds(10)); });
  EXPECT_EQ(idle.read_to_end(), test::peer_end::fin);
  EXPECT_EQ(fresh.read_to_end(), test::peer_end::fin);

  std::string rest;
  for (std::string more; !(more = streaming.read_some()).empty();) rest += more;
  EXPECT_EQ(streaming.end(), test::peer_end::fin);
  EXPECT_THAT(rest, testing::HasSubstr("message_stop"));
  EXPECT_TRUE(rest.ends_with("0\r\n\r\n"));
  EXPECT_TRUE(stopped.get());
  EXPECT_EQ(stored_usage().tokens, (relay::token_usage{.input = 25, .output = 42}));
}

TEST_F(stopping, refuses_new_connections_while_it_drains) {
  add_account("a", {.interval = milliseconds(20), .events = 1000});
  start();
  raw_client streaming(port());
  streaming.send(message_request(true));
  streaming.read_until("event: content_block_delta");
  const auto where = port();
  auto stopped = std::async(std::launch::async, [&] { return drain(std::chrono::seconds(10)); });
  EXPECT_TRUE(eventually([&] {
    try {
      raw_client late(where);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  EXPECT_THAT(streaming.read_until("event: content_block_delta"),
              testing::HasSubstr("content_block_delta"))
      << "while the stream goes on";
  streaming.close();
  EXPECT_TRUE(stopped.get()) << "with its last client, the relay has ended";
}

TEST_F(stopping, cuts_what_takes_too_long_and_counts_it) {
  add_account("a", {.interval = milliseconds(20), .events = 10'000},
              [](relay::account& account) { account.priority = 90; });
  add_account("b", {.stall_before_head = true}, [](relay::account& account) {
    account.models = {{"never", "never"}};
  });
  start();
  raw_client streaming(port());
  streaming.send(message_request(true));
  streaming.read_until("event: content_block_delta");
  raw_client waiting(port());
  waiting.send(message_request(false, new_message(false, "never")));
  ASSERT_TRUE(eventually([&] { return seen_by("b").in_flight == 1; }));
  const auto began = steady_now();
  EXPECT_TRUE(stop(milliseconds(200)));
  EXPECT_LT(steady_now() - began, milliseconds(sanitized ? 5000 : 2000));
  EXPECT_FALSE(streaming.read_until("0\r\n\r\n").ends_with("0\r\n\r\n")) << "not a clean end";
  EXPECT_NE(streaming.end(), test::peer_end::open);
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 2; }));
  EXPECT_EQ(stored_usage().requests, 2);
  EXPECT_EQ(stored_usage().tokens.input, 25);
  EXPECT_GT(stored_usage().tokens.output, 1) << "what was delivered counts";
}

TEST_F(stopping, ends_at_once_when_nothing_runs) {
  add_account("a");
  start();
  EXPECT_EQ(send_message().status, 200);
  raw_client half_a_head(port());
  half_a_head.send("POST /v1/messages HTTP/1.1\r\nHo");
  const auto began = steady_now();
  EXPECT_TRUE(stop(std::chrono::seconds(10)));
  EXPECT_LT(steady_now() - began, milliseconds(sanitized ? 3000 : 500));
  EXPECT_EQ(stored_usage().requests, 1);
}

TEST_F(stopping, may_happen_at_any_moment) {
  settings.server.workers = 3;
  add_account("a", {.interval = milliseconds(1)});
  add_account("b", {.delay = milliseconds(3)});
  for (int round = 0; round < (sanitized ? 5 : 10); ++round) {
    start();
    const auto where = port();
    const auto request = message_request(true);
    std::atomic<bool> ended = false;
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&] {
        while (!ended) try {
            raw_client client(where);
            client.send(request);
            client.read_answer();
          } catch (const std::runtime_error&) {
          }
      });
    }
    EXPECT_TRUE(eventually([&] { return seen_by("a").requests + seen_by("b").requests > 10; }));
    EXPECT_TRUE(stop(milliseconds(round % 2 == 0 ? 0 : 5000)));
    ended = true;
    for (auto& client : clients) client.join();
    upstream->clear_stats();
  }
}

TEST_F(stopping, a_signal_ends_the_program_in_order) {
  add_account("a", {.interval = milliseconds(10), .events = 20});
  add_key("k");
  baton_process process(settings);
  raw_client streaming(process.port());
  streaming.send(message_request(true));
  streaming.read_until("event: content_block_delta");
  process.send_signal(SIGTERM);
  std::string rest;
  for (std::string more; !(more = streaming.read_some()).empty();) rest += more;
  EXPECT_TRUE(rest.ends_with("0\r\n\r\n"));
  const auto status = process.wait();
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(stored_usage().tokens, (relay::token_usage{.input = 25, .output = 42}));
}

// Killed under load, the store holds whole batches: sums that fit one another and never more than
// was answered.
TEST_F(stopping, a_killed_process_leaves_a_store_that_fits_together) {
  add_account("a");
  add_account("b", {.interval = milliseconds(1)});
  add_key("k");
  std::int64_t stored_before = 0;
  for (int round = 0; round < 3; ++round) {
    baton_process process(settings);
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&, i] {
        try {
          raw_client client(process.port());
          while (client.send(message_request(i % 2 == 0)) && client.read_answer().complete) {
          }
        } catch (const std::runtime_error&) {
        }
      });
    }
    EXPECT_TRUE(eventually([&] { return stored_usage().requests > stored_before + 50; }));
    process.send_signal(SIGKILL);
    process.wait();
    for (auto& client : clients) client.join();

    const auto all = stored_usage();
    EXPECT_GT(all.requests, stored_before + 50);
    EXPECT_LE(all.requests, static_cast<std::int64_t>(upstream->stats().requests));
    EXPECT_LE(all.tokens.output, all.requests * 42);
    for (const auto granularity :
         {storage::period::hour, storage::period::day, storage::period::month}) {
      storage::usage_query query;
      query.granularity = granularity;
      EXPECT_EQ(stored_usage(query).requests, all.requests);
      EXPECT_EQ(stored_usage(query).tokens, all.tokens);
    }
    stored_before = all.requests;
  }
  start();  // counts what was recorded and not counted
  const auto caught_up = stored_usage().requests;
  EXPECT_GE(caught_up, stored_before);
  EXPECT_EQ(send_message().status, 200);
  EXPECT_TRUE(stop());
  EXPECT_EQ(stored_usage().requests, caught_up + 1);
}

}  // namespace
}  // namespace baton::e2e
