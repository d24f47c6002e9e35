#include "app/completion.hpp"

namespace baton::app {
namespace {

// In single quotes, in which only they themselves, and for fish backslashes, mean anything.
std::string quoted(const std::string& text, std::string_view quote_escaped = "'\\''") {
  std::string made = "'";
  for (const char c : text) {
    if (c == '\'') {
      made += quote_escaped;
    } else {
      made += c;
    }
  }
  return made + '\'';
}

std::string quoted_for_fish(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') escaped += c;
    escaped += c;
  }
  return quoted(escaped, "\\'");
}

std::string joined(const std::vector<std::string>& words) {
  std::string made;
  for (const auto& word : words) made += (made.empty() ? "" : " ") + word;
  return made;
}

std::vector<std::string> argument_choices(const command_help& command) {
  std::vector<std::string> words;
  for (const auto& argument : command.arguments) {
    words.insert(words.end(), argument.choices.begin(), argument.choices.end());
  }
  return words;
}

// What may stand behind a command: those below it, its arguments' values, and its options.
std::string words_of(const command_help& command) {
  auto words = argument_choices(command);
  for (const auto& below : command.commands) words.push_back(below.name);
  for (const auto& option : command.options) {
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return joined(words);
}

// "'baton account'|'baton account add'|…": what `at` and a word after it may become.
std::string paths_pattern(const command_help& root) {
  std::string made;
  for (const auto* command : all_commands(root)) {
    if (command == &root) continue;
    made += (made.empty() ? "" : "|") + quoted(command->path);
  }
  return made;
}

// "'baton account add --type'|'baton account add -t'"
std::string places_pattern(const command_help& command, const option_help& option) {
  std::string made;
  for (const auto& name : option.names) {
    made += (made.empty() ? "" : "|") + quoted(command.path + ' ' + name);
  }
  return made;
}

// One arm for each option that takes a value: `offer` makes it out of the option.
template <class Offer>
std::string value_cases(const command_help& root, Offer offer) {
  std::string made;
  for (const auto* command : all_commands(root)) {
    for (const auto& option : command->options) {
      if (option.value.empty()) continue;
      made += "    " + places_pattern(*command, option) + ") " + offer(option) + " ;;\n";
    }
  }
  return made;
}

std::string described_for_zsh(const std::string& name, const std::string& description) {
  std::string escaped;
  for (const char c : name) {
    if (c == ':') escaped += '\\';
    escaped += c;
  }
  return quoted(escaped + ':' + description);
}

std::string zsh_words(const command_help& command) {
  std::string made;
  for (const auto& word : argument_choices(command)) made += ' ' + quoted(word);
  for (const auto& below : command.commands) {
    made += ' ' + described_for_zsh(below.name, below.description);
  }
  for (const auto& option : command.options) {
    for (const auto& name : option.names) {
      made += ' ' + described_for_zsh(name, option.description);
    }
  }
  return made;
}

std::string fish_option(const command_help& command, const option_help& option) {
  std::string made = "complete -c baton -n " + quoted_for_fish("__baton_at " + command.path);
  for (const auto& name : option.names) {
    made += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.choices.empty()) {
    made += " -x -a " + quoted_for_fish(joined(option.choices));
  } else if (!option.value.empty()) {
    made += " -r -F";
  }
  return made + " -d " + quoted_for_fish(option.description) + '\n';
}

}  // namespace

// Values that are not known are completed as file names (-o default).
std::string bash_completion(const command_help& root) {
  std::string made =
      "# bash completion for baton: source this, or put it into\n"
      "# /usr/share/bash-completion/completions/baton\n"
      "_baton() {\n"
      "  local at=baton current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local word words=\n"
      "  COMPREPLY=()\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$at $word\" in " +
      paths_pattern(root) +
      ") at=\"$at $word\" ;; esac\n"
      "  done\n"
      "  case \"$at $previous\" in\n";
  made += value_cases(root, [](const option_help& option) {
    if (option.choices.empty()) return std::string("return");
    return "COMPREPLY=($(compgen -W " + quoted(joined(option.choices)) +
           " -- \"$current\")); return";
  });
  made += "  esac\n  case $at in\n";
  for (const auto* command : all_commands(root)) {
    made += "    " + quoted(command->path) + ") words=" + quoted(words_of(*command)) + " ;;\n";
  }
  return made +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _baton baton\n";
}

std::string zsh_completion(const command_help& root) {
  std::string made =
      "#compdef baton\n"
      "# zsh completion for baton: put this into a folder of $fpath as _baton, or source it "
      "behind\n"
      "# compinit\n"
      "_baton() {\n"
      "  local at=baton word previous=${words[CURRENT-1]}\n"
      "  local -a offers\n"
      "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
      "    case \"$at $word\" in (" +
      paths_pattern(root) +
      ") at=\"$at $word\" ;; esac\n"
      "  done\n"
      "  case \"$at $previous\" in\n";
  made += value_cases(root, [](const option_help& option) {
    return option.choices.empty() ? std::string("_files; return")
                                  : "compadd " + joined(option.choices) + "; return";
  });
  made += "  esac\n  case $at in\n";
  for (const auto* command : all_commands(root)) {
    made += "    " + quoted(command->path) + ") offers=(" + zsh_words(*command) + " ) ;;\n";
  }
  return made +
         "  esac\n"
         "  _describe baton offers || _files\n"
         "}\n"
         "if [[ ${funcstack[1]} == _baton ]]; then _baton \"$@\"; else compdef _baton baton; fi\n";
}

std::string fish_completion(const command_help& root) {
  std::string made =
      "# fish completion for baton: put this into ~/.config/fish/completions/baton.fish\n"
      "function __baton_at\n"
      "  set -l at baton\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$at $word\"\n"
      "      case";
  for (const auto* command : all_commands(root)) {
    if (command != &root) made += ' ' + quoted_for_fish(command->path);
  }
  made +=
      "\n        set at \"$at $word\"\n"
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv\"\n"
      "end\n";
  for (const auto* command : all_commands(root)) {
    for (const auto& below : command->commands) {
      made += "complete -c baton -f -n " + quoted_for_fish("__baton_at " + command->path) + " -a " +
              below.name + " -d " + quoted_for_fish(below.description) + '\n';
    }
    if (const auto words = argument_choices(*command); !words.empty()) {
      made += "complete -c baton -f -n " + quoted_for_fish("__baton_at " + command->path) + " -a " +
              quoted_for_fish(joined(words)) + '\n';
    }
    for (const auto& option : command->options) made += fish_option(*command, option);
  }
  return made;
}

}  // namespace baton::app
