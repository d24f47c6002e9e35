#include "app/commands/command_fixture.test.hpp"

namespace baton::app {
namespace {

class tag_command : public command_fixture {
 protected:
  void SetUp() override {
    run_json({"key", "create", "--name", "laptop", "--tags", "team,home"});
    run_json({"account", "add", "claude-console", "--name", "main", "--api-url",
              "https://upstream.test", "--api-key-stdin", "--tags", "team"},
             "key\n");
  }
};

TEST_F(tag_command, lists_tags_with_how_many_have_them) {
  EXPECT_EQ(run_json({"tag", "list"}),
            nlohmann::json({{{"name", "home"}, {"keys", 1}, {"accounts", 0}},
                            {{"name", "team"}, {"keys", 1}, {"accounts", 1}}}));
  EXPECT_NE(run({"tag", "list"}).out.find("team     1         1"), std::string::npos)
      << run({"tag", "list"}).out;
}

TEST_F(tag_command, a_created_tag_stays_without_anybody_who_has_it) {
  EXPECT_EQ(run_json({"tag", "create", "idle"}),
            nlohmann::json({{"name", "idle"}, {"keys", 0}, {"accounts", 0}}));
  EXPECT_EQ(run_json({"tag", "list"}).size(), 3u);
  EXPECT_EQ(run({"tag", "remove", "idle"}).out, "tag idle removed\n");
  EXPECT_EQ(run_json({"tag", "list"}).size(), 2u);
}

TEST_F(tag_command, a_tag_is_renamed_and_removed_wherever_it_is) {
  EXPECT_EQ(run_json({"tag", "rename", "team", "crew"}),
            nlohmann::json({{"name", "crew"}, {"keys", 1}, {"accounts", 1}}));
  EXPECT_EQ(run_json({"key", "show", "laptop"}).at("tags"), nlohmann::json({"crew", "home"}));
  run_json({"tag", "remove", "crew"});
  EXPECT_EQ(run_json({"key", "show", "laptop"}).at("tags"), nlohmann::json({"home"}));
  EXPECT_EQ(run_json({"account", "show", "main"}).at("tags"), nlohmann::json::array());
}

TEST_F(tag_command, refuses_what_cannot_work_in_one_line) {
  expect_failure(run({"tag", "create", "team"}), exit_failed, "a tag of this name already");
  expect_failure(run({"tag", "create", ""}), exit_unusable, "name: must be");
  expect_failure(run({"tag", "rename", "team", "a\nb"}), exit_unusable, "name: must be");
  expect_failure(run({"tag", "rename", "nobody", "crew"}), exit_failed, "no such tag");
  expect_failure(run({"tag", "remove", "nobody"}), exit_failed, "no such tag");
  expect_failure(run({"tag", "rename", "team"}), exit_unusable, "TO is required");
}

}  // namespace
}  // namespace baton::app
