// What a key may cost: the answers when it is used up, and that neither parallel requests nor a
// restart get past it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Of one of the mock's answers to message_body(): 25 tokens in at 3 USD a million, 42 out at 15.
constexpr std::uint64_t cost_of_one = 25 * 3'000 + 42 * 15'000;

class cost_limits : public relay_fixture {
 protected:
  std::string add_limited_key(const std::string& name, std::uint64_t relay::key_limits::*limit,
                              std::uint64_t nanousd) {
    return add_key(name, [=](relay::api_key& key) {
      key.limits.*limit = nanousd;
      if (limit == &relay::key_limits::window_cost_nanousd) key.limits.window_minutes = 60;
    });
  }
  // As an earlier run has stored it.
  void spend(const std::string& key_name, std::int64_t nanousd) {
    storage::usage_row row;
    row.key = store().find_key(key_name)->id;
    row.account = account_id("gone");
    row.platform = "claude-console";
    row.model = "claude-opus-5-5";
    row.hour = std::chrono::floor<std::chrono::hours>(wall_now());
    row.requests = 1;
    row.cost_nanousd = row.rated_nanousd = nanousd;
    ASSERT_TRUE(store().add_usage(std::vector{row}, std::nullopt));
  }
  // What is stored lags behind the answers by a moment.
  bool stored_cost_becomes(const std::string& key_name, std::uint64_t nanousd) {
    storage::usage_query query;
    query.keys = {store().find_key(key_name)->id};
    return eventually([&] {
      const auto sums = store().usage(query).value();
      return !sums.empty() && static_cast<std::uint64_t>(sums[0].rated_nanousd) == nanousd;
    });
  }
  raw_answer ask(std::string_view path, std::string_view key_text, const std::string& body) const {
    return test::exchange(port(), "POST", path, headers(key_text), body);
  }
  // Sends one after the other until one is refused.
  raw_answer use_up(std::string_view key_text, int answers_max = 100) {
    raw_answer answer;
    for (int i = 0; i < answers_max; ++i) {
      answer = send_message(i % 2 == 0, key_text);
      // What the one before has used may not have been told yet.
      if (answer.status == 429) continue;
      if (answer.status != 200) break;
    }
    return answer;
  }
};

TEST_F(cost_limits, that_are_used_up_are_told_in_v1_s_words_on_anthropic_s_routes) {
  add_account("a");
  const auto daily = add_limited_key("d", &relay::key_limits::daily_cost_nanousd, 5'000'000'000);
  const auto total = add_limited_key("t", &relay::key_limits::total_cost_nanousd, 1);
  const auto weekly =
      add_limited_key("w", &relay::key_limits::weekly_claude_cost_nanousd, 1'000'000'000);
  spend("d", 5'012'500'000);
  spend("t", 1);
  spend("w", 1'000'000'000);
  start();

  const auto refused = send_message(false, daily);
  EXPECT_EQ(refused.status, 402) << refused.body;
  const auto body = json::parse(refused.body);
  EXPECT_EQ(body["type"], "error");
  EXPECT_EQ(body["error"]["type"], "insufficient_quota");
  EXPECT_EQ(body["error"]["code"], "daily_cost_limit_exceeded");
  EXPECT_THAT(body["error"]["message"].get<std::string>(), HasSubstr("$5.01 of $5"));
  EXPECT_EQ(body["currentCost"], 5.0125);
  EXPECT_EQ(body["costLimit"], 5);
  EXPECT_THAT(body["resetAt"].get<std::string>(), HasSubstr("T00:00:00.000Z"));
  EXPECT_EQ(body["request_id"], refused.header("x-request-id").value_or(""));
  EXPECT_EQ(refused.header("retry-after"), std::nullopt);

  const auto for_good = json::parse(send_message(false, total).body);
  EXPECT_EQ(for_good["error"]["code"], "total_cost_limit_exceeded");
  EXPECT_FALSE(for_good.contains("resetAt"));
  const auto of_week = json::parse(send_message(false, weekly).body);
  EXPECT_EQ(of_week["error"]["code"], "weekly_opus_cost_limit_exceeded");
  EXPECT_TRUE(of_week.contains("resetAt"));

  EXPECT_EQ(upstream->stats().requests, 0u);
  EXPECT_EQ(send_message().status, 200) << "other keys go on";
  for (const auto* limit : {"daily_cost", "total_cost", "weekly_claude_cost"}) {
    EXPECT_TRUE(
        metric_becomes(std::string("baton_limit_rejections_total{limit=\"") + limit + "\"}", 1));
  }
}

TEST_F(cost_limits, that_are_used_up_are_told_in_the_shape_of_other_apis) {
  add_account("o", {}, [](relay::account& account) { account.platform = "openai-responses"; });
  add_account("g", {}, [](relay::account& account) { account.platform = "gemini-api"; });
  const auto key = add_limited_key("d", &relay::key_limits::daily_cost_nanousd, 5'000'000'000);
  spend("d", 5'000'000'000);
  start();

  for (const auto* path : {"/v1/chat/completions", "/v1/responses"}) {
    const auto refused = ask(
        path, key, R"({"model":"gpt-5.1","input":"x","messages":[{"role":"user","content":"x"}]})");
    EXPECT_EQ(refused.status, 402) << path << refused.body;
    const auto body = json::parse(refused.body);
    EXPECT_EQ(body["error"]["type"], "insufficient_quota");
    EXPECT_EQ(body["error"]["code"], "daily_cost_limit_exceeded");
    EXPECT_TRUE(body["error"]["message"].is_string());
    EXPECT_EQ(body["currentCost"], 5);
    EXPECT_EQ(body["costLimit"], 5);
    EXPECT_TRUE(body.contains("resetAt"));
  }

  const auto refused = ask("/v1beta/models/gemini-2.5-flash:generateContent", key,
                           R"({"contents":[{"role":"user","parts":[{"text":"x"}]}]})");
  EXPECT_EQ(refused.status, 402) << refused.body;
  const auto body = json::parse(refused.body);
  EXPECT_EQ(body["error"]["code"], 402);
  EXPECT_EQ(body["error"]["status"], "RESOURCE_EXHAUSTED");
  EXPECT_TRUE(body["error"]["message"].is_string());
  EXPECT_EQ(body["costLimit"], 5);
  EXPECT_EQ(upstream->stats().requests, 0u);
}

TEST_F(cost_limits, of_a_week_let_other_models_pass) {
  add_account("a");
  add_account("o", {}, [](relay::account& account) { account.platform = "openai-responses"; });
  const auto key = add_limited_key("w", &relay::key_limits::weekly_claude_cost_nanousd, 1);
  spend("w", 1);
  start();
  EXPECT_EQ(send_message(false, key).status, 402);
  EXPECT_EQ(ask("/v1/responses", key, R"({"model":"gpt-5.1","input":"x"})").status, 200);
  EXPECT_EQ(ask("/v1/responses", key, R"({"model":"claude-opus-5-5","input":"x"})").status, 402);
}

TEST_F(cost_limits, of_a_window_are_free_again_at_its_end) {
  add_account("a");
  const auto key = add_limited_key("r", &relay::key_limits::window_cost_nanousd, cost_of_one);
  start();
  const auto refused = use_up(key, 3);
  EXPECT_EQ(refused.status, 429) << refused.body;
  const auto body = json::parse(refused.body);
  EXPECT_EQ(body["error"]["type"], "rate_limit_error");
  EXPECT_EQ(body["costLimit"], 0.000705);
  EXPECT_EQ(body["currentCost"], 0.000705);
  const auto wait = std::stoi(refused.header("retry-after").value_or("0"));
  EXPECT_GT(wait, 3500);
  EXPECT_LE(wait, 3600);
}

TEST_F(cost_limits, can_be_used_up_to_the_end_and_outlive_a_restart) {
  add_account("a");
  const auto key = add_limited_key("d", &relay::key_limits::daily_cost_nanousd, 4 * cost_of_one);
  start();
  EXPECT_EQ(use_up(key).status, 402);
  EXPECT_EQ(seen_by("a").requests, 4u);
  EXPECT_TRUE(stored_cost_becomes("d", 4 * cost_of_one));
  EXPECT_TRUE(stop());
  start();
  EXPECT_EQ(send_message(false, key).status, 402);
  change_key("d",
             [](relay::api_key& changed) { changed.limits.daily_cost_nanousd = 6 * cost_of_one; });
  EXPECT_TRUE(eventually([&] { return send_message(false, key).status == 200; }));
  EXPECT_EQ(use_up(key).status, 402);
  EXPECT_TRUE(stored_cost_becomes("d", 6 * cost_of_one));
}

TEST_F(cost_limits, are_passed_by_one_request_at_most_by_fifty_at_once_on_four_workers) {
  settings.server.workers = 4;
  add_account("a", {.delay = milliseconds(30)});
  // Not a multiple: the last one passes it.
  constexpr std::uint64_t limit = 5 * cost_of_one + cost_of_one / 2;
  const auto key = add_limited_key("d", &relay::key_limits::daily_cost_nanousd, limit);
  start();
  std::size_t served = 0;
  for (int round = 0; round < 10; ++round) {
    const auto answers = at_once(50, [&](std::size_t i) { return send_message(i % 2 == 0, key); });
    const auto now_served = count_status(answers, 200);
    served += now_served;
    EXPECT_EQ(now_served + count_status(answers, 402) + count_status(answers, 429), 50u);
    for (const auto& answer : answers) {
      if (answer.status != 429) continue;
      const auto wait = std::stoi(answer.header("retry-after").value_or("0"));
      EXPECT_TRUE(1 <= wait && wait <= 5) << wait;
    }
  }
  EXPECT_EQ(served, 6u) << "as many as it takes to reach the limit";
  EXPECT_EQ(send_message(false, key).status, 402);
  EXPECT_TRUE(stored_cost_becomes("d", 6 * cost_of_one));
}

}  // namespace
}  // namespace baton::e2e
