// Several who administrate at once: nobody's change is lost.
#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "tests/e2e/admin_fixture.hpp"

namespace baton::e2e {
namespace {

class admin_editing : public admin_fixture {};

TEST_F(admin_editing, of_two_who_edit_what_they_both_have_read_one_wins_and_nothing_is_lost) {
  start_and_log_in();
  std::string id;
  make_key("n", &id, {{"description", "0"}, {"concurrencyLimit", 0}});
  const auto path = "/api/v2/keys/" + id;
  const auto change_of = [](std::size_t who, int round) {
    return who == 0 ? json{{"description", std::to_string(round)}}
                    : json{{"concurrencyLimit", round}};
  };
  for (int round = 1; round <= 10; ++round) {
    const auto seen = get(path).etag();
    ASSERT_NE(seen, "");
    std::array<int, 2> statuses{};
    std::array<std::thread, 2> admins;
    for (std::size_t who = 0; who < 2; ++who) {
      admins[who] = std::thread([&, who] {
        statuses[who] = call("PUT", path, change_of(who, round), {{"If-Match", seen}}).status;
      });
    }
    for (auto& each : admins) each.join();
    EXPECT_EQ(std::min(statuses[0], statuses[1]), 200);
    EXPECT_EQ(std::max(statuses[0], statuses[1]), 409);
    const std::size_t loser = statuses[0] == 200 ? 1 : 0;
    const auto now = get(path);
    EXPECT_EQ(call("PUT", path, change_of(loser, round), {{"If-Match", now.etag()}}).status, 200);
    const auto both = get(path).body;
    EXPECT_EQ(both["description"], std::to_string(round));
    EXPECT_EQ(both["concurrencyLimit"], round);
  }
}

TEST_F(admin_editing, of_many_at_once_without_looking_loses_no_field) {
  settings.server.workers = 4;
  start_and_log_in();
  std::string id;
  make_key("n", &id, {{"rateLimitWindow", 60}});
  const auto path = "/api/v2/keys/" + id;
  constexpr int rounds = 10;
  const std::vector<std::string> fields = {
      "concurrencyLimit", "rateLimitRequests", "tokenLimit",  "queuePriority", "dailyCostLimit",
      "totalCostLimit",   "rateLimitCost",     "description", "tags"};
  const auto value = [](const std::string& field, int round) -> json {
    if (field == "description") return std::to_string(round);
    if (field == "tags") return json::array({"tag " + std::to_string(round)});
    return round;
  };
  std::atomic<int> done = 0;
  std::vector<std::thread> admins;
  for (const auto& field : fields) {
    admins.emplace_back([&] {
      for (int round = 1; round <= rounds; ++round) {
        auto answer = call("PUT", path, {{field, value(field, round)}});
        while (answer.status == 409) answer = call("PUT", path, {{field, value(field, round)}});
        if (answer.status == 200 && answer.body[field] == value(field, round)) ++done;
      }
    });
  }
  for (auto& each : admins) each.join();
  EXPECT_EQ(done, rounds * static_cast<int>(fields.size()));
  const auto last = get(path).body;
  for (const auto& field : fields) EXPECT_EQ(last[field], value(field, rounds)) << field;
  const auto entries = get("/api/v2/audit?action=key.update&limit=1000").body["items"];
  EXPECT_EQ(entries.size(), rounds * fields.size()) << "and each is in the log";
}

// The command line writes to the same store.
TEST_F(admin_editing, of_the_api_and_of_the_command_line_do_not_overwrite_one_another) {
  start_and_log_in();
  std::string id;
  make_key("n", &id);
  const auto path = "/api/v2/keys/" + id;
  const auto seen = get(path).etag();
  change_key("n", [](relay::api_key& key) { key.description = "by the command line"; });
  const json change = {{"tags", {"by the api"}}};
  EXPECT_EQ(call("PUT", path, change, {{"If-Match", seen}}).status, 409);
  EXPECT_EQ(call("PUT", path, change).status, 200);
  EXPECT_EQ(get(path).body["description"], "by the command line");
}

}  // namespace
}  // namespace baton::e2e
