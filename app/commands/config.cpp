// `baton config …`: what the settings are, and where each value came from.
#include <CLI/CLI.hpp>
#include <ostream>

#include "app/commands/command.hpp"
#include "app/json_view.hpp"
#include "app/setting_json.hpp"
#include "app/settings.hpp"
#include "app/table.hpp"

namespace baton::app {
namespace {

void print_json(command_context& context, const loaded_config& loaded) {
  auto all = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const auto& each = settings()[i];
    all.push_back({{"name", each.name},
                   {"value", setting_json(each, loaded.values)},
                   {"source", loaded.origins[i]},
                   {"default", setting_json(each, config{})},
                   {"allowed", each.allowed},
                   {"environment", environment_name(each.name)},
                   {"help", each.help}});
  }
  context.out << spell_json(all);
}

std::string_view unit(setting_kind kind) {
  return kind == setting_kind::duration ? " s" : "";
}

result<void> check(command_context& context, const common_options& options) {
  std::vector<flag_value> flags;
  if (!options.data_dir.empty()) {
    flags.push_back({"--data-dir", "storage.data_dir", options.data_dir});
  }
  const auto loaded = load_config({options.config_file, context.environment, std::move(flags)});
  if (!loaded) return loaded.error();
  for (const auto& line : loaded->warnings) context.err << "baton: warning: " << line << '\n';
  if (options.json) {
    print_json(context, *loaded);
    return {};
  }
  table rows({"SETTING", "VALUE", "FROM"});
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const auto& each = settings()[i];
    const auto shown = shown_value(each, loaded->values);
    rows.add_row({std::string(each.name),
                  shown.empty() ? "(none)" : shown + std::string(unit(each.kind)),
                  loaded->origins[i]});
  }
  rows.print(context.out, context.out_columns);
  return {};
}

// A table in Markdown, which docs/ keeps.
result<void> reference(command_context& context, const common_options&) {
  context.out << "| setting | environment | flag | default | allowed | meaning |\n"
                 "|---|---|---|---|---|---|\n";
  for (const auto& each : settings()) {
    const auto default_value = shown_value(each, config{});
    const bool has_flag = !each.short_name.empty() && !each.secret;
    context.out << "| `" << each.name << "` | `" << environment_name(each.name) << "` | "
                << (has_flag ? "`--" + std::string(each.short_name) + '`' : "") << " | "
                << (default_value.empty() ? "" : '`' + default_value + '`') << " | " << each.allowed
                << " | " << each.help << " |\n";
  }
  return {};
}

}  // namespace

void add_config_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "config", "Settings: check and explain them");
  auto options = std::make_shared<common_options>();
  auto* const check_command = add_command(
      group, "check", "Print every setting, its value and where it came from",
      "  baton config check\n  PORT=8080 baton config check --config baton.toml --json");
  add_config_options(*check_command, *options);
  add_json_option(*check_command, *options);
  on_command(*check_command, choice, std::move(options), &check);

  auto* const reference_command =
      add_command(group, "reference", "Print what every setting means, as a Markdown table",
                  "  baton config reference");
  on_command(*reference_command, choice, std::make_shared<common_options>(), &reference);
}

}  // namespace baton::app
