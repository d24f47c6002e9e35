#include "app/command_tree.hpp"

#include <CLI/CLI.hpp>

#include "base/text.hpp"

namespace baton::app {
namespace {

// CLI11 tells a value as "NAME" or, where it is checked, as "NAME:{a,b}" or "NAME:INT in [0 - 9]".
void read_value(const CLI::Option& option, option_help& into) {
  if (option.get_items_expected_max() == 0) return;
  const auto type = option.get_type_name();
  into.value = type.substr(0, type.find(':'));
  const auto open = type.find(":{");
  if (open == std::string::npos || !type.ends_with('}')) return;
  into.choices = text::split(std::string_view(type).substr(open + 2, type.size() - open - 3), ',');
}

option_help read_option(const CLI::Option& option) {
  option_help made;
  made.description = option.get_description();
  made.required = option.get_required();
  read_value(option, made);
  if (option.get_positional()) {
    made.names = {option.get_name(true)};
    return made;
  }
  for (const auto& name : option.get_lnames()) made.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) made.names.push_back("-" + name);
  return made;
}

command_help read_command(const CLI::App& command, const std::string& above) {
  command_help made;
  made.name = command.get_name();
  made.path = above + made.name;
  made.description = command.get_description();
  made.footer = command.get_footer();
  for (const auto* option : command.get_options()) {
    auto& list = option->get_positional() ? made.arguments : made.options;
    list.push_back(read_option(*option));
  }
  for (const auto* below : command.get_subcommands({})) {
    made.commands.push_back(read_command(*below, made.path + ' '));
  }
  return made;
}

void add_all(const command_help& command, std::vector<const command_help*>& all) {
  all.push_back(&command);
  for (const auto& below : command.commands) add_all(below, all);
}

}  // namespace

command_help read_command_tree(const CLI::App& root) {
  return read_command(root, "");
}

std::vector<const command_help*> all_commands(const command_help& root) {
  std::vector<const command_help*> all;
  add_all(root, all);
  return all;
}

}  // namespace baton::app
