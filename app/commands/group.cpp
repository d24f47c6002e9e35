// `baton group …`: groups of accounts, which keys can be bound to. Works beside a running server,
// which sees the change.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "admin/account_service.hpp"
#include "admin/group_fields.hpp"
#include "app/commands/change.hpp"
#include "app/commands/command.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"
#include "base/text.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

struct group_options {
  common_options common;
  std::string which;  // id, start of an id, or name
  std::optional<std::string> name, description;
};

// Whom a group has, by name and by id.
struct group_members {
  std::vector<std::string> account_names, account_ids, key_names, key_ids;
};

group_members members_of(const storage::directory& all, const group_id& group) {
  group_members found;
  for (const auto& account : all.accounts) {
    const auto& groups = account.groups;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) continue;
    found.account_names.push_back(account.name);
    found.account_ids.push_back(account.id.value());
  }
  for (const auto& key : all.keys) {
    if (key.bound_group != group) continue;
    found.key_names.push_back(key.name);
    found.key_ids.push_back(key.id.value());
  }
  return found;
}

nlohmann::ordered_json with_members(const relay::account_group& group,
                                    const group_members& members) {
  auto view = group_json(group);
  view["accountIds"] = members.account_ids;
  view["keyIds"] = members.key_ids;
  return view;
}

void print_changed(command_context& context, bool json, const relay::account_group& group,
                   std::string_view what) {
  if (json) {
    context.out << spell_json(group_json(group));
  } else {
    context.out << "group " << group.name << " (" << group.id.value() << ") " << what << '\n';
  }
}

void apply(const group_options& options, relay::account_group& group) {
  if (options.name) group.name = text::trim(*options.name);
  if (options.description) group.description = *options.description;
}

result<void> add(command_context& context, const group_options& options) {
  relay::account_group draft;
  apply(options, draft);
  // What cannot be used is refused before data are made for it.
  if (auto done = admin::check_group(draft); !done) return done;
  const auto opened = open_store(context, options.common, missing_store::create);
  if (!opened) return opened.error();
  const auto added = admin::create_group(*opened->store, std::move(draft), command_author());
  if (!added) return added.error();
  print_changed(context, options.common.json, *added, "added");
  return {};
}

result<void> list(command_context& context, const group_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto groups = opened->store->groups();
  if (!groups) return groups.error();
  const auto all = opened->store->load_directory();
  if (!all) return all.error();
  auto views = nlohmann::ordered_json::array();
  table rows({"ID", "NAME", "ACCOUNTS", "KEYS", "DESCRIPTION"});
  for (const auto& group : *groups) {
    const auto members = members_of(*all, group.id);
    views.push_back(with_members(group, members));
    rows.add_row({group.id.value().substr(0, 8), group.name, joined(members.account_names, "-"),
                  joined(members.key_names, "-"), group.description});
  }
  if (options.common.json) {
    context.out << spell_json(views);
  } else if (groups->empty()) {
    context.err << "baton: there are no groups yet (see 'baton group add --help')\n";
  } else {
    rows.print(context.out, context.out_columns);
  }
  return {};
}

result<void> show(command_context& context, const group_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto group = opened->store->find_group(options.which);
  if (!group) return group.error();
  const auto all = opened->store->load_directory();
  if (!all) return all.error();
  const auto members = members_of(*all, group->id);
  if (options.common.json) {
    context.out << spell_json(with_members(*group, members));
    return {};
  }
  table rows({"id", group->id.value()});
  rows.add_row({"name", group->name});
  rows.add_row({"description", group->description});
  rows.add_row({"accounts", joined(members.account_names, "none")});
  rows.add_row({"keys", joined(members.key_names, "none")});
  rows.add_row({"created", spell_timestamp(group->created_at)});
  rows.add_row({"updated", spell_timestamp(group->updated_at)});
  rows.print(context.out, 0);
  return {};
}

result<void> set(command_context& context, const group_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto changed = undisturbed(*opened->store, [&]() -> result<relay::account_group> {
    const auto before = opened->store->find_group(options.which);
    if (!before) return before;
    auto after = *before;
    apply(options, after);
    return admin::change_group(*opened->store, *before, after, command_author());
  });
  if (!changed) return changed.error();
  print_changed(context, options.common.json, *changed, "changed");
  return {};
}

result<void> remove(command_context& context, const group_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto removed = undisturbed(*opened->store, [&]() -> result<relay::account_group> {
    auto group = opened->store->find_group(options.which);
    if (!group) return group;
    auto done = admin::remove_group(*opened->store, *group, command_author());
    if (!done) return done.error();
    return group;
  });
  if (!removed) return removed.error();
  print_changed(context, options.common.json, *removed, "removed");
  return {};
}

// With the options all of them have. The caller adds its own.
CLI::App* add_group_command(CLI::App& group, command_choice& choice, const std::string& name,
                            const std::string& description, const std::string& examples,
                            const std::shared_ptr<group_options>& options,
                            result<void> (*run)(command_context&, const group_options&)) {
  auto* const command = add_command(group, name, description, examples);
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, options, run);
  return command;
}

void add_group_options(CLI::App& command, group_options& options) {
  command.add_option("--name", options.name, "Name, unique among groups")->type_name("N");
  command.add_option("--description", options.description, "What it is for")->type_name("TEXT");
}

void add_id_option(CLI::App& command, group_options& options) {
  command.add_option("ID", options.which, "Id, the start of one, or name")->required();
}

}  // namespace

void add_group_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "group", "Groups of accounts: add, list, change, remove");
  auto options = std::make_shared<group_options>();
  auto* command = add_group_command(group, choice, "add", "Add a group",
                                    "  baton group add --name team\n"
                                    "  baton account set main --type group --groups team\n"
                                    "  baton key create --name laptop --group team",
                                    options, &add);
  add_group_options(*command, *options);
  command->get_option("--name")->required();

  add_group_command(group, choice, "list", "List the groups",
                    "  baton group list\n  baton group list --json",
                    std::make_shared<group_options>(), &list);

  options = std::make_shared<group_options>();
  command = add_group_command(group, choice, "show", "Show one group and whom it has",
                              "  baton group show team", options, &show);
  add_id_option(*command, *options);

  options = std::make_shared<group_options>();
  command =
      add_group_command(group, choice, "set", "Change a group; what is not given stays as it is",
                        "  baton group set team --name crew", options, &set);
  add_id_option(*command, *options);
  add_group_options(*command, *options);

  options = std::make_shared<group_options>();
  command = add_group_command(group, choice, "remove",
                              "Remove a group that no account and no key refers to",
                              "  baton group remove team", options, &remove);
  add_id_option(*command, *options);
}

}  // namespace baton::app
