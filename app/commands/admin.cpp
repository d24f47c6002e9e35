// `baton admin …`: the administrator. Works beside a running server, whose logins it ends.
#include <CLI/CLI.hpp>
#include <ostream>

#include "admin/administrator.hpp"
#include "app/commands/command.hpp"
#include "app/json_view.hpp"
#include "app/secret_input.hpp"
#include "storage/admin_password.hpp"

namespace baton::app {
namespace {

struct admin_options {
  common_options common;
  std::optional<std::string> username;
  bool generate = false;
  bool password_stdin = false;
};

result<std::string> ask_twice(command_context& context) {
  auto first = ask_secret(context, "New password");
  if (!first) return first;
  if (auto good = admin::check_new_password("password", *first); !good) return good.error();
  auto second = ask_secret(context, "Once more");
  if (!second || *first == *second) return second;
  return downstream_error(error_code::invalid_argument,
                          "these were two different passwords; nothing was changed");
}

result<std::string> new_password(command_context& context, const admin_options& options) {
  if (options.generate) return storage::generate_password();
  if (options.password_stdin) return read_secret_line(context, "--password-stdin");
  if (context.interactive) return ask_twice(context);
  return downstream_error(error_code::invalid_argument,
                          "there is no terminal to ask on; give --password-stdin or --generate");
}

// As given, or as it is, or as the first start would make it.
result<std::string> username_of(const admin_options& options, const config& settings,
                                storage::store& store) {
  if (options.username) return *options.username;
  const auto present = storage::find_admin(store);
  if (!present) return present.error();
  return *present ? (*present)->username : settings.admin.username;
}

void print(command_context& context, const admin_options& options, const std::string& username,
           const std::string& password) {
  if (options.common.json) {
    nlohmann::ordered_json view = {{"username", username}};
    if (options.generate) view["password"] = password;
    context.out << spell_json(view);
    return;
  }
  context.out << "the password of " << username << " was set; all logins are ended\n";
  if (options.generate) {
    context.out << "password  " << password << "\nIt is shown only once.\n";
  }
}

result<void> reset_password(command_context& context, const admin_options& options) {
  const auto settings = load_settings(context, options.common);
  if (!settings) return settings.error();
  const auto opened = open_store(*settings, missing_store::fail);
  if (!opened) return opened.error();
  auto& store = *opened->store;
  const auto username = username_of(options, *settings, store);
  if (!username) return username.error();
  if (auto good = admin::check_username("--username", *username); !good) return good;
  const auto password = new_password(context, options);
  if (!password) return password.error();
  if (auto good = admin::check_new_password("password", *password); !good) return good;

  storage::audit_entry entry;
  entry.at = wall_now();
  entry.actor = audit_actor();
  const auto done = admin::set_administrator(store, *username, *password, std::move(entry));
  if (!done) return done.error();
  print(context, options, *username, *password);
  return {};
}

}  // namespace

void add_admin_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "admin", "The administrator: set name and password");
  auto options = std::make_shared<admin_options>();
  auto* const command =
      add_command(group, "reset-password", "Set the administrator's password and end all logins",
                  "  baton admin reset-password\n"
                  "  baton admin reset-password --generate\n"
                  "  baton admin reset-password --username me --password-stdin < password.txt");
  command->add_option("--username", options->username, "New name (default: it stays)")
      ->type_name("N");
  auto* const generate =
      command->add_flag("--generate", options->generate, "Make a password and show it");
  command
      ->add_flag("--password-stdin", options->password_stdin,
                 "Read it from the first line of standard input instead of asking")
      ->excludes(generate);
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &reset_password);
}

}  // namespace baton::app
