// `baton tag …`: the words that keys and accounts are found by. Works beside a running server,
// which sees the change.
#include <CLI/CLI.hpp>
#include <ostream>

#include "admin/tag_service.hpp"
#include "app/commands/change.hpp"
#include "app/commands/command.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"

namespace baton::app {
namespace {

struct tag_options {
  common_options common;
  std::string name, to;
};

void print_changed(command_context& context, bool json, const admin::tag& changed,
                   std::string_view what) {
  if (json) {
    context.out << spell_json(admin::tag_json(changed));
  } else {
    context.out << "tag " << changed.name << ' ' << what << '\n';
  }
}

result<void> list(command_context& context, const tag_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto tags = admin::tags(*opened->store);
  if (!tags) return tags.error();
  auto views = nlohmann::ordered_json::array();
  table rows({"NAME", "KEYS", "ACCOUNTS"});
  for (const std::size_t number : {1, 2}) rows.align_right(number);
  for (const auto& each : *tags) {
    views.push_back(admin::tag_json(each));
    rows.add_row({each.name, std::to_string(each.keys), std::to_string(each.accounts)});
  }
  if (options.common.json) {
    context.out << spell_json(views);
  } else if (tags->empty()) {
    context.err << "baton: there are no tags yet (see 'baton tag create --help')\n";
  } else {
    rows.print(context.out, context.out_columns);
  }
  return {};
}

result<void> create(command_context& context, const tag_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto created = admin::create_tag(*opened->store, options.name, command_author());
  if (!created) return created.error();
  print_changed(context, options.common.json, *created, "created");
  return {};
}

result<void> rename(command_context& context, const tag_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto renamed =
      admin::rename_tag(*opened->store, options.name, options.to, command_author());
  if (!renamed) return renamed.error();
  print_changed(context, options.common.json, *renamed, "renamed");
  return {};
}

result<void> remove(command_context& context, const tag_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  auto done = admin::remove_tag(*opened->store, options.name, command_author());
  if (!done) return done;
  print_changed(context, options.common.json, {options.name, 0, 0}, "removed");
  return {};
}

// With the options all of them have. The caller adds its own.
CLI::App* add_tag_command(CLI::App& group, command_choice& choice, const std::string& name,
                          const std::string& description, const std::string& examples,
                          const std::shared_ptr<tag_options>& options,
                          result<void> (*run)(command_context&, const tag_options&)) {
  auto* const command = add_command(group, name, description, examples);
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, options, run);
  return command;
}

void add_name_option(CLI::App& command, tag_options& options) {
  command.add_option("NAME", options.name, "The tag")->required();
}

}  // namespace

void add_tag_commands(CLI::App& root, command_choice& choice) {
  auto& group = *add_command_group(root, "tag", "Tags of keys and accounts: list, rename, remove");
  add_tag_command(group, choice, "list", "List the tags, with how many have them",
                  "  baton tag list\n  baton tag list --json", std::make_shared<tag_options>(),
                  &list);

  auto options = std::make_shared<tag_options>();
  auto* command = add_tag_command(group, choice, "create", "Make a tag that nobody has yet",
                                  "  baton tag create team", options, &create);
  add_name_option(*command, *options);

  options = std::make_shared<tag_options>();
  command = add_tag_command(group, choice, "rename", "Rename a tag on every key and account",
                            "  baton tag rename team crew", options, &rename);
  add_name_option(*command, *options);
  command->add_option("TO", options->to, "Its new name")->required();

  options = std::make_shared<tag_options>();
  command = add_tag_command(group, choice, "remove", "Take a tag off every key and account",
                            "  baton tag remove team", options, &remove);
  add_name_option(*command, *options);
}

}  // namespace baton::app
