#include "app/commands/command.hpp"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <ostream>
#include <utility>

#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::app {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& examples) {
  auto* const command = parent.add_subcommand(name, description);
  command->footer("Examples:\n" + examples);
  return command;
}

CLI::App* add_command_group(CLI::App& root, const std::string& name,
                            const std::string& description) {
  auto* const group = root.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

void add_config_options(CLI::App& command, common_options& options) {
  command.add_option("--data-dir", options.data_dir, "Folder of the data (default: ./data)")
      ->type_name("D");
  command
      .add_option("--config", options.config_file,
                  "Configuration file (default: baton.toml in the data folder)")
      ->type_name("F");
}

void add_json_option(CLI::App& command, common_options& options) {
  command.add_flag("--json", options.json, "Print JSON for programs");
}

void set_callback(CLI::App& command, std::function<void()> callback) {
  // CLI11 calls the callbacks of a command's parents too, and last.
  command.callback([&command, callback = std::move(callback)] {
    if (command.get_subcommands().empty()) callback();
  });
}

result<config> load_settings(command_context& context, const common_options& options,
                             std::vector<flag_value> flags) {
  if (!options.data_dir.empty()) {
    flags.push_back({"--data-dir", "storage.data_dir", options.data_dir});
  }
  auto loaded = load_config({options.config_file, context.environment, std::move(flags)});
  if (!loaded) return loaded.error();
  for (const auto& line : loaded->warnings) context.err << "baton: warning: " << line << '\n';
  return std::move(loaded->values);
}

result<opened_store> open_store(const config& settings, missing_store missing) {
  const std::filesystem::path folder = settings.storage.data_dir;
  std::error_code failure;
  if (missing == missing_store::fail &&
      !std::filesystem::exists(storage::database_file(folder), failure)) {
    return downstream_error(error_code::not_found,
                            "there is no data in " + folder.string() + "; check --data-dir");
  }
  std::optional<std::string> configured_key;
  if (!settings.storage.encryption_key.empty()) {
    configured_key = settings.storage.encryption_key;
  }
  const auto secrets = storage::prepare_data_folder(folder, configured_key);
  if (!secrets) return secrets.error();
  const auto key = storage::storage_key(*secrets);
  auto store = storage::open_sqlite_store(storage::database_file(folder), key);
  if (!store) return store.error();
  if (auto known = storage::check_encryption_key(**store, key); !known) return known.error();
  return opened_store{*std::move(store), secrets->encryption_key};
}

result<opened_store> open_store(command_context& context, const common_options& options,
                                missing_store missing) {
  const auto settings = load_settings(context, options);
  if (!settings) return settings.error();
  return open_store(*settings, missing);
}

std::string audit_actor() {
  const auto id = ::getuid();
  const auto* const user = ::getpwuid(id);
  return "cli:" + (user != nullptr ? std::string(user->pw_name) : std::to_string(id));
}

}  // namespace baton::app
