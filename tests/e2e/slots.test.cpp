// Accounts with a concurrency limit: never exceeded, never lost.
#include <gmock/gmock.h>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

class slots : public relay_fixture {
 protected:
  void add_limited(const std::string& name, std::uint32_t limit, const mock::behaviour& script,
                   int priority = 10) {
    add_account(name, script, [&](relay::account& account) {
      account.priority = priority;
      account.concurrency_limit = limit;
    });
  }
  bool all_are_back(const std::string& name) {
    return eventually(
        [&] { return metric("baton_account_inflight{account=\"" + name + "\"}") == 0; });
  }
};

TEST_F(slots, what_does_not_fit_spills_to_the_next_account) {
  settings.server.workers = 4;
  add_limited("a", 2, {.delay = milliseconds(50)});
  add_account("b", {.delay = milliseconds(50)},
              [](relay::account& account) { account.priority = 20; });
  start();
  for (int round = 0; round < 3; ++round) {
    const auto answers = at_once(20, [&](std::size_t i) { return send_message(i % 2 == 0); });
    EXPECT_EQ(count_status(answers, 200), 20u);
  }
  EXPECT_LE(seen_by("a").in_flight_max, 2u);
  EXPECT_GE(seen_by("a").requests, 6u);
  EXPECT_EQ(seen_by("a").requests + seen_by("b").requests, 60u);
  EXPECT_TRUE(all_are_back("a"));
}

TEST_F(slots, what_fits_nowhere_is_told_to_come_back_where_nobody_waits) {
  settings.server.workers = 4;
  settings.queue.wait = milliseconds(0);
  add_limited("a", 2, {.delay = milliseconds(100)});
  start();
  for (int round = 0; round < 3; ++round) {
    const auto answers = at_once(20, [&](std::size_t) { return send_message(); });
    EXPECT_EQ(count_status(answers, 200), 2u);
    EXPECT_EQ(count_status(answers, 429), 18u);
    for (const auto& answer : answers) {
      if (answer.status != 429) continue;
      EXPECT_EQ(answer.header("retry-after"), "1") << answer.body;
    }
    EXPECT_TRUE(all_are_back("a"));
  }
  EXPECT_EQ(seen_by("a").in_flight_max, 2u);
}

TEST_F(slots, come_back_whatever_happens) {
  settings.timeouts.stream_head = milliseconds(200);
  settings.timeouts.between_events = milliseconds(200);
  add_limited("cut", 2, {.cut_after_events = 5});
  add_limited("refuses", 2, {.status = 500});
  add_limited("stalls", 2, {.stall_after_events = 5});
  add_limited("silent", 2, {.stall_before_head = true});
  add_limited("slow", 2, {.interval = milliseconds(10), .events = 1000});
  const std::vector<std::string> names = {"cut", "refuses", "stalls", "silent", "slow"};
  std::vector<std::string> keys;
  for (const auto& name : names) {
    const auto account = store().find_account(name);
    keys.push_back(add_key(name, [&](relay::api_key& key) { key.bound_account = account->id; }));
  }
  start();
  at_once(4 * names.size(), [&](std::size_t i) {
    const auto which = i % names.size();
    raw_client client(port());
    client.send(
        test::request_text("POST", "/v1/messages", headers(keys[which]), message_body(true)));
    if (names[which] != "slow") return client.read_answer();
    const auto answer = client.read_head();
    if (answer.status == 200) client.read_until("content_block_delta");
    return answer;  // and goes
  });
  for (const auto& name : names) EXPECT_TRUE(all_are_back(name)) << name;
  for (const auto& name : names) EXPECT_LE(seen_by(name).in_flight_max, 2u) << name;
}

// That a slot is free again is news that travels between workers, behind the answer's last byte: a
// client that is quicker than that is told to come back, but seldom.
TEST_F(slots, are_free_again_when_their_answers_have_ended) {
  add_limited("a", 5, {.delay = milliseconds(20)});
  start();
  std::size_t rounds = 0;
  std::size_t served = 0;
  std::size_t refused = 0;
  for (const auto until = steady_now() + milliseconds(400); steady_now() < until; ++rounds) {
    const auto answers = at_once(5, [&](std::size_t) { return send_message(); });
    served += count_status(answers, 200);
    refused += count_status(answers, 429);
  }
  EXPECT_EQ(served + refused, 5 * rounds);
  EXPECT_LE(refused, served / 5);
  EXPECT_EQ(seen_by("a").requests, served);
}

}  // namespace
}  // namespace baton::e2e
