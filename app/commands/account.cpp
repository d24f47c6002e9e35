// `baton account …`: the upstream accounts. Works beside a running server, which sees the change.
#include <CLI/CLI.hpp>
#include <ostream>

#include "admin/account_fields.hpp"
#include "admin/account_service.hpp"
#include "app/commands/account_options.hpp"
#include "app/commands/change.hpp"
#include "app/commands/command.hpp"
#include "app/commands/group_lookup.hpp"
#include "app/json_view.hpp"
#include "app/proxy_url.hpp"
#include "app/secret_input.hpp"
#include "app/table.hpp"
#include "base/timestamps.hpp"
#include "relay/account_text.hpp"
#include "relay/platform.hpp"

namespace baton::app {
namespace {

struct add_options : account_options {
  std::string platform;
};

struct one_account_options : account_options {
  std::string which;  // id, start of an id, or name
  bool yes = false;
};

std::string short_id(const std::string& id) {
  return id.substr(0, 8);
}

void print_account(command_context& context, storage::store& store, const relay::account& account) {
  table rows({"id", account.id.value()});
  rows.add_row({"name", account.name});
  rows.add_row({"platform", account.platform});
  rows.add_row({"description", account.description});
  rows.add_row({"API URL", account.api_url});
  for (const auto& [name, value] :
       {std::pair("region", &account.region), std::pair("deployment", &account.deployment_name),
        std::pair("API version", &account.api_version),
        std::pair("access key id", &account.access_key_id)}) {
    if (!value->empty()) rows.add_row({name, *value});
  }
  rows.add_row({"credential", shown_credential(account.credential)});
  rows.add_row({"priority", std::to_string(account.priority)});
  rows.add_row({"concurrency", account.concurrency_limit == 0
                                   ? "no limit"
                                   : std::to_string(account.concurrency_limit)});
  rows.add_row({"models", shown_models(account)});
  rows.add_row({"type", std::string(relay::to_string(account.type))});
  rows.add_row({"groups", group_names(store, account.groups, "none")});
  rows.add_row({"daily quota", shown_quota(account.quota)});
  rows.add_row({"on disconnect", relay::to_string(account.on_disconnect)});
  rows.add_row({"timeouts", shown_timeouts(account.timeouts)});
  rows.add_row({"cooldowns", shown_cooldowns(account)});
  rows.add_row({"proxy", account.proxy.enabled() ? shown_proxy(account.proxy) : "none"});
  rows.add_row({"state", shown_state(account)});
  rows.add_row({"tags", joined(account.tags, "none")});
  rows.add_row({"created", spell_timestamp(account.created_at)});
  rows.add_row({"updated", spell_timestamp(account.updated_at)});
  rows.print(context.out, 0);
}

void print_changed(command_context& context, bool json, const relay::account& account,
                   std::string_view what) {
  if (json) {
    context.out << spell_json(account_json(account));
  } else {
    context.out << "account " << account.name << " (" << account.id.value() << ") " << what << '\n';
  }
}

std::string platform_names() {
  std::vector<std::string> names;
  for (const auto* each : relay::platforms()) names.emplace_back(each->id());
  return joined(names, "");
}

result<void> check_platform(const std::string& id) {
  auto known = admin::check_platform(id);
  if (known || known.error().code != error_code::not_found) return known;
  return downstream_error(error_code::invalid_argument,
                          "there is no platform '" + id + "'; allowed: " + platform_names());
}

result<void> add(command_context& context, const add_options& options) {
  if (auto done = check_platform(options.platform); !done) return done;
  const auto secrets = read_secrets(options, context, true);
  if (!secrets) return secrets.error();
  relay::account draft;
  draft.platform = options.platform;
  if (auto done = apply(options, *secrets, draft); !done) return done;
  // What cannot be used is refused before data are made for it; groups need some to be looked up.
  const bool in_groups = options.names_groups();
  if (!in_groups) {
    if (auto done = admin::check_account(draft); !done) return done;
  }
  const auto opened =
      open_store(context, options.common, in_groups ? missing_store::fail : missing_store::create);
  if (!opened) return opened.error();
  if (auto done = apply_groups(options, *opened->store, draft); !done) return done;
  const auto added = admin::create_account(*opened->store, std::move(draft), command_author());
  if (!added) return added.error();
  print_changed(context, options.common.json, *added, "added");
  return {};
}

result<void> list(command_context& context, const common_options& options) {
  const auto opened = open_store(context, options, missing_store::fail);
  if (!opened) return opened.error();
  const auto accounts = opened->store->accounts();
  if (!accounts) return accounts.error();
  if (options.json) {
    auto all = nlohmann::ordered_json::array();
    for (const auto& account : *accounts) all.push_back(account_json(account));
    context.out << spell_json(all);
    return {};
  }
  if (accounts->empty()) {
    context.err << "baton: there are no accounts yet (see 'baton account add --help')\n";
    return {};
  }
  table rows({"ID", "NAME", "PLATFORM", "STATE", "TYPE", "PRIORITY", "CONCURRENCY", "API URL",
              "MODELS", "CREDENTIAL", "TAGS"});
  for (const auto& account : *accounts) {
    const auto limit = account.concurrency_limit;
    rows.add_row({short_id(account.id.value()), account.name, account.platform,
                  shown_state(account), std::string(relay::to_string(account.type)),
                  std::to_string(account.priority), limit == 0 ? "-" : std::to_string(limit),
                  account.api_url, shown_models(account), shown_credential(account.credential),
                  joined(account.tags, "")});
  }
  rows.print(context.out, context.out_columns);
  return {};
}

result<void> show(command_context& context, const one_account_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto account = opened->store->find_account(options.which);
  if (!account) return account.error();
  if (options.common.json) {
    context.out << spell_json(account_json(*account));
  } else {
    print_account(context, *opened->store, *account);
  }
  return {};
}

result<void> set(command_context& context, const one_account_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  auto& store = *opened->store;
  // Nobody is asked for a secret of an account that there is not.
  if (auto known = store.find_account(options.which); !known) return known.error();
  const auto secrets = read_secrets(options, context, false);
  if (!secrets) return secrets.error();
  const auto changed = undisturbed(store, [&]() -> result<relay::account> {
    const auto before = store.find_account(options.which);
    if (!before) return before;
    auto after = *before;
    if (auto done = apply(options, *secrets, after); !done) return done.error();
    if (auto done = apply_groups(options, store, after); !done) return done.error();
    return admin::change_account(store, *before, after, command_author());
  });
  if (!changed) return changed.error();
  print_changed(context, options.common.json, *changed, "changed");
  return {};
}

result<void> confirm_removal(command_context& context, const relay::account& account) {
  if (!context.interactive) {
    return downstream_error(error_code::invalid_argument,
                            "removing an account cannot be undone: give --yes");
  }
  if (confirm(context, "Remove account " + account.name + " and its credential?")) return {};
  return downstream_error(error_code::cancelled, "nothing was removed");
}

result<void> remove(command_context& context, const one_account_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  auto& store = *opened->store;
  const auto asked = store.find_account(options.which);
  if (!asked) return asked.error();
  if (!options.yes) {
    if (auto done = confirm_removal(context, *asked); !done) return done;
  }
  const auto removed = undisturbed(store, [&]() -> result<relay::account> {
    auto account = store.find_account(asked->id.value());
    if (!account) return account;
    auto done = admin::remove_account(store, *account, command_author());
    if (!done) return done.error();
    return account;
  });
  if (!removed) return removed.error();
  print_changed(context, options.common.json, *removed, "removed");
  return {};
}

CLI::App* add_one_account_command(CLI::App& group, command_choice& choice, const std::string& name,
                                  const std::string& description, const std::string& examples,
                                  const std::shared_ptr<one_account_options>& options,
                                  result<void> (*run)(command_context&,
                                                      const one_account_options&)) {
  auto* const command = add_command(group, name, description, examples);
  command->add_option("ID", options->which, "Id, the start of one, or name")->required();
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, options, run);
  return command;
}

constexpr const char* add_examples =
    "  baton account add claude-console --name main --api-url https://api.anthropic.com\n"
    "  echo \"$KEY\" | baton account add claude-console --name spare \\\n"
    "      --api-url https://host/api --api-key-stdin --priority 60 --concurrency 5\n"
    "  echo \"$KEY\" | baton account add openai-responses --name gpt \\\n"
    "      --api-url https://api.openai.com --api-key-stdin\n"
    "  echo \"$KEY\" | baton account add gemini-api --name gemini --api-key-stdin\n"
    "  echo \"$KEY\" | baton account add azure-openai --name azure \\\n"
    "      --api-url https://NAME.openai.azure.com --deployment our-gpt \\\n"
    "      --api-version 2025-04-01-preview --api-key-stdin\n"
    "  echo \"$SECRET\" | baton account add bedrock --name aws --region eu-central-1 \\\n"
    "      --access-key-id AKIA… --secret-access-key-stdin\n"
    "  echo \"$KEY\" | baton account add bedrock --name aws2 --region us-east-1 --api-key-stdin\n"
    "The last one has an API key of Bedrock, which is sent as a bearer token.";

void add_add_command(CLI::App& group, command_choice& choice) {
  auto options = std::make_shared<add_options>();
  auto* const command = add_command(group, "add", "Add an upstream account", add_examples);
  // For help and completion only: add() has words of its own for a platform that there is not.
  const CLI::Validator named([](std::string&) { return std::string(); },
                             "{" + platform_names() + "}");
  command->add_option("PLATFORM", options->platform, "Kind of upstream")->check(named)->required();
  add_account_options(*command, *options);
  command->get_option("--name")->required();
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &add);
}

void add_list_command(CLI::App& group, command_choice& choice) {
  auto options = std::make_shared<common_options>();
  auto* const command = add_command(group, "list", "List the accounts",
                                    "  baton account list\n  baton account list --json");
  add_config_options(*command, *options);
  add_json_option(*command, *options);
  on_command(*command, choice, std::move(options), &list);
}

}  // namespace

void add_account_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "account", "Upstream accounts: add, list, change, remove");
  add_add_command(group, choice);
  add_list_command(group, choice);
  add_one_account_command(group, choice, "show", "Show one account", "  baton account show main",
                          std::make_shared<one_account_options>(), &show);

  auto options = std::make_shared<one_account_options>();
  auto* const set_command = add_one_account_command(
      group, choice, "set", "Change an account; what is not given stays as it is",
      "  baton account set main --priority 10 --inactive\n"
      "  echo \"$KEY\" | baton account set main --api-key-stdin",
      options, &set);
  add_account_options(*set_command, *options);
  set_command->add_flag("--active", options->active, "Switch it on")
      ->excludes(set_command->get_option("--inactive"));

  options = std::make_shared<one_account_options>();
  add_one_account_command(group, choice, "remove", "Remove an account; its usage stays counted",
                          "  baton account remove main --yes", options, &remove)
      ->add_flag("--yes", options->yes, "Do not ask");
}

}  // namespace baton::app
