#include "app/commands/command_fixture.test.hpp"

namespace baton::app {
namespace {

class group_command : public command_fixture {
 protected:
  nlohmann::json add(const std::string& name) {
    return run_json({"group", "add", "--name", name, "--description", "about " + name});
  }
  nlohmann::json add_account(const std::string& name, const std::string& groups) {
    return run_json({"account", "add", "claude-console", "--name", name, "--api-url",
                     "https://upstream.test", "--api-key-stdin", "--groups", groups},
                    "key\n");
  }
};

TEST_F(group_command, an_added_group_is_listed_and_shown) {
  const auto added = add("team");
  EXPECT_EQ(added.at("name"), "team");
  EXPECT_EQ(added.at("description"), "about team");
  const auto id = added.at("id").get<std::string>();
  const auto all = run_json({"group", "list"});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(0).at("id"), id);
  for (const auto& which : {id, id.substr(0, 8), std::string("team")}) {
    EXPECT_EQ(run_json({"group", "show", which}).at("id"), id);
  }
  EXPECT_NE(run({"group", "list"}).out.find("about team"), std::string::npos);
}

TEST_F(group_command, a_group_shows_whom_it_has) {
  add("team");
  add("crew");
  const auto account = add_account("main", "crew,team");
  add_account("other", "crew");
  const auto key = run_json({"key", "create", "--name", "laptop", "--group", "team"});
  const auto shown = run_json({"group", "show", "team"});
  EXPECT_EQ(shown.at("accountIds"), nlohmann::json::array({account.at("id")}));
  EXPECT_EQ(shown.at("keyIds"), nlohmann::json::array({key.at("id")}));
  EXPECT_EQ(run_json({"group", "list"}).at(0).at("accountIds").size(), 2u);
  const auto text = run({"group", "show", "crew"}).out;
  EXPECT_NE(text.find("main, other"), std::string::npos) << text;
}

TEST_F(group_command, set_changes_only_what_is_given) {
  const auto added = add("team");
  const auto changed = run_json({"group", "set", "team", "--name", "crew"});
  EXPECT_EQ(changed.at("id"), added.at("id"));
  EXPECT_EQ(changed.at("name"), "crew");
  EXPECT_EQ(changed.at("description"), "about team");
  EXPECT_EQ(run_json({"group", "set", "crew", "--description", ""}).at("description"), "");
}

TEST_F(group_command, a_group_in_use_is_not_removed) {
  add("team");
  add_account("main", "team");
  run_json({"key", "create", "--name", "laptop", "--group", "team"});
  expect_failure(run({"group", "remove", "team"}), exit_failed, "1 account and 1 key");
  run_json({"account", "set", "main", "--groups", "none"});
  run_json({"key", "set", "laptop", "--group", "any"});
  EXPECT_EQ(run_json({"group", "remove", "team"}).at("name"), "team");
  expect_failure(run({"group", "show", "team"}), exit_failed, "no group");
}

TEST_F(group_command, an_empty_list_is_told_to_people_and_is_json_for_programs) {
  add("team");
  run_json({"group", "remove", "team"});
  EXPECT_EQ(run_json({"group", "list"}), nlohmann::json::array());
  const auto got = run({"group", "list"});
  EXPECT_EQ(got.out, "");
  EXPECT_NE(got.err.find("no groups yet"), std::string::npos);
}

TEST_F(group_command, refuses_what_cannot_work_in_one_line) {
  for (const auto* name : {"", "a,b", "none", "Any"}) {
    expect_failure(run({"group", "add", "--name", name}), exit_unusable, "name must");
  }
  expect_failure(run({"group", "add"}), exit_unusable, "--name is required");
  expect_failure(run({"group", "list"}), exit_failed, "there is no data in");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
  add("team");
  expect_failure(run({"group", "add", "--name", "team"}), exit_failed, "name exists already");
  expect_failure(run({"group", "set", "team", "--name", ""}), exit_unusable, "name must");
  const std::vector<std::string> with_group = {
      "account",         "add",       "claude-console",        "--name",   "main",
      "--api-key-stdin", "--api-url", "https://upstream.test", "--groups", "team,nobody"};
  expect_failure(run(with_group, "key\n"), exit_failed, "--groups: no group");
}

TEST_F(group_command, groups_are_not_looked_up_where_there_are_no_data) {
  expect_failure(run({"account", "add", "claude-console", "--name", "main", "--api-key-stdin",
                      "--api-url", "https://upstream.test", "--groups", "team"},
                     "key\n"),
                 exit_failed, "there is no data in");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

}  // namespace
}  // namespace baton::app
