#include "app/commands/serving_options.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "app/logging.hpp"
#include "app/settings.hpp"
#include "base/log.hpp"

namespace baton::app {
namespace {

// "server.port=3000" comes before the flags with names of their own, which win.
result<std::vector<flag_value>> given_flags(const serving_options& options) {
  std::vector<flag_value> given;
  for (const auto& assignment : options.assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos) {
      return downstream_error(error_code::invalid_argument,
                              "--set: '" + assignment + "' cannot be used; allowed: NAME=VALUE");
    }
    given.push_back({"--set", assignment.substr(0, equals), assignment.substr(equals + 1)});
  }
  for (const auto& each : options.flags) {
    if (each.given) given.push_back({each.flag, each.setting, *each.given});
  }
  return given;
}

}  // namespace

void add_serving_options(CLI::App& command, serving_options& options) {
  add_config_options(command, options.common);
  for (const auto& each : settings()) {
    if (each.short_name.empty() || each.secret || each.name == "storage.data_dir") continue;
    const auto flag = "--" + std::string(each.short_name);
    auto& target = options.flags.emplace_back(setting_flag{flag, std::string(each.name), {}});
    const auto default_value = each.spell(config{});
    command
        .add_option(flag, target.given,
                    std::string(each.help) + " (default: " + default_value + ")")
        ->type_name(each.kind == setting_kind::number ? "N" : "TEXT");
  }
  command
      .add_option("--set", options.assignments,
                  "Any other setting, such as timeouts.connect=3; baton config check lists them")
      ->type_name("NAME=VALUE")
      ->take_all();
}

result<config> load_serving_settings(command_context& context, const serving_options& options,
                                     const std::string& default_data_dir) {
  auto flags = given_flags(options);
  if (!flags) return flags.error();
  const auto& folder = options.common.data_dir.empty() ? default_data_dir : options.common.data_dir;
  if (!folder.empty()) flags->push_back({"--data-dir", "storage.data_dir", folder});
  auto loaded = load_config({options.common.config_file, context.environment, *std::move(flags)});
  if (!loaded) return loaded.error();
  configure_logging(loaded->values.log);
  for (const auto& line : loaded->warnings) log::warn(line);
  return std::move(loaded->values);
}

}  // namespace baton::app
