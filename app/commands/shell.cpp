// `baton completion` and `baton man`: what makes the command line comfortable.
#include <CLI/CLI.hpp>
#include <ostream>

#include "app/command_tree.hpp"
#include "app/commands/command.hpp"
#include "app/completion.hpp"
#include "app/man_page.hpp"

namespace baton::app {
namespace {

struct shell_options {
  const CLI::App* root;  // outlives the action
  std::string shell;
};

result<void> print_completion(command_context& context, const shell_options& options) {
  const auto tree = read_command_tree(*options.root);
  context.out << (options.shell == "bash"  ? bash_completion(tree)
                  : options.shell == "zsh" ? zsh_completion(tree)
                                           : fish_completion(tree));
  return {};
}

result<void> print_man_page(command_context& context, const shell_options& options) {
  context.out << man_page(read_command_tree(*options.root));
  return {};
}

}  // namespace

void add_shell_commands(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<shell_options>(shell_options{&root, {}});
  auto* const completion =
      add_command(root, "completion", "Print the completion of a shell",
                  "  source <(baton completion bash)\n"
                  "  baton completion zsh > \"${fpath[1]}/_baton\"\n"
                  "  baton completion fish > ~/.config/fish/completions/baton.fish");
  completion->add_option("SHELL", options->shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("")
      ->required();
  on_command(*completion, choice, options, &print_completion);
  auto* const man = add_command(root, "man", "Print the manual page",
                                "  baton man > /usr/local/share/man/man1/baton.1\n"
                                "  baton man | man -l -");
  on_command(*man, choice, std::move(options), &print_man_page);
}

}  // namespace baton::app
