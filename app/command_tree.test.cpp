#include "app/command_tree.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace baton::app {
namespace {

TEST(command_tree, tells_what_is_declared) {
  CLI::App root("About", "tool");
  auto* const group = root.add_subcommand("group", "Has others");
  auto* const command = group->add_subcommand("add", "Adds one");
  command->footer("Examples");
  std::string name, kind, text;
  int number = 0;
  bool flag = false;
  command->add_option("NAME", name, "Its name")->required();
  command->add_option("-k,--kind", kind, "Its kind")
      ->check(CLI::IsMember({"big", "small"}))
      ->type_name("KIND");
  command->add_option("--number", number, "How many")->check(CLI::Range(1, 9))->type_name("N");
  command->add_option("--text", text, "Words")->type_name("TEXT");
  command->add_flag("--flag", flag, "Whether");

  const auto tree = read_command_tree(root);
  const auto all = all_commands(tree);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1]->path, "tool group");
  const auto& add = *all[2];
  EXPECT_EQ(add.path, "tool group add");
  EXPECT_EQ(add.description, "Adds one");
  EXPECT_EQ(add.footer, "Examples");
  ASSERT_EQ(add.arguments.size(), 1u);
  EXPECT_EQ(add.arguments[0].names, std::vector<std::string>{"NAME"});
  EXPECT_TRUE(add.arguments[0].required);
  ASSERT_EQ(add.options.size(), 5u);
  EXPECT_EQ(add.options[0].names, (std::vector<std::string>{"--help", "-h"}));
  EXPECT_EQ(add.options[0].value, "");
  EXPECT_EQ(add.options[1].names, (std::vector<std::string>{"--kind", "-k"}));
  EXPECT_EQ(add.options[1].value, "KIND");
  EXPECT_EQ(add.options[1].choices, (std::vector<std::string>{"big", "small"}));
  EXPECT_EQ(add.options[2].value, "N");
  EXPECT_TRUE(add.options[2].choices.empty());
  EXPECT_EQ(add.options[3].value, "TEXT");
  EXPECT_EQ(add.options[4].value, "");
}

}  // namespace
}  // namespace baton::app
