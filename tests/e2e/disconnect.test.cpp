// What becomes of an answer whose client has left, by the account's policy; its usage is right in
// each case.
#include <gtest/gtest.h>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using action = relay::disconnect_policy::action;

class disconnecting : public relay_fixture {
 protected:
  disconnecting() { settings.server.workers = 1; }  // which keeps one pool of connections

  // A client reads the beginning of a stream and leaves.
  void start_and_leave(const relay::disconnect_policy& policy, const mock::behaviour& script) {
    add_account("a", script, [&](relay::account& account) {
      account.on_disconnect = policy;
      account.concurrency_limit = 1;
    });
    start();
    raw_client client(port());
    client.send(message_request(true));
    client.read_until("event: content_block_delta");
  }
  bool counted_as_gone() {
    return metric_becomes(
        "baton_requests_total{platform=\"claude-console\",route=\"messages\","
        "outcome=\"client_gone\"}",
        1);
  }
};

TEST_F(disconnecting, cancels_the_answer_unless_told_otherwise) {
  start_and_leave({}, {.interval = milliseconds(20), .events = 10'000});
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}))
      << "as announced, and what was delivered";
  EXPECT_TRUE(counted_as_gone());
}

TEST_F(disconnecting, drains_the_answer_to_its_end) {
  start_and_leave({.what = action::drain}, {.interval = milliseconds(10), .events = 30});
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.answers_completed == 1; }));
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
  EXPECT_TRUE(counted_as_gone());
  EXPECT_EQ(send_message().status, 200) << "and its slot is free again";
  EXPECT_EQ(upstream->stats().connections_accepted, 1u) << "as is its connection";
}

TEST_F(disconnecting, drains_the_answer_for_a_time) {
  start_and_leave({.what = action::drain, .drain_max = std::chrono::seconds(1)},
                  {.interval = milliseconds(20), .events = 10'000});
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
  EXPECT_TRUE(estimated_usage_becomes(1, {.input = 25, .output = 1}));
  EXPECT_TRUE(counted_as_gone());
}

TEST_F(disconnecting, drains_an_answer_that_has_not_begun) {
  add_account("a", {.delay = milliseconds(300)},
              [](relay::account& account) { account.on_disconnect = {.what = action::drain}; });
  start();
  {
    raw_client client(port());
    client.send(message_request());
    ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  }
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
  EXPECT_TRUE(counted_as_gone());
}

TEST_F(disconnecting, tries_nobody_else_for_a_client_that_has_left) {
  add_account("a", {.status = 500, .delay = milliseconds(300)}, [](relay::account& account) {
    account.on_disconnect = {.what = action::drain};
    account.priority = 1;
  });
  add_account("b");
  start();
  {
    raw_client client(port());
    client.send(message_request());
    ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  }
  EXPECT_TRUE(counted_as_gone());
  EXPECT_EQ(seen_by("b").requests, 0u);
}

TEST_F(disconnecting, does_not_keep_a_server_from_stopping) {
  start_and_leave({.what = action::drain}, {.interval = milliseconds(20), .events = 10'000});
  const auto began = steady_now();
  EXPECT_TRUE(stop(milliseconds(100)));
  EXPECT_LT(steady_now() - began, milliseconds(sanitized ? 5000 : 2000));
  EXPECT_EQ(stored_usage().requests, 1);
}

TEST_F(disconnecting, blames_nobody_when_the_time_for_draining_is_over) {
  settings.circuit.failures_min = 1;
  add_account("a", {.delay = std::chrono::seconds(3)}, [](relay::account& account) {
    account.on_disconnect = {.what = action::drain, .drain_max = std::chrono::seconds(1)};
  });
  start();
  {
    raw_client client(port());
    client.send(message_request());
    ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  }
  EXPECT_TRUE(counted_as_gone());
  EXPECT_EQ(metric("baton_upstream_errors_total{account=\"a\",kind=\"timeout\"}"), 0);
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"a\",state=\"active\"}", 1));
}

}  // namespace
}  // namespace baton::e2e
