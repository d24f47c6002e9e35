// A conversation stays with one account, from whichever connection and worker it goes on.
#include <gmock/gmock.h>

#include <set>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

constexpr std::string_view session_header = "x-claude-code-session-id";

class sessions : public relay_fixture {
 protected:
  sessions() { settings.server.workers = 4; }

  void start_with(std::initializer_list<const char*> accounts, std::uint32_t limit = 0,
                  milliseconds delay = milliseconds(0)) {
    for (const auto* name : accounts) {
      add_account(name, {.delay = delay},
                  [limit](relay::account& account) { account.concurrency_limit = limit; });
    }
    start();
  }
  raw_answer send_in(const std::string& session, std::string_view body) const {
    auto sent = headers();
    sent.emplace_back(std::string(session_header), session);
    return test::exchange(port(), "POST", "/v1/messages", sent, body);
  }
  raw_answer send_in(const std::string& session) const { return send_in(session, new_message()); }
  // Accounts that have been asked anything.
  std::set<std::string> asked(std::initializer_list<const char*> accounts) const {
    std::set<std::string> found;
    for (const auto* name : accounts) {
      if (seen_by(name).requests > 0) found.insert(name);
    }
    return found;
  }
};

TEST_F(sessions, stay_with_one_account_even_if_they_begin_on_all_workers_at_once) {
  start_with({"a", "b", "c", "d"});
  for (int n = 0; n < 5; ++n) {
    upstream->clear_stats();
    const auto id = "session-" + std::to_string(n);
    const auto answers = at_once(16, [&](std::size_t) { return send_in(id); });
    EXPECT_EQ(count_status(answers, 200), 16u);
    EXPECT_EQ(asked({"a", "b", "c", "d"}).size(), 1u);
  }
}

TEST_F(sessions, are_known_by_the_metadata_in_both_its_forms) {
  start_with({"a", "b", "c", "d"});
  const std::string id = "0b7e1f0e-7c1f-4e0b-9b8e-0d6f0c6b5a41";
  const std::string hash(64, 'f');
  const auto body_with = [](std::string user_id) {
    auto body = new_message();
    body.insert(body.size() - 1, R"(,"metadata":{"user_id":")" + std::move(user_id) + "\"}");
    return body;
  };
  EXPECT_EQ(send_in(id).status, 200);
  EXPECT_EQ(post("/v1/messages", body_with("user_" + hash + "_account__session_" + id)).status,
            200);
  EXPECT_EQ(post("/v1/messages",
                 body_with(R"({\"device_id\":\"d\",\"account_uuid\":\"\",\"session_id\":\")" + id +
                           R"(\"})"))
                .status,
            200);
  EXPECT_EQ(asked({"a", "b", "c", "d"}).size(), 1u);
}

TEST_F(sessions, are_spread_over_the_accounts) {
  start_with({"a", "b", "c", "d"});
  for (int n = 0; n < 64; ++n) EXPECT_EQ(send_in("session-" + std::to_string(n)).status, 200);
  EXPECT_EQ(asked({"a", "b", "c", "d"}).size(), 4u);
}

TEST_F(sessions, whose_account_fails_move_and_stay_where_they_moved_to) {
  start_with({"a", "b"});
  EXPECT_EQ(send_in("s").status, 200);
  const std::string first = seen_by("a").requests > 0 ? "a" : "b";
  const std::string other = first == "a" ? "b" : "a";
  upstream->behave(credential(first), {.status = 500, .times = 1});
  EXPECT_EQ(send_in("s").status, 200);
  EXPECT_EQ(seen_by(other).requests, 1u);
  for (int n = 0; n < 8; ++n) EXPECT_EQ(send_in("s").status, 200);
  EXPECT_EQ(seen_by(first).requests, 2u) << "the one that failed was the last one there";
  EXPECT_EQ(seen_by(other).requests, 9u);
}

TEST_F(sessions, whose_account_is_full_are_helped_out_and_come_back) {
  start_with({"a", "b"}, 1, milliseconds(100));
  EXPECT_EQ(send_in("s").status, 200);
  const std::string own = seen_by("a").requests > 0 ? "a" : "b";
  const auto answers = at_once(2, [&](std::size_t) { return send_in("s"); });
  EXPECT_EQ(count_status(answers, 200), 2u);
  EXPECT_EQ(seen_by("a").requests + seen_by("b").requests, 3u);
  EXPECT_EQ(seen_by(own).requests, 2u);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(send_in("s").status, 200);
  EXPECT_EQ(seen_by(own).requests, 5u) << "it was lent, not given away";
}

TEST_F(sessions, of_two_keys_have_nothing_to_do_with_one_another) {
  start_with({"a", "b", "c", "d"});
  std::set<std::string> all;
  for (int n = 0; n < 12; ++n) {
    upstream->clear_stats();
    const auto key = add_key("k" + std::to_string(n));
    EXPECT_TRUE(eventually([&] { return send_message(false, key).status == 200; }));
    upstream->clear_stats();
    auto sent = headers(key);
    sent.emplace_back(std::string(session_header), "one-name");
    EXPECT_EQ(test::exchange(port(), "POST", "/v1/messages", sent, new_message()).status, 200);
    all.merge(asked({"a", "b", "c", "d"}));
  }
  EXPECT_GT(all.size(), 1u);
}

}  // namespace
}  // namespace baton::e2e
