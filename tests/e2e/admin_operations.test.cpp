// What the administration asks of the running relay: states, trials, the choice, sums.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/e2e/admin_fixture.hpp"

namespace baton::e2e {
namespace {

class admin_operations : public admin_fixture {
 protected:
  admin_operations() { settings.server.workers = 4; }

  reply dry_run(const json& asked) const {
    return call("POST", "/api/v2/scheduler/dry-run", asked);
  }
  static std::string id_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
};

TEST_F(admin_operations, reset_rate_limit_brings_an_account_back) {
  start_and_log_in();
  const auto path = make_account("a", {.status = 429, .header_lines = "retry-after: 3000\r\n"});
  EXPECT_EQ(send_message().status, 429);
  upstream->behave(credential("a"), {});
  EXPECT_EQ(send_message().status, 429) << "it is left alone";
  const auto away = get(path + "/availability").body;
  EXPECT_EQ(away["available"], false);
  EXPECT_EQ(away["state"], "rate_limited");
  EXPECT_TRUE(away["backAt"].is_string());
  const auto reset = call("POST", path + "/reset-rate-limit");
  EXPECT_EQ(reset.status, 200) << reset.raw.body;
  EXPECT_EQ(reset.body["available"], true);
  open_clients clients(port());
  EXPECT_EQ(clients.count(200, message_request()), clients.size()) << "on every worker";
}

TEST_F(admin_operations, test_tries_an_account_with_a_real_request) {
  start_and_log_in();
  const auto good = make_account("good");
  const auto bad = make_account("bad", {.status = 401});
  const auto works = call("POST", good + "/test", json::object());
  EXPECT_EQ(works.status, 200) << works.raw.body;
  EXPECT_EQ(works.body["works"], true);
  EXPECT_EQ(seen_by("good").requests, 1u);
  const auto fails = call("POST", bad + "/test", json::object());
  EXPECT_EQ(fails.body["works"], false);
  EXPECT_EQ(fails.body["status"], 401);
  EXPECT_THAT(fails.raw.body, testing::Not(testing::HasSubstr(credential("bad"))));
  EXPECT_EQ(call("POST", good + "x/test", json::object()).status, 404);
}

TEST_F(admin_operations, dry_run_names_the_account_that_the_next_request_gets) {
  settings.server.workers = 1;
  start_and_log_in();
  const std::vector<std::pair<std::string, std::string>> accounts = {
      {"a", make_account("a", {}, {{"priority", 10}})},
      {"b", make_account("b", {}, {{"priority", 20}})},
      {"c", make_account("c", {}, {{"priority", 20}, {"supportedModels", {"claude-opus-4-1"}}})}};
  const auto agrees = [&](const std::string& model) {
    const auto told = dry_run({{"key", "k"}, {"model", model}}).body;
    EXPECT_EQ(told["accounts"].size(), accounts.size());
    upstream->clear_stats();
    const auto answer = post("/v1/messages", new_message(false, model));
    if (told["account"].is_null()) return answer.status == 503;
    for (const auto& [name, path] : accounts) {
      if (id_of(path) == told["account"]) return seen_by(name).requests == 1;
    }
    return false;
  };
  EXPECT_TRUE(agrees("claude-sonnet-4-5"));
  call("POST", accounts[0].second + "/toggle-schedulable");
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(agrees("claude-opus-4-1")) << "in turn";
    EXPECT_TRUE(agrees("claude-sonnet-4-5"));
  }
  call("PUT", accounts[1].second, {{"isActive", false}});
  EXPECT_TRUE(agrees("claude-sonnet-4-5")) << "nobody";
  EXPECT_TRUE(agrees("claude-opus-4-1"));
}

TEST_F(admin_operations, stats_have_a_request_as_soon_as_it_has_its_answer) {
  add_account("a", {.tokens = {.input = 100, .output = 10}});
  start_and_log_in();
  std::string id;
  const auto key_text = make_key("n", &id);
  for (int round = 1; round <= 5; ++round) {
    const auto answers =
        at_once(8, [&](std::size_t i) { return send_message(i % 2 == 0, key_text); });
    ASSERT_EQ(count_status(answers, 200), 8u);
    const auto total = get("/api/v2/stats/usage?key=" + id).body["total"];
    EXPECT_EQ(total["requests"], 8 * round);
    EXPECT_EQ(total["tokens"]["input"], 800 * round);
    EXPECT_EQ(total["tokens"]["output"], 80 * round);
    EXPECT_EQ(get("/api/v2/stats/requests?limit=1000").body["items"].size(), 8u * round);
  }
}

TEST_F(admin_operations, guessed_passwords_are_refused_while_clients_are_served) {
  add_account("a");
  start_and_log_in();
  std::atomic<bool> ended = false;
  std::atomic<int> served = 0, refused = 0;
  std::thread client([&] {
    while (!ended) ++(send_message().status == 200 ? served : refused);
  });
  std::vector<int> statuses;
  raw_answer last;
  for (int i = 0; i < 12; ++i) {
    last = log_in("guess " + std::to_string(i));
    statuses.push_back(last.status);
  }
  ended = true;
  client.join();
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 401), 10);
  EXPECT_EQ(last.status, 429);
  EXPECT_GT(std::stoi(last.header("retry-after").value_or("0")), 60);
  EXPECT_EQ(log_in(settings.admin.password).status, 429) << "and the right one tells nothing";
  EXPECT_EQ(refused, 0);
  EXPECT_GT(served, 10);
  EXPECT_EQ(get("/api/v2/auth/me").status, 200) << "logins that are out work on";
}

}  // namespace
}  // namespace baton::e2e
