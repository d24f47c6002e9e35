#include "app/completion.hpp"

#include <array>
#include <cstdio>
#include <fstream>

#include "app/commands/command_fixture.test.hpp"
#include "app/commands/declared_commands.test.hpp"

namespace baton::app {
namespace {

class completions : public command_fixture {
 protected:
  std::string script(const std::string& shell) {
    const auto got = run_plain({"completion", shell});
    EXPECT_EQ(got.code, exit_done) << got.err;
    return got.out;
  }
  // What bash offers behind these words, the last of which is being written.
  std::string offered(const std::vector<std::string>& words) {
    const auto file = [this](const std::string& name) { return (folder_ / name).string(); };
    std::ofstream(file("baton.bash")) << script("bash");
    std::ofstream trying(file("try.bash"));
    trying << "source '" << file("baton.bash") << "'\ncomplete -p baton\nCOMP_WORDS=(";
    for (const auto& word : words) trying << " '" << word << "'";
    trying << ")\nCOMP_CWORD=" << words.size() - 1 << "\n_baton\necho \"${COMPREPLY[*]}\"\n";
    trying.close();
    return output_of("bash --norc '" + file("try.bash") + "' 2>&1");
  }
  static std::string output_of(const std::string& command) {
    std::string out;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> piece{};
    while (const auto bytes = std::fread(piece.data(), 1, piece.size(), pipe)) {
      out.append(piece.data(), bytes);
    }
    EXPECT_EQ(::pclose(pipe), 0) << out;
    return out;
  }
  static std::string complete_with(const std::string& words) {
    return "complete -o default -F _baton baton\n" + words + "\n";
  }
};

TEST_F(completions, are_offered_by_bash) {
  EXPECT_EQ(offered({"baton", "acc"}), complete_with("account"));
  EXPECT_EQ(offered({"baton", "account", "s"}), complete_with("show set"));
  EXPECT_EQ(offered({"baton", "account", "add", "claude-console", "--api-k"}),
            complete_with("--api-key-stdin"));
  EXPECT_EQ(offered({"baton", "account", "add", "--type", ""}),
            complete_with("shared dedicated group"));
  EXPECT_EQ(offered({"baton", "account", "add", "--name", "--"}), complete_with(""));
  EXPECT_EQ(offered({"baton", "account", "add", "gem"}), complete_with("gemini-api gemini"));
  EXPECT_EQ(offered({"baton", "completion", "z"}), complete_with("zsh"));
}

TEST_F(completions, have_every_command_and_option_in_every_shell) {
  const auto tree = declared_commands();
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto text = script(shell);
    for (const auto* command : all_commands(tree)) {
      const auto place = shell == "fish" ? "__baton_at " + command->path : command->path;
      EXPECT_NE(text.find(place + '\''), std::string::npos) << command->path;
      for (const auto& option : command->options) {
        for (const auto& name : option.names) {
          const auto written = shell != "fish"          ? name
                               : name.starts_with("--") ? " -l " + name.substr(2)
                                                        : " -s " + name.substr(1);
          EXPECT_NE(text.find(written), std::string::npos) << command->path << ' ' << name;
        }
      }
    }
  }
}

TEST_F(completions, are_refused_for_a_shell_that_is_not_known) {
  expect_failure(run_plain({"completion", "csh"}), exit_unusable, "SHELL");
}

}  // namespace
}  // namespace baton::app
