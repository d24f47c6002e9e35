// `baton audit`: who did what, the newest first.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <ostream>

#include "admin/audit_view.hpp"
#include "app/commands/command.hpp"
#include "app/commands/option_values.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

constexpr std::size_t default_limit = 50;
constexpr std::size_t page_entries = 1000;  // in memory at a time

struct audit_options {
  common_options common;
  std::optional<std::string> from, to, actor, action, type, format;
  std::string id;
  std::optional<std::size_t> limit;
  std::int64_t before = 0;
};

result<void> apply_time(const char* option, const std::optional<std::string>& given, wall_time now,
                        std::optional<wall_time>& time) {
  if (!given) return {};
  const auto read = moment_option(option, *given, now);
  if (!read) return read.error();
  time = *read;
  return {};
}

result<void> apply_names(const char* option, const std::optional<std::string>& given,
                         std::vector<std::string>& names) {
  auto read = list_option(option, given);
  if (!read) return read.error();
  names = *std::move(read);
  return {};
}

result<storage::audit_query> query_of(const audit_options& options) {
  const auto now = wall_now();
  storage::audit_query query;
  query.object_id = options.id;
  query.before_id = options.before;
  for (const auto& done : {apply_time("--from", options.from, now, query.from),
                           apply_time("--to", options.to, now, query.to),
                           apply_names("--actor", options.actor, query.actors),
                           apply_names("--action", options.action, query.actions),
                           apply_names("--type", options.type, query.object_types)}) {
    if (!done) return done.error();
  }
  return query;
}

// "key laptop"; what has no name is told by its id.
std::string shown_object(const storage::audit_entry& entry) {
  const auto& name = entry.object_name.empty() ? entry.object_id : entry.object_name;
  if (entry.object_type.empty() || name.empty()) return entry.object_type + name;
  return entry.object_type + ' ' + name;
}

void print_table(command_context& context, const storage::audit_page& page) {
  if (page.entries.empty()) {
    context.err << "baton: the audit log has nothing of this\n";
    return;
  }
  table rows({"AT", "ACTOR", "ADDRESS", "ACTION", "OBJECT", "OUTCOME", "CHANGES"});
  for (const auto& each : page.entries) {
    rows.add_row({spell_timestamp(each.at), each.actor, each.address, each.action,
                  shown_object(each), each.outcome, each.changes == "{}" ? "" : each.changes});
  }
  rows.print(context.out, context.out_columns);
  if (page.more) context.out << "More: --before " << page.entries.back().id << '\n';
}

result<void> print_page(command_context& context, storage::store& store,
                        const audit_options& options, storage::audit_query query) {
  query.limit = options.limit.value_or(default_limit);
  const auto page = store.audit(query);
  if (!page) return page.error();
  if (options.common.json) {
    context.out << spell_json(admin::audit_json(*page));
  } else {
    print_table(context, *page);
  }
  return {};
}

// All there is, unless there is a limit.
result<void> print_file(command_context& context, storage::store& store,
                        const audit_options& options, storage::audit_query query) {
  const bool csv = *options.format == "csv";
  auto left = options.limit.value_or(std::numeric_limits<std::size_t>::max());
  if (csv) context.out << admin::audit_csv_names();
  for (bool more = true; more && left != 0;) {
    query.limit = std::min(page_entries, left);
    const auto page = store.audit(query);
    if (!page) return page.error();
    context.out << (csv ? admin::audit_csv(page->entries) : admin::audit_lines(page->entries));
    left -= page->entries.size();
    more = page->more;
    if (more) query.before_id = page->entries.back().id;
  }
  return {};
}

result<void> show(command_context& context, const audit_options& options) {
  auto query = query_of(options);
  if (!query) return query.error();
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  return options.format ? print_file(context, *opened->store, options, *std::move(query))
                        : print_page(context, *opened->store, options, *std::move(query));
}

void add_filter_options(CLI::App& command, audit_options& options) {
  command
      .add_option("--from", options.from,
                  "From this time on: 2026-11-01, 2026-11-01T18:00, today, yesterday, this-month, "
                  "last-month, 12h or 7d (ago)")
      ->type_name("T");
  command.add_option("--to", options.to, "Up to this time, which is not included; as --from")
      ->type_name("T");
  command.add_option("--actor", options.actor, "Only what these did: a,b such as admin,cli:root")
      ->type_name("A");
  command.add_option("--action", options.action, "Only these: a,b such as key.create,admin.login")
      ->type_name("A");
  command.add_option("--type", options.type, "Only about these: a,b such as key,account,group")
      ->type_name("T");
  command.add_option("--id", options.id, "Only about the object with this id")->type_name("ID");
}

}  // namespace

void add_audit_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<audit_options>();
  auto* const command = add_command(root, "audit", "Who did what, the newest first",
                                    "  baton audit --from yesterday\n"
                                    "  baton audit --type key --action key.create,key.revoke\n"
                                    "  baton audit --limit 500 --before 1203 --json\n"
                                    "  baton audit --format csv > audit.csv");
  add_filter_options(*command, *options);
  command
      ->add_option("--limit", options->limit,
                   "So many at most (default: 50; with --format: all there are)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("N");
  command->add_option("--before", options->before, "Only those before this entry: the next page")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 62))
      ->type_name("NUMBER");
  auto* const format = command
                           ->add_option("--format", options->format,
                                        "As a file: jsonl, which is a JSON object a line, or csv")
                           ->check(CLI::IsMember({"jsonl", "csv"}))
                           ->type_name("F");
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  command->get_option("--json")->excludes(format);
  on_command(*command, choice, std::move(options), &show);
}

}  // namespace baton::app
