// What the commands share: how they are declared, their common options, and how they get at the
// configuration and the store.
//
// A command's options live in a struct that its callback owns (shared_ptr). Parsing only chooses
// the action; it runs when the whole command line is known to be good.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line.hpp"
#include "app/config_loader.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace CLI {
class App;
}

namespace baton::app {

struct command_choice {
  command_context& context;
  // Errors are printed as one line; invalid_argument gives exit_unusable, others exit_failed.
  std::function<result<void>()> action;
};

struct common_options {
  std::string data_dir;
  std::string config_file;
  bool json = false;
};

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& examples);

// A command that only has others below it.
CLI::App* add_command_group(CLI::App& root, const std::string& name,
                            const std::string& description);

void add_config_options(CLI::App& command, common_options& options);  // --data-dir, --config
void add_json_option(CLI::App& command, common_options& options);

// Called if `command` itself is meant, not one below it.
void set_callback(CLI::App& command, std::function<void()> callback);

// Makes `run(context, *options)` the action if `command` is the one given.
template <class Options>
void on_command(CLI::App& command, command_choice& choice, std::shared_ptr<Options> options,
                result<void> (*run)(command_context&, const Options&)) {
  set_callback(command, [&choice, options = std::move(options), run] {
    choice.action = [&choice, options, run] { return run(choice.context, *options); };
  });
}

// Reads the configuration; its warnings go to context.err.
result<config> load_settings(command_context& context, const common_options& options,
                             std::vector<flag_value> flags = {});

struct opened_store {
  std::unique_ptr<storage::store> store;
  std::string encryption_key;  // secret; clients' keys are hashed with it
};

// Opens the store of the data folder. Where there is none yet, it is made if `create` says so and
// an error otherwise, so that a mistyped folder is not taken for an empty one.
enum class missing_store { create, fail };
result<opened_store> open_store(const config& settings, missing_store missing);

// Both of the above, for commands that need no setting but the folder.
result<opened_store> open_store(command_context& context, const common_options& options,
                                missing_store missing);

// Declares all commands there are.
void add_commands(CLI::App& root, command_choice& choice);

// Whom the audit log names for what a command does: "cli:" and the user of the system who runs it.
std::string audit_actor();

// Each of these declares its commands in commands/<name>.cpp.
void add_serve_command(CLI::App& root, command_choice& choice);
void add_demo_command(CLI::App& root, command_choice& choice);
void add_account_commands(CLI::App& root, command_choice& choice);
void add_group_commands(CLI::App& root, command_choice& choice);
void add_key_commands(CLI::App& root, command_choice& choice);
void add_tag_commands(CLI::App& root, command_choice& choice);
void add_admin_commands(CLI::App& root, command_choice& choice);
void add_audit_command(CLI::App& root, command_choice& choice);
void add_price_commands(CLI::App& root, command_choice& choice);
void add_stats_command(CLI::App& root, command_choice& choice);
void add_stats_requests_command(CLI::App& stats, command_choice& choice);
void add_config_commands(CLI::App& root, command_choice& choice);
void add_reconcile_command(CLI::App& root, command_choice& choice);
void add_mock_upstream_command(CLI::App& root, command_choice& choice);
void add_shell_commands(CLI::App& root, command_choice& choice);

}  // namespace baton::app
