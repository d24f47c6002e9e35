#include "app/man_page.hpp"

#include <algorithm>

#include "app/commands/command_fixture.test.hpp"
#include "app/commands/declared_commands.test.hpp"

namespace baton::app {
namespace {

class man_pages : public command_fixture {};

TEST_F(man_pages, have_every_command_and_option) {
  const auto got = run_plain({"man"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  // As it is read: hyphens are escaped.
  auto text = got.out;
  for (auto at = text.find("\\-"); at != text.npos; at = text.find("\\-", at)) text.erase(at, 1);
  EXPECT_TRUE(text.starts_with(".TH BATON 1 "));
  const auto tree = declared_commands();
  for (const auto* command : all_commands(tree)) {
    if (command == &tree) continue;
    const auto section = text.find("\n.SS " + command->path);
    ASSERT_NE(section, std::string::npos) << command->path;
    const auto body = text.substr(section, text.find("\n.SS ", section + 1) - section);
    for (const auto& option : command->options) {
      for (const auto& name : option.names) {
        EXPECT_NE(body.find("\\fB" + name + "\\fR"), std::string::npos)
            << command->path << ' ' << name;
      }
    }
  }
}

TEST_F(man_pages, take_no_text_for_a_request_or_an_escape) {
  command_help root;
  root.path = root.name = "baton";
  root.footer = ".so /etc/passwd\n'quoted'\na\\b --flag";
  const auto page = man_page(root);
  EXPECT_NE(page.find("\n\\&.so /etc/passwd\n\\&'quoted'\na\\eb \\-\\-flag\n"), page.npos) << page;
}

}  // namespace
}  // namespace baton::app
