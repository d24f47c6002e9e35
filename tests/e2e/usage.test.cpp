// What is counted, for whom, and that none of it is lost.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using relay::token_usage;

constexpr mock::token_counts all_classes{
    .input = 11, .output = 22, .cache_read = 33, .cache_write_5m = 44, .cache_write_1h = 55};
constexpr token_usage all_classes_counted{
    .input = 11, .output = 22, .cache_read = 33, .cache_write_5m = 44, .cache_write_1h = 55};

token_usage times(token_usage usage, int factor) {
  token_usage total;
  for (int i = 0; i < factor; ++i) total += usage;
  return total;
}

class usage : public relay_fixture {
 protected:
  json own_usage(std::string_view key_text = {}) {
    const auto answer = test::get(port(), "/v1/usage", headers(key_text));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  storage::usage_sum stored_for(const key_id& key) {
    storage::usage_query query;
    query.keys = {key};
    return stored_usage(query);
  }
};

TEST_F(usage, counts_every_class_of_tokens) {
  add_account("a", {.tokens = all_classes});
  start();
  EXPECT_EQ(send_message(false).status, 200);
  EXPECT_EQ(send_message(true).status, 200);
  const auto total = own_usage()["usage"]["total"];
  EXPECT_EQ(total["requests"], 2);
  EXPECT_EQ(total["inputTokens"], 22);
  EXPECT_EQ(total["outputTokens"], 44);
  EXPECT_EQ(total["cacheReadTokens"], 66);
  EXPECT_EQ(total["ephemeral5mTokens"], 88);
  EXPECT_EQ(total["ephemeral1hTokens"], 110);
  EXPECT_EQ(total["allTokens"], 330);
  EXPECT_EQ(own_usage()["usage"]["daily"], total);
  EXPECT_EQ(own_usage()["usage"]["monthly"], total);
  EXPECT_TRUE(usage_becomes(2, times(all_classes_counted, 2)));
  const std::string labels = "{class=\"cache_write_1h\",model=\"claude-sonnet-4-5\",";
  EXPECT_EQ(metric("baton_tokens_total" + labels + "platform=\"claude-console\"}"), 110);
}

TEST_F(usage, is_kept_by_key_account_and_model) {
  add_account("a", {}, [](relay::account& account) { account.models = {{"one", "one"}}; });
  add_account("b", {.tokens = all_classes}, [](relay::account& account) {
    account.models = {{"two", "renamed"}};
  });
  const auto other = add_key("other");
  start();
  EXPECT_EQ(post("/v1/messages", message_body(false, "one")).status, 200);
  for (int i = 0; i < 2; ++i) {
    const auto body = message_body(i == 0, "two");
    EXPECT_EQ(test::post_json(port(), "/v1/messages", headers(other), body).status, 200);
  }
  const auto mine = own_usage();
  EXPECT_EQ(mine["usage"]["total"]["requests"], 1);
  EXPECT_EQ(mine["usage"]["total"]["allTokens"], 67);
  ASSERT_EQ(mine["models"].size(), 1u);
  EXPECT_EQ(mine["models"][0]["model"], "one");
  const auto others = own_usage(other);
  EXPECT_EQ(others["usage"]["total"]["allTokens"], 2 * all_classes_counted.total());
  ASSERT_EQ(others["models"].size(), 1u);
  EXPECT_EQ(others["models"][0]["model"], "renamed") << "what the upstream says it was";
  storage::usage_query of_b;
  of_b.accounts = {store().find_account("b")->id};
  EXPECT_EQ(stored_usage(of_b).requests, 2);
}

TEST_F(usage, shows_a_key_its_own_only) {
  add_account("a");
  const auto other = add_key("other", [](relay::api_key& key) {
    key.limits.concurrency = 3;
    key.allowed_models = {"one"};
  });
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(own_usage(other)["usage"]["total"]["requests"], 0);
  const auto info = json::parse(test::get(port(), "/v1/key-info", headers(other)).body);
  EXPECT_EQ(info["name"], "other");
  EXPECT_EQ(info["limits"]["concurrencyLimit"], 3);
  EXPECT_EQ(info["allowedModels"], json({"one"}));
  EXPECT_EQ(test::get(port(), "/v1/usage").status, 401);
  EXPECT_EQ(test::get(port(), "/v1/key-info").status, 401);
}

TEST_F(usage, survives_a_restart) {
  add_account("a", {.tokens = all_classes});
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send_message(i % 2 == 0).status, 200);
  EXPECT_TRUE(stop());
  EXPECT_EQ(stored_usage().requests, 3) << "stop() has stored all of it";
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(own_usage()["usage"]["total"]["requests"], 4);
  EXPECT_EQ(own_usage()["usage"]["total"]["allTokens"], 4 * all_classes_counted.total());
}

TEST_F(usage, of_parallel_requests_is_exact) {
  settings.server.workers = 4;
  add_account("a", {.tokens = all_classes});
  add_account("b", {.tokens = all_classes});
  start();
  constexpr std::size_t clients = 20;
  const auto answers = at_once(clients, [&](std::size_t thread) {
    raw_client client(port());
    raw_answer last;
    for (int i = 0; i < 10; ++i) {
      client.send(message_request((thread + i) % 2 == 0));
      last = client.read_answer();
    }
    return last;
  });
  EXPECT_EQ(count_status(answers, 200), clients);
  const auto total = own_usage()["usage"]["total"];
  EXPECT_EQ(total["requests"], 200);
  EXPECT_EQ(total["allTokens"], 200 * all_classes_counted.total());
  EXPECT_TRUE(usage_becomes(200, times(all_classes_counted, 200)));
}

TEST_F(usage, is_visible_as_soon_as_the_answer_is) {
  settings.server.workers = 4;
  add_account("a");
  start();
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(send_message(i % 2 == 0).status, 200);
    EXPECT_EQ(own_usage()["usage"]["total"]["requests"], i);
  }
}

TEST_F(usage, leaves_out_what_costs_nothing) {
  add_account("a");
  start();
  EXPECT_EQ(post("/v1/messages/count_tokens", message_body()).status, 200);
  EXPECT_EQ(test::get(port(), "/v1/models", headers()).status, 200);
  EXPECT_EQ(post("/v1/messages", "{}").status, 400);
  EXPECT_EQ(send_message(false, "cr_unknown_key").status, 401);
  EXPECT_EQ(own_usage()["usage"]["total"]["requests"], 0);
}

TEST_F(usage, leaves_out_what_reached_nobody) {
  add_account("a", {}, [](relay::account& account) {
    account.api_url = "http://127.0.0.1:" + std::to_string(refusing_port());
  });
  start();
  EXPECT_EQ(send_message().status, 502);
  EXPECT_TRUE(eventually([&] { return send_message().status == 503; }));
  EXPECT_EQ(own_usage()["usage"]["total"]["requests"], 0);
}

TEST_F(usage, of_absurd_numbers_does_no_harm) {
  add_account("a", {.tokens = {.input = 9'000'000'000'000'000'000, .output = -5}});
  add_account("b", {.body = R"({"type":"message","model":7,"usage":{"input_tokens":"x"}})"});
  add_account("c", {.body = "not json"});
  start();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(send_message().status, 200);
  const auto total = own_usage()["usage"]["total"];
  EXPECT_EQ(total["requests"], 6);
  EXPECT_GE(total["allTokens"], 0);
}

}  // namespace
}  // namespace baton::e2e
