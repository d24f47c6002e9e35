#include <gmock/gmock.h>

#include <algorithm>

#include "admin/key_service.hpp"
#include "app/commands/command.hpp"
#include "app/commands/command_fixture.test.hpp"

namespace baton::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string secret = "sk-ant-very-secret-4711";

class audit_command : public command_fixture {
 protected:
  // "action name", the oldest first.
  std::vector<std::string> actions() {
    std::vector<std::string> found;
    const auto log = run_json({"audit"});
    for (const auto& each : log.at("items")) {
      found.push_back(each.at("action").get<std::string>() + ' ' +
                      each.at("objectName").get<std::string>());
    }
    std::reverse(found.begin(), found.end());
    return found;
  }
  void add_account() {
    run_json({"account", "add", "claude-console", "--name", "main", "--api-url",
              "https://upstream.test", "--api-key-stdin", "--proxy", "-"},
             secret + "\nhttp://user:proxy-password@proxy.test:3128\n");
  }
  void append(int count) {
    const auto store = open();
    storage::audit_entry entry;
    entry.at = wall_now();
    entry.actor = "admin";
    entry.action = "key.create";
    entry.object_type = "key";
    for (int i = 0; i < count; ++i) ASSERT_TRUE(store->add_audit(entry));
  }
};

TEST_F(audit_command, every_change_by_a_command_is_in_the_log) {
  run_json({"group", "add", "--name", "team"});
  run_json({"group", "set", "team", "--name", "crew"});
  run_json({"group", "remove", "crew"});
  run_json({"key", "create", "--name", "laptop"});
  run_json({"key", "set", "laptop", "--concurrency", "5"});
  run_json({"key", "revoke", "laptop"});
  run_json({"key", "restore", "laptop"});
  add_account();
  run_json({"account", "set", "main", "--priority", "7"});
  run_json({"account", "remove", "main", "--yes"});
  run_json({"tag", "create", "idle"});
  run_json({"tag", "rename", "idle", "busy"});
  run_json({"tag", "remove", "busy"});
  EXPECT_THAT(actions(), ElementsAre("group.create team", "group.update crew", "group.remove crew",
                                     "key.create laptop", "key.update laptop", "key.revoke laptop",
                                     "key.restore laptop", "account.create main",
                                     "account.update main", "account.remove main",
                                     "tag.create idle", "tag.rename idle", "tag.remove busy"));
  const auto log = run_json({"audit"});
  for (const auto& each : log.at("items")) {
    EXPECT_EQ(each.at("actor"), audit_actor());
    EXPECT_TRUE(each.at("address").is_null());
    EXPECT_EQ(each.at("outcome"), "done");
  }
  EXPECT_THAT(audit_actor(), ::testing::StartsWith("cli:"));
}

TEST_F(audit_command, what_fails_is_not_in_it) {
  run_json({"key", "create", "--name", "laptop"});
  EXPECT_EQ(run({"key", "create", "--name", "laptop"}).code, exit_failed);
  EXPECT_EQ(run({"key", "set", "laptop", "--rate-requests", "5"}).code, exit_unusable);
  EXPECT_EQ(run({"key", "restore", "laptop"}).code, exit_failed);
  EXPECT_THAT(actions(), ElementsAre("key.create laptop"));
}

TEST_F(audit_command, tells_what_has_changed_and_no_secret) {
  add_account();
  const auto key = run_json({"key", "create", "--name", "laptop"}).at("key").get<std::string>();
  run_json({"key", "set", "laptop", "--concurrency", "5"});
  run_json({"account", "set", "main", "--api-key-stdin"}, "another-" + secret + "\n");
  const auto newest = run_json({"audit", "--type", "key", "--limit", "1"}).at("items").at(0);
  EXPECT_EQ(newest.at("changes"), nlohmann::json({{"concurrencyLimit", {0, 5}}}));
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"audit"}, {"audit", "--json"}, {"audit", "--format", "csv"}}) {
    const auto told = run(args).out;
    EXPECT_THAT(told, HasSubstr("apiKey"));
    EXPECT_THAT(told, Not(HasSubstr(secret)));
    EXPECT_THAT(told, Not(HasSubstr("proxy-password")));
    EXPECT_THAT(told, Not(HasSubstr(key.substr(3))));
  }
}

TEST_F(audit_command, commands_and_the_api_leave_the_same_entry) {
  run_json({"key", "create", "--name", "one", "--concurrency", "5", "--tags", "x"});
  relay::api_key draft;
  draft.name = "two";
  draft.limits.concurrency = 5;
  draft.tags = {"x"};
  const admin::author administrator{"admin", "192.0.2.1", wall_now()};
  ASSERT_TRUE(admin::create_key(*open(), draft, "cr_", "a secret", administrator));

  auto all = run_json({"audit"}).at("items");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at("actor"), "admin");
  EXPECT_EQ(all[0].at("address"), "192.0.2.1");
  for (auto& each : all) {
    for (const auto* own : {"id", "at", "actor", "address", "objectId", "objectName"}) {
      each.erase(own);
    }
    for (const auto* own : {"id", "name", "createdAt", "updatedAt"}) each["changes"].erase(own);
  }
  EXPECT_EQ(all[0], all[1]);
}

TEST_F(audit_command, is_filtered_and_paged) {
  run_json({"group", "add", "--name", "team"});
  append(5);
  EXPECT_EQ(run_json({"audit", "--actor", "admin," + audit_actor()}).at("items").size(), 6u);
  EXPECT_EQ(run_json({"audit", "--actor", "admin"}).at("items").size(), 5u);
  EXPECT_EQ(run_json({"audit", "--action", "group.create,key.revoke"}).at("items").size(), 1u);
  EXPECT_EQ(run_json({"audit", "--from", "7d", "--to", "2199-01-01"}).at("items").size(), 6u);
  EXPECT_EQ(run_json({"audit", "--to", "2001-01-01"}).at("items").size(), 0u);
  const auto group = run_json({"audit", "--type", "group"}).at("items").at(0);
  const auto id = group.at("objectId").get<std::string>();
  EXPECT_EQ(run_json({"audit", "--id", id}).at("items"), nlohmann::json({group}));

  const auto first = run_json({"audit", "--limit", "4"});
  EXPECT_EQ(first.at("items").size(), 4u);
  const auto rest = run_json({"audit", "--before", first.at("next").dump()});
  EXPECT_EQ(rest.at("items").size(), 2u);
  EXPECT_TRUE(rest.at("next").is_null());
  EXPECT_THAT(run({"audit", "--limit", "4"}).out, HasSubstr("More: --before "));
}

TEST_F(audit_command, a_file_has_all_entries) {
  run_json({"group", "add", "--name", "team"});
  append(2499);
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto csv = run({"audit", "--format", "csv"}).out;
  EXPECT_EQ(lines(csv), 2500 + 1);
  EXPECT_EQ(csv.rfind("\"id\",\"at\","), 0u);
  EXPECT_EQ(lines(run({"audit", "--format", "jsonl"}).out), 2500);
  EXPECT_EQ(lines(run({"audit", "--format", "jsonl", "--limit", "1500"}).out), 1500);
  EXPECT_EQ(lines(run({"audit", "--format", "csv", "--actor", "nobody"}).out), 1);
}

TEST_F(audit_command, an_empty_answer_is_told_to_people) {
  run_json({"group", "add", "--name", "team"});
  const auto got = run({"audit", "--actor", "nobody"});
  EXPECT_EQ(got.out, "");
  EXPECT_THAT(got.err, HasSubstr("has nothing of this"));
}

TEST_F(audit_command, refuses_what_cannot_work_in_one_line) {
  run_json({"group", "add", "--name", "team"});
  expect_failure(run({"audit", "--from", "soon"}), exit_unusable, "--from: 'soon' is no time");
  expect_failure(run({"audit", "--to", "soon"}), exit_unusable, "--to: 'soon' is no time");
  expect_failure(run({"audit", "--actor", ","}), exit_unusable, "--actor: names nothing");
  expect_failure(run({"audit", "--limit", "0"}), exit_unusable, "--limit");
  expect_failure(run({"audit", "--limit", "-1"}), exit_unusable, "--limit");
  expect_failure(run({"audit", "--before", "4711"}), exit_unusable, "no audit entry has this id");
  expect_failure(run({"audit", "--format", "xml"}), exit_unusable, "--format");
  expect_failure(run({"audit", "--format", "csv", "--json"}), exit_unusable, "--json");
}

TEST_F(audit_command, does_not_make_a_data_folder) {
  expect_failure(run({"audit"}), exit_failed, "there is no data in");
}

}  // namespace
}  // namespace baton::app
