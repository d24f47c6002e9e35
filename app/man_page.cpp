#include "app/man_page.hpp"

#include "base/version.hpp"

namespace baton::app {
namespace {

// A backslash begins an escape anywhere, a dot or a quote at the start of a line a request; a plain
// hyphen would be printed as a dash that no shell knows.
std::string escaped(std::string_view text) {
  std::string made;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) made += "\\&";
    if (c == '\\') {
      made += "\\e";
    } else if (c == '-') {
      made += "\\-";
    } else {
      made += c;
    }
    line_begins = c == '\n';
  }
  return made;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string verbatim(const std::string& text) {
  return ".PP\n.nf\n" + escaped(text) + "\n.fi\n";
}

std::string paragraph_of(const option_help& option) {
  std::string names;
  for (const auto& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  std::string made = ".TP\n" + names;
  const bool is_argument = !option.names.front().starts_with('-');
  if (!option.value.empty() && !is_argument) made += " \\fI" + escaped(option.value) + "\\fR";
  if (option.required) made += " (required)";
  made += '\n' + escaped(option.description) + '\n';
  if (option.choices.empty()) return made;
  std::string choices;
  for (const auto& choice : option.choices) choices += (choices.empty() ? "" : ", ") + choice;
  return made + ".br\nOne of: " + escaped(choices) + '\n';
}

std::string section_of(const command_help& command) {
  std::string made = ".SS " + escaped(command.path);
  for (const auto& argument : command.arguments) made += ' ' + escaped(argument.names.front());
  made += '\n' + escaped(command.description) + ".\n";
  for (const auto& argument : command.arguments) made += paragraph_of(argument);
  for (const auto& option : command.options) made += paragraph_of(option);
  if (!command.footer.empty()) made += verbatim(command.footer);
  return made;
}

}  // namespace

std::string man_page(const command_help& root) {
  std::string made = ".TH BATON 1 \"\" \"baton " + std::string(version()) + "\"\n";
  made += ".SH NAME\nbaton \\- a self\\-hosted relay for AI APIs\n";
  made += ".SH SYNOPSIS\n" + bold("baton") + " \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  made += ".SH OPTIONS\n";
  for (const auto& option : root.options) made += paragraph_of(option);
  made += verbatim(root.footer);
  made += ".SH COMMANDS\n";
  for (const auto* command : all_commands(root)) {
    if (command != &root) made += section_of(*command);
  }
  return made;
}

}  // namespace baton::app
