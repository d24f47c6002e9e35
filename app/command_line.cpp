#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <ostream>
#include <vector>

#include "app/commands/command.hpp"
#include "base/log_format.hpp"
#include "base/nearest_name.hpp"
#include "base/version.hpp"

namespace baton::app {
namespace {

constexpr auto examples =
    "Examples:\n"
    "  baton demo                           try it, without any credentials\n"
    "  baton account add claude-console --name main --api-url https://api.anthropic.com\n"
    "  baton key create --name laptop\n"
    "  baton serve --port 3000\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 the command line or a setting cannot be used.";

void print_error(command_context& context, std::string_view text) {
  std::string line = "baton: ";
  log::append_text_escaped(line, text);
  context.err << line << std::endl;
}

// The command that `args` got to before it went wrong, and the words after it.
struct progress {
  CLI::App* command;
  std::string path = "baton";
  std::span<const std::string> rest;
};

progress follow(CLI::App& root, std::span<const std::string> args) {
  progress at{&root, "baton", args};
  while (!at.rest.empty()) {
    const auto next = at.command->get_subcommands(
        [&](const CLI::App* each) { return each->get_name() == at.rest.front(); });
    if (next.empty()) break;
    at.command = next.front();
    at.path += ' ' + at.rest.front();
    at.rest = at.rest.subspan(1);
  }
  return at;
}

// The first option among `words` that `command` does not know, without its value, which may be a
// secret; empty if there is none.
std::string unknown_option(const CLI::App& command, std::span<const std::string> words) {
  for (const auto& word : words) {
    auto name = word.substr(0, word.find('='));
    if (name.rfind('-', 0) != 0 || name == "-") continue;
    if (command.get_option_no_throw(name) == nullptr) return name;
  }
  return {};
}

std::string did_you_mean(std::string_view near, const std::string& otherwise) {
  return near.empty() ? otherwise : "; did you mean '" + std::string(near) + "'?";
}

std::string option_error(const progress& at, const std::string& hint,
                         const CLI::ParseError& failure) {
  const bool too_many = dynamic_cast<const CLI::ExtrasError*>(&failure) != nullptr;
  const bool too_few = dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr;
  if (!too_many && !too_few) return failure.what() + hint;
  // An option that is not known is also the likeliest reason why another is missing.
  const auto unknown = unknown_option(*at.command, at.rest);
  if (unknown.empty() && too_few) return failure.what() + hint;
  if (unknown.empty()) return "'" + at.path + "' takes fewer arguments" + hint;
  std::vector<std::string> names;
  for (const auto* each : at.command->get_options()) names.push_back(each->get_name());
  const auto near = nearest_name(unknown, {names.begin(), names.end()});
  return "'" + at.path + "' has no option " + unknown + did_you_mean(near, hint);
}

std::string command_error(const progress& at, const std::string& hint) {
  if (at.rest.empty()) return "'" + at.path + "' needs a command" + hint;
  std::vector<std::string_view> names;
  for (const auto* each : at.command->get_subcommands({})) names.push_back(each->get_name());
  const auto& word = at.rest.front();
  const auto near = nearest_name(word, names);
  return "there is no command '" + at.path + ' ' + word + "'" +
         did_you_mean(near.empty() ? "" : at.path + ' ' + std::string(near), hint);
}

std::string usage_error(CLI::App& root, std::span<const std::string> args,
                        const CLI::ParseError& failure) {
  const auto at = follow(root, args);
  const auto hint = " (see '" + at.path + " --help')";
  const bool is_group = !at.command->get_subcommands({}).empty();
  const bool at_option = !at.rest.empty() && at.rest.front().rfind('-', 0) == 0;
  return is_group && !at_option ? command_error(at, hint) : option_error(at, hint, failure);
}

int run(std::span<const std::string> args, command_context& context) {
  CLI::App root("Baton: a self-hosted relay for AI APIs", "baton");
  command_choice choice{context, {}};
  add_commands(root, choice);
  try {
    // CLI11 takes the words from the end of the vector.
    root.parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() == 0) return root.exit(failure, context.out, context.err);
    print_error(context, usage_error(root, args, failure));
    return exit_unusable;
  }
  const auto done = choice.action();
  context.out.flush();
  if (done && context.out) return exit_done;
  if (done) {
    print_error(context, "the output could not be written");
    return exit_failed;
  }
  // A command that has told its failure itself gives an error without text.
  if (!done.error().text.empty()) print_error(context, done.error().text);
  return done.error().code == error_code::invalid_argument ? exit_unusable : exit_failed;
}

}  // namespace

void add_commands(CLI::App& root, command_choice& choice) {
  root.set_version_flag("--version", "baton " + std::string(version()), "Print the version");
  root.require_subcommand(1);
  root.footer(examples);
  add_serve_command(root, choice);
  add_demo_command(root, choice);
  add_account_commands(root, choice);
  add_group_commands(root, choice);
  add_key_commands(root, choice);
  add_tag_commands(root, choice);
  add_admin_commands(root, choice);
  add_audit_command(root, choice);
  add_price_commands(root, choice);
  add_stats_command(root, choice);
  add_config_commands(root, choice);
  add_reconcile_command(root, choice);
  add_mock_upstream_command(root, choice);
  add_shell_commands(root, choice);
}

int run_command_line(std::span<const std::string> args, command_context& context) {
  try {
    return run(args, context);
  } catch (const std::exception& failure) {
    print_error(context, failure.what());
    return exit_failed;
  }
}

int run_command_line(std::span<const std::string> args, std::istream& in, std::ostream& out,
                     std::ostream& err) {
  command_context context{in, out, err, process_environment()};
  return run_command_line(args, context);
}

}  // namespace baton::app
