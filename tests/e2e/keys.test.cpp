// What a key may do, and how much of it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// How soon a change in the store has to be in force.
constexpr milliseconds in_force_within{sanitized ? 3000 : 1000};

class keys : public relay_fixture {
 protected:
  int status_for(std::string_view key_text, std::string_view model = "claude-sonnet-4-5") {
    return test::exchange(port(), "POST", "/v1/messages", headers(key_text),
                          message_body(false, model))
        .status;
  }
  // `count` requests, all of them sent before the first answer is read.
  std::vector<raw_answer> send_all_at_once(std::size_t count, const std::string& request) {
    std::vector<raw_client> clients;
    for (std::size_t i = 0; i < count; ++i) clients.emplace_back(port());
    for (auto& client : clients) client.send(request);
    std::vector<raw_answer> answers;
    for (auto& client : clients) answers.push_back(client.read_answer());
    return answers;
  }
  std::string request_of(std::string_view key_text) const {
    return test::request_text("POST", "/v1/messages", headers(key_text), message_body());
  }
};

TEST_F(keys, that_are_switched_off_expired_or_deleted_open_nothing) {
  add_account("a");
  const auto off = add_key("off", [](relay::api_key& key) { key.is_active = false; });
  const auto expired = add_key("expired", [](relay::api_key& key) { key.expires_at = wall_now(); });
  const auto deleted = add_key("deleted", [](relay::api_key& key) { key.deleted_at = wall_now(); });
  start();
  for (const auto& text : {off, expired, deleted}) {
    EXPECT_EQ(status_for(text), 401);
    EXPECT_EQ(test::get(port(), "/v1/usage", headers(text)).status, 401);
    EXPECT_EQ(test::get(port(), "/v1/models", headers(text)).status, 401);
  }
  EXPECT_EQ(upstream->stats().requests, 0u);
  EXPECT_EQ(status_for(key()), 200);
}

TEST_F(keys, expire_while_the_relay_runs) {
  add_account("a");
  start();
  const auto ends = wall_now() + milliseconds(1500);
  const auto text = add_key("short", [&](relay::api_key& key) { key.expires_at = ends; });
  EXPECT_TRUE(eventually([&] { return status_for(text) == 200; }));
  EXPECT_TRUE(eventually([&] { return status_for(text) == 401; }));
  EXPECT_GE(wall_now(), ends);
}

TEST_F(keys, are_held_to_their_services_and_models) {
  add_account("a");
  const auto openai = add_key("openai", [](relay::api_key& key) { key.permissions = {"openai"}; });
  const auto claude = add_key("claude", [](relay::api_key& key) { key.permissions = {"claude"}; });
  const auto blocked =
      add_key("blocked", [](relay::api_key& key) { key.restricted_models = {"claude-opus-4-1"}; });
  const auto allowed =
      add_key("allowed", [](relay::api_key& key) { key.allowed_models = {"claude-haiku-3-5"}; });
  start();
  EXPECT_EQ(status_for(openai), 403);
  EXPECT_EQ(status_for(claude), 200);
  EXPECT_EQ(status_for(blocked, "claude-opus-4-1"), 403);
  EXPECT_EQ(status_for(blocked, "claude-haiku-3-5"), 200);
  EXPECT_EQ(status_for(allowed, "claude-opus-4-1"), 403);
  EXPECT_EQ(status_for(allowed, "claude-haiku-3-5"), 200);
  EXPECT_EQ(upstream->stats().requests, 3u);
  const auto answer = test::post_json(port(), "/v1/messages", headers(allowed), message_body());
  EXPECT_EQ(json::parse(answer.body)["error"]["type"], "permission_error");
}

TEST_F(keys, bound_to_an_account_use_no_other) {
  add_account("a", {}, [](relay::account& account) { account.priority = 1; });
  const auto b = add_account("b", {.status = 500});
  const auto bound = add_key("bound", [&](relay::api_key& key) { key.bound_account = b.id; });
  const auto astray =
      add_key("astray", [](relay::api_key& key) { key.bound_account = account_id("gone"); });
  start();
  EXPECT_EQ(status_for(bound), 500);
  EXPECT_EQ(status_for(astray), 503);
  EXPECT_EQ(seen_by("a").requests, 0u);
  EXPECT_EQ(seen_by("b").requests, 1u);
}

TEST_F(keys, never_run_more_than_their_limit_at_once) {
  settings.server.workers = 4;
  add_account("a", {.delay = milliseconds(sanitized ? 4000 : 1000)});
  const auto text = add_key("ten", [](relay::api_key& key) { key.limits.concurrency = 10; });
  start();
  const auto answers = send_all_at_once(100, request_of(text));
  EXPECT_EQ(count_status(answers, 200), 10u);
  EXPECT_EQ(count_status(answers, 429), 90u);
  EXPECT_EQ(seen_by("a").in_flight_max, 10u);
  for (const auto& answer : answers) {
    if (answer.status != 429) continue;
    EXPECT_EQ(answer.header("retry-after"), "1");
    EXPECT_THAT(answer.body, HasSubstr("rate_limit_error"));
  }
  upstream->behave(credential("a"), {});
  EXPECT_EQ(status_for(text), 200) << "the slots are free again";
}

TEST_F(keys, get_their_slots_back_whatever_happens) {
  settings.timeouts.json_head = milliseconds(200);
  settings.timeouts.stream_head = milliseconds(200);
  add_account("a");
  const auto text = add_key("one", [](relay::api_key& key) { key.limits.concurrency = 1; });
  start();
  const std::vector<mock::behaviour> ends = {{.status = 500},
                                             {.stall_before_head = true},
                                             {.cut_after_events = 5},
                                             {.cut_after_bytes = 0},
                                             {.garbage = true}};
  for (const auto& script : ends) {
    upstream->behave(credential("a"), script);
    for (const bool stream : {false, true}) send_message(stream, text);
    // A timeout made the account rest; changing it wakes it up.
    auto account = *store().find_account("a");
    ASSERT_TRUE(store().update_account(account));
    upstream->behave(credential("a"), {});
    EXPECT_TRUE(eventually([&] { return status_for(text) == 200; }));
  }
  upstream->behave(credential("a"), {.interval = milliseconds(10), .events = 1000});
  {
    raw_client client(port());
    client.send(test::request_text("POST", "/v1/messages", headers(text), message_body(true)));
    client.read_until("content_block_delta");
    EXPECT_EQ(status_for(text), 429);
    EXPECT_EQ(
        test::post_json(port(), "/v1/messages/count_tokens", headers(text), message_body()).status,
        200)
        << "counting takes no slot";
  }
  upstream->behave(credential("a"), {});
  EXPECT_TRUE(eventually([&] { return status_for(text) == 200; }));
}

TEST_F(keys, are_held_to_the_requests_of_their_window) {
  add_account("a");
  const auto text = add_key("three", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_requests = 3;
    key.restricted_models = {"blocked"};
  });
  start();
  // What is refused consumes nothing.
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(test::post_json(port(), "/v1/messages", headers(text), "{}").status, 400);
    EXPECT_EQ(status_for(text, "blocked"), 403);
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(status_for(text), 200);
  const auto refused = test::post_json(port(), "/v1/messages", headers(text), message_body());
  EXPECT_EQ(refused.status, 429);
  const auto wait = std::stoi(refused.header("retry-after").value_or("0"));
  EXPECT_GT(wait, 3500);
  EXPECT_LE(wait, 3600);
  EXPECT_EQ(upstream->stats().requests, 3u);
}

TEST_F(keys, lose_nothing_of_their_window_to_what_nobody_served) {
  const auto text = add_key("two", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_requests = 2;
  });
  start();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status_for(text), 503);
  add_account("a");
  EXPECT_TRUE(eventually([&] { return status_for(text) == 200; }));
  EXPECT_EQ(status_for(text), 200);
  EXPECT_EQ(status_for(text), 429);
}

TEST_F(keys, cannot_overshoot_their_tokens_in_parallel) {
  settings.server.workers = 4;
  add_account("a", {.delay = milliseconds(50)});
  const auto text = add_key("tokens", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_tokens = 1000;
  });
  start();
  for (int round = 0; round < 5; ++round) send_all_at_once(30, request_of(text));
  EXPECT_EQ(status_for(text), 429);
  const auto used = seen_by("a").requests * 67;
  EXPECT_LE(used, 1000u);
  EXPECT_GE(used, 800u) << "what was reserved and not used comes back";
}

TEST_F(keys, that_are_revoked_stop_within_a_second) {
  add_account("a");
  start();
  raw_client open(port());
  open.send(message_request());
  EXPECT_EQ(open.read_answer().status, 200);
  change_key("k", [](relay::api_key& key) { key.is_active = false; });
  EXPECT_TRUE(eventually([&] { return status_for(key()) == 401; }, in_force_within));
  open.send(message_request());
  EXPECT_EQ(open.read_answer().status, 401) << "on a connection that was open, too";
  change_key("k", [](relay::api_key& key) { key.is_active = true; });
  EXPECT_TRUE(eventually([&] { return status_for(key()) == 200; }, in_force_within));
}

TEST_F(keys, and_accounts_added_while_it_runs_are_used_within_a_second) {
  start();
  EXPECT_EQ(send_message().status, 503);
  auto account = add_account("a");
  EXPECT_TRUE(eventually([&] { return send_message().status == 200; }, in_force_within));
  account.is_active = false;
  ASSERT_TRUE(store().update_account(account));
  EXPECT_TRUE(eventually([&] { return send_message().status == 503; }, in_force_within));
  account.is_active = true;
  account.credential.api_key = credential("changed");
  ASSERT_TRUE(store().update_account(account));
  EXPECT_TRUE(eventually([&] { return send_message().status == 200; }, in_force_within));
  EXPECT_EQ(seen_by("changed").requests, 1u);
  ASSERT_TRUE(store().remove_account(account.id));
  EXPECT_TRUE(eventually([&] { return send_message().status == 503; }, in_force_within));
}

TEST_F(keys, whose_limit_was_raised_may_do_more_within_a_second) {
  add_account("a");
  const auto text = add_key("few", [](relay::api_key& key) {
    key.limits.window_minutes = 60;
    key.limits.window_requests = 1;
  });
  start();
  EXPECT_EQ(status_for(text), 200);
  EXPECT_EQ(status_for(text), 429);
  change_key("few", [](relay::api_key& key) { key.limits.window_requests = 2; });
  EXPECT_TRUE(eventually([&] { return status_for(text) == 200; }, in_force_within));
  EXPECT_EQ(status_for(text), 429);
}

}  // namespace
}  // namespace baton::e2e
