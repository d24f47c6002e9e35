// Keys whose life begins with their first use, and keys for certain programs only.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;

class key_life : public relay_fixture {
 protected:
  std::string add_sleeping_key(std::chrono::seconds life) {
    return add_key("s", [=](relay::api_key& key) { key.activation = life; });
  }
  raw_answer send_as(const std::string& user_agent, std::string_view key_text,
                     std::string_view path = "/v1/messages") const {
    auto lines = headers(key_text);
    lines.emplace_back("User-Agent", user_agent);
    return test::exchange(port(), "POST", path, lines, message_body());
  }
  relay::api_key stored_key() { return store().find_key("s").value(); }
};

TEST_F(key_life, begins_with_the_first_use_of_any_worker) {
  settings.server.workers = 4;
  add_account("a");
  const auto key = add_sleeping_key(std::chrono::hours(1));
  start();
  EXPECT_FALSE(stored_key().activated_at) << "nobody has used it";
  const auto before = wall_now();
  const auto answers = at_once(20, [&](std::size_t) { return send_message(false, key); });
  EXPECT_EQ(count_status(answers, 200), 20u);
  const auto after = wall_now();
  EXPECT_TRUE(eventually([&] { return stored_key().activated_at.has_value(); }));
  const auto stored = stored_key();
  EXPECT_TRUE(before <= *stored.activated_at && *stored.activated_at <= after);
  EXPECT_EQ(stored.expires_at, *stored.activated_at + std::chrono::hours(1));
  EXPECT_EQ(send_message(false, key).status, 200);
  EXPECT_TRUE(stop());
  EXPECT_EQ(stored_key().activated_at, stored.activated_at);
}

TEST_F(key_life, ends_when_it_is_over_on_every_worker_and_after_a_restart) {
  settings.server.workers = 2;
  add_account("a");
  const auto key = add_sleeping_key(std::chrono::seconds(1));
  start();
  EXPECT_EQ(send_message(false, key).status, 200);
  EXPECT_TRUE(eventually([&] { return send_message(false, key).status == 401; }));
  const auto late = at_once(20, [&](std::size_t) { return send_message(false, key); });
  EXPECT_EQ(count_status(late, 401), 20u);
  EXPECT_THAT(late[0].body, testing::HasSubstr("API key has expired"));
  EXPECT_TRUE(stop());
  start();
  EXPECT_EQ(send_message(false, key).status, 401);
}

TEST_F(key_life, does_not_begin_with_what_is_refused) {
  add_account("a");
  const auto key = add_key("s", [](relay::api_key& made) {
    made.activation = std::chrono::hours(1);
    made.allowed_clients = {"claude_code"};
  });
  start();
  EXPECT_EQ(send_as("curl/8.5.0", key).status, 403);
  EXPECT_EQ(send_as("claude-cli/2.1.328 (external, cli)", key).status, 200);
  EXPECT_TRUE(eventually([&] { return stored_key().activated_at.has_value(); }));
}

TEST_F(key_life, goes_on_as_before_when_a_revoked_key_is_restored) {
  add_account("a");
  const auto key = add_key("s", [](relay::api_key& made) {
    made.limits.total_cost_nanousd = 1;
    made.tags = {"team"};
  });
  start();
  EXPECT_EQ(send_message(false, key).status, 200);
  auto revoked = stored_key();
  revoked.deleted_at = wall_now();
  ASSERT_TRUE(store().update_key(revoked));
  EXPECT_TRUE(eventually([&] { return send_message(false, key).status == 401; }));
  revoked.deleted_at.reset();
  ASSERT_TRUE(store().update_key(revoked));
  EXPECT_TRUE(eventually([&] { return send_message(false, key).status == 402; }))
      << "what it has cost is not forgotten";
  EXPECT_EQ(stored_key().tags, std::vector<std::string>{"team"});
}

TEST_F(key_life, is_for_the_programs_that_the_key_names) {
  add_account("a");
  const auto key = add_key("s", [](relay::api_key& made) {
    made.allowed_clients = {"claude_code", "gemini_cli"};
  });
  start();
  EXPECT_EQ(send_as("claude-cli/2.1.328 (external, cli)", key).status, 200);
  EXPECT_EQ(send_as("curl/8.5.0", this->key()).status, 200) << "other keys are for all";
  const auto refused = send_as("curl/8.5.0", key);
  EXPECT_EQ(refused.status, 403);
  const auto body = json::parse(refused.body);
  EXPECT_EQ(body["error"], "Client not allowed");
  EXPECT_EQ(body["message"], "Your client is not authorized to use this API key");
  EXPECT_EQ(body["allowedClients"], json({"claude_code", "gemini_cli"}));
  EXPECT_EQ(body["userAgent"], "curl/8.5.0");
  EXPECT_EQ(send_message(false, key).status, 403) << "no user agent at all";
  EXPECT_EQ(seen_by("a").requests, 2u);
}

TEST_F(key_life, of_a_key_for_other_programs_is_told_in_the_shape_of_the_api) {
  const auto key =
      add_key("s", [](relay::api_key& made) { made.allowed_clients = {"claude_code"}; });
  start();
  const auto of_openai = json::parse(send_as("curl/8.5.0", key, "/v1/responses").body);
  EXPECT_EQ(of_openai["error"]["code"], "client_not_allowed");
  EXPECT_EQ(of_openai["userAgent"], "curl/8.5.0");
  const auto of_google =
      json::parse(send_as("curl/8.5.0", key, "/v1beta/models/gemini-3-pro:generateContent").body);
  EXPECT_EQ(of_google["error"]["code"], 403);
  EXPECT_EQ(of_google["error"]["status"], "PERMISSION_DENIED");
  EXPECT_EQ(of_google["allowedClients"], json({"claude_code"}));
}

}  // namespace
}  // namespace baton::e2e
