// `baton key …`: the keys that clients are given. Works beside a running server, which sees the
// change.
#include <CLI/CLI.hpp>
#include <ostream>

#include "admin/key_service.hpp"
#include "app/commands/change.hpp"
#include "app/commands/command.hpp"
#include "app/commands/group_lookup.hpp"
#include "app/commands/key_options.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

struct list_options {
  common_options common;
  bool all = false;
};

struct one_key_options : key_options {
  std::string which;  // id, start of an id, or name
};

std::string expiry(const relay::api_key& key) {
  if (relay::awaits_first_use(key)) return shown_life(key.activation) + " after first use";
  return key.expires_at ? spell_timestamp(*key.expires_at) : "never";
}

std::string served_by(storage::store& store, const relay::api_key& key) {
  if (!key.bound_account && !key.bound_group) return "any";
  const auto bound = key.bound_account ? key.bound_account->value()
                                       : "group " + group_names(store, {*key.bound_group}, "");
  return key.binding_fallback ? bound + ", else any that is shared" : bound;
}

void print_key(command_context& context, storage::store& store, const relay::api_key& key) {
  table rows({"id", key.id.value()});
  rows.add_row({"name", key.name});
  rows.add_row({"description", key.description});
  rows.add_row({"state", shown_state(key, wall_now())});
  rows.add_row({"permissions", joined(key.permissions, "all")});
  rows.add_row({"account", served_by(store, key)});
  rows.add_row({"allowed models", joined(key.allowed_models, "all")});
  rows.add_row({"restricted models", joined(key.restricted_models, "none")});
  rows.add_row({"allowed clients", joined(key.allowed_clients, "all")});
  rows.add_row({"limits", shown_limits(key.limits)});
  if (key.limits.weekly_claude_cost_nanousd != 0) {
    rows.add_row({"week begins", spell_week_start(key.limits.week)});
  }
  rows.add_row({"service rates", spell_service_rates(key)});
  rows.add_row({"queue priority", std::to_string(key.queue_priority)});
  if (key.activated_at) rows.add_row({"first used", spell_timestamp(*key.activated_at)});
  rows.add_row({"expires", expiry(key)});
  rows.add_row({"tags", joined(key.tags, "none")});
  rows.add_row({"created", spell_timestamp(key.created_at)});
  rows.add_row({"updated", spell_timestamp(key.updated_at)});
  rows.print(context.out, 0);
}

void print_changed(command_context& context, bool json, const relay::api_key& key,
                   std::string_view what) {
  if (json) {
    context.out << spell_json(key_json(key));
  } else {
    context.out << "key " << key.name << " (" << key.id.value() << ") " << what << '\n';
  }
}

void print_created(command_context& context, bool json, const admin::created_key& made) {
  const auto& id = made.key.id.value();
  if (json) {
    nlohmann::ordered_json created = {{"id", id}, {"key", made.text}};
    created.update(key_json(made.key));
    context.out << spell_json(created);
    return;
  }
  table rows({"key", made.text + "  (shown only now)"});
  rows.add_row({"id", id});
  rows.add_row({"name", made.key.name});
  rows.print(context.out, 0);
}

result<void> create(command_context& context, const key_options& options) {
  const auto settings = load_settings(context, options.common);
  if (!settings) return settings.error();
  const auto opened = open_store(*settings, missing_store::create);
  if (!opened) return opened.error();
  const auto author = command_author();
  relay::api_key draft;
  if (auto done = apply(options, author.now, *opened->store, draft); !done) return done;
  const auto made = admin::create_key(*opened->store, std::move(draft), settings->keys.prefix,
                                      opened->encryption_key, author);
  if (!made) return about_option(made.error());
  print_created(context, options.common.json, *made);
  return {};
}

result<void> list(command_context& context, const list_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto keys = opened->store->keys(options.all);
  if (!keys) return keys.error();
  if (options.common.json) {
    auto all = nlohmann::ordered_json::array();
    for (const auto& key : *keys) all.push_back(key_json(key));
    context.out << spell_json(all);
    return {};
  }
  if (keys->empty()) {
    context.err << "baton: there are no keys yet (see 'baton key create --help')\n";
    return {};
  }
  table rows({"ID", "NAME", "STATE", "PERMISSIONS", "LIMITS", "MODELS", "EXPIRES", "TAGS"});
  for (const auto& key : *keys) {
    rows.add_row({key.id.value().substr(0, 8), key.name, shown_state(key, wall_now()),
                  joined(key.permissions, "all"), shown_limits(key.limits),
                  joined(key.allowed_models, "all"), expiry(key), joined(key.tags, "")});
  }
  rows.print(context.out, context.out_columns);
  return {};
}

// The store finds a revoked key by its whole id only; here its name or the start of its id will do,
// if no other revoked key has it too.
result<relay::api_key> find_revoked(storage::store& store, const std::string& which) {
  auto keys = store.keys(true);
  if (!keys) return keys.error();
  std::vector<relay::api_key> found;
  for (auto& key : *keys) {
    const bool meant = key.name == which || key.id.value().rfind(which, 0) == 0;
    if (key.deleted_at && meant) found.push_back(std::move(key));
  }
  if (found.empty()) {
    return downstream_error(error_code::not_found, "no revoked key has this id or name");
  }
  if (found.size() > 1) {
    return downstream_error(error_code::conflict,
                            "more than one revoked key is meant by this; give the whole id "
                            "(baton key list --all --json)");
  }
  return std::move(found.front());
}

result<void> show(command_context& context, const one_key_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto key = opened->store->find_key(options.which);
  if (!key) return key.error();
  if (options.common.json) {
    context.out << spell_json(key_json(*key));
  } else {
    print_key(context, *opened->store, *key);
  }
  return {};
}

result<void> set(command_context& context, const one_key_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto author = command_author();
  const auto changed = undisturbed(*opened->store, [&]() -> result<relay::api_key> {
    const auto before = opened->store->find_key(options.which);
    if (!before) return before;
    auto after = *before;
    if (auto done = apply(options, author.now, *opened->store, after); !done) return done.error();
    auto stored = admin::change_key(*opened->store, *before, after, author);
    if (!stored) return about_option(stored.error());
    return stored;
  });
  if (!changed) return changed.error();
  print_changed(context, options.common.json, *changed, "changed");
  return {};
}

result<void> revoke(command_context& context, const one_key_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto revoked = undisturbed(*opened->store, [&]() -> result<relay::api_key> {
    const auto key = opened->store->find_key(options.which);
    if (!key) return key;
    return admin::revoke_key(*opened->store, *key, command_author());
  });
  if (!revoked) return revoked.error();
  print_changed(context, options.common.json, *revoked, "revoked");
  return {};
}

result<void> restore(command_context& context, const one_key_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto restored = undisturbed(*opened->store, [&]() -> result<relay::api_key> {
    const auto key = find_revoked(*opened->store, options.which);
    if (!key) return key;
    return admin::restore_key(*opened->store, *key, command_author());
  });
  if (!restored) return restored.error();
  print_changed(context, options.common.json, *restored, "restored");
  return {};
}

CLI::App* add_one_key_command(CLI::App& group, command_choice& choice, const std::string& name,
                              const std::string& description, const std::string& examples,
                              const std::shared_ptr<one_key_options>& options,
                              result<void> (*run)(command_context&, const one_key_options&)) {
  auto* const command = add_command(group, name, description, examples);
  command->add_option("ID", options->which, "Id, the start of one, or name")->required();
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, options, run);
  return command;
}

void add_create_command(CLI::App& group, command_choice& choice) {
  auto options = std::make_shared<key_options>();
  auto* const command = add_command(
      group, "create", "Create a key and show it once",
      "  baton key create --name laptop\n"
      "  baton key create --name team --concurrency 5 --permissions claude --expires-in 30d\n"
      "  baton key create --name batch --rate-window-minutes 60 --rate-requests 100 --json\n"
      "  baton key create --name guest --daily-cost 5 --expires-after-first-use 30d");
  add_key_options(*command, *options);
  command->get_option("--name")->required();
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &create);
}

void add_list_command(CLI::App& group, command_choice& choice) {
  auto options = std::make_shared<list_options>();
  auto* const command = add_command(group, "list", "List the keys",
                                    "  baton key list\n  baton key list --all --json");
  command->add_flag("--all", options->all, "Revoked ones too");
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &list);
}

}  // namespace

void add_key_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "key", "Clients' keys: create, list, change, revoke");
  add_create_command(group, choice);
  add_list_command(group, choice);
  add_one_key_command(group, choice, "show", "Show one key's settings", "  baton key show laptop",
                      std::make_shared<one_key_options>(), &show);

  const auto options = std::make_shared<one_key_options>();
  auto* const set_command = add_one_key_command(
      group, choice, "set", "Change a key; what is not given stays as it is",
      "  baton key set laptop --concurrency 2 --expires-at never", options, &set);
  add_key_options(*set_command, *options);
  set_command->add_flag("--active", options->active, "Switch it on")
      ->excludes(set_command->get_option("--inactive"));

  add_one_key_command(group, choice, "revoke", "Revoke a key; restore brings it back",
                      "  baton key revoke laptop", std::make_shared<one_key_options>(), &revoke);
  add_one_key_command(group, choice, "restore", "Bring a revoked key back",
                      "  baton key restore laptop", std::make_shared<one_key_options>(), &restore);
}

}  // namespace baton::app
