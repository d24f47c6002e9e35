// When something runs short: memory, connections, the store, somebody's patience.
#include <gmock/gmock.h>

#include "storage/first_start.hpp"
#include "storage/sqlite.hpp"
#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class pressure : public relay_fixture {
 protected:
  pressure() { settings.server.workers = 1; }
};

TEST_F(pressure, bodies_beyond_the_budget_are_refused_until_there_is_room) {
  settings.limits.buffered_body_bytes_max = 400'000;
  add_account("a");
  start();
  const auto body = message_body_of(150'000);
  std::vector<raw_client> holders;
  for (int i = 0; i < 4; ++i) {
    holders.emplace_back(port());
    holders.back().send(message_request(false, body).substr(0, 150'000));
  }
  const auto small = test::post_json(port(), "/v1/messages", headers(), message_body());
  EXPECT_EQ(small.status, 200) << "what needs no buffer is served";
  EXPECT_TRUE(eventually([&] {
    const auto refused = post("/v1/messages", body);
    if (refused.status != 503) return false;
    EXPECT_EQ(refused.header("retry-after"), "1");
    return true;
  }));
  holders.clear();
  EXPECT_TRUE(eventually([&] { return post("/v1/messages", body).status == 200; }));
}

TEST_F(pressure, connections_beyond_the_limit_are_closed) {
  settings.limits.connections_max = 5;
  add_account("a");
  start();
  std::vector<raw_client> open;
  for (int i = 0; i < 5; ++i) {
    open.emplace_back(port());
    open.back().send(test::request_text("GET", "/health", {}));
    EXPECT_EQ(open.back().read_answer().status, 200);
  }
  raw_client late(port());
  EXPECT_NE(late.read_to_end(), test::peer_end::open);
  open.front().send(message_request());
  EXPECT_EQ(open.front().read_answer().status, 200);
  open.clear();
  EXPECT_TRUE(eventually([&] { return send_message().status == 200; }));
}

TEST_F(pressure, a_locked_store_delays_nobody_and_loses_nothing) {
  add_account("a");
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
  auto other = storage::sqlite::connection::open(storage::database_file(settings.storage.data_dir),
                                                 storage::sqlite::durability::normal);
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  const auto began = steady_now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(send_message(i % 2 == 0).status, 200);
  EXPECT_LT(steady_now() - began, milliseconds(sanitized ? 4000 : 1000));
  EXPECT_EQ(stored_usage().requests, 1);
  ASSERT_TRUE(other->execute("COMMIT"));
  EXPECT_TRUE(usage_becomes(101, {.input = 101 * 25, .output = 101 * 42}));
}

TEST_F(pressure, an_upstream_that_does_not_read_is_given_up) {
  settings.timeouts.stream_head = milliseconds(300);
  settings.timeouts.json_head = milliseconds(300);
  scripted_peer deaf([](conversation& talk) {
    talk.read_exactly(10);
    talk.wait_for_end();
  });
  add_account("deaf", {}, [&](relay::account& account) {
    account.priority = 10;
    account.api_url = deaf.url();
  });
  add_account("b", {}, [](relay::account& account) { account.priority = 20; });
  start();
  const auto answer = post("/v1/messages", message_body_of(20'000'000, true));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(seen_by("b").requests, 1u);
}

TEST_F(pressure, a_client_that_asks_for_another_protocol_gets_this_one) {
  add_account("a");
  start();
  auto asking = headers();
  asking.emplace_back("Connection", "Upgrade, HTTP2-Settings");
  asking.emplace_back("Upgrade", "h2c");
  asking.emplace_back("HTTP2-Settings", "AAMAAABkAAQAAP__");
  EXPECT_EQ(test::post_json(port(), "/v1/messages", asking, message_body()).status, 200);
  EXPECT_THAT(seen_by("a").last_head, testing::Not(HasSubstr("HTTP2-Settings")));
}

}  // namespace
}  // namespace baton::e2e
