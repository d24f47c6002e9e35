// `baton stats requests`: single requests, the newest first, as the ledger has them.
#include <CLI/CLI.hpp>
#include <ostream>

#include "admin/record_view.hpp"
#include "admin/shown_names.hpp"
#include "admin/usage_report.hpp"
#include "app/commands/command.hpp"
#include "app/commands/usage_filters.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"
#include "app/usage_table.hpp"
#include "base/timestamps.hpp"
#include "relay/usd_text.hpp"
#include "storage/first_start.hpp"
#include "storage/ledger/ledger_reader.hpp"

namespace baton::app {
namespace {

struct requests_options {
  common_options common;
  usage_filters filters;
  std::size_t limit = 50;
  std::optional<std::uint64_t> before;
};

// An estimate is marked, as is a price that is none of the model's own.
std::string shown_cost(const storage::usage_record& record) {
  auto text = "$" + relay::spell_usd_rounded(static_cast<std::uint64_t>(record.cost_nanousd), 6);
  if (record.usage_estimated) text += '~';
  if (record.priced_by_fallback) text += '*';
  return text;
}

void print_text(command_context& context, const storage::ledger_page& page,
                const admin::shown_names& names) {
  table rows({"FINISHED", "KEY", "ACCOUNT", "MODEL", "STATUS", "ENDED", "TRIES", "MS", "TOKENS",
              "COST", "REQUEST"});
  for (const std::size_t number : {4, 6, 7, 8, 9}) rows.align_right(number);
  bool estimated = false, fallback = false;
  for (const auto& record : page.records) {
    const auto account = record.account.value();
    rows.add_row({spell_timestamp(record.finished), names.key(record.key.value()),
                  account.empty() ? "" : names.account(account), record.model,
                  std::to_string(record.status), record.outcome, std::to_string(record.attempts),
                  std::to_string(record.duration.count() / 1000),
                  shown_count(record.tokens.total()), shown_cost(record), record.request_id});
    estimated |= record.usage_estimated;
    fallback |= record.priced_by_fallback;
  }
  rows.print(context.out, context.out_columns);
  if (estimated) context.out << "~ in part estimated: the upstream never told its count\n";
  if (fallback) context.out << "* the model has no price of its own\n";
  if (page.next) context.out << "More: --before " << *page.next << '\n';
}

result<void> show_requests(command_context& context, const requests_options& options) {
  const auto settings = load_settings(context, options.common);
  if (!settings) return settings.error();
  const auto opened = open_store(*settings, missing_store::fail);
  if (!opened) return opened.error();
  const auto keys = opened->store->keys(true);
  if (!keys) return keys.error();
  const auto accounts = opened->store->accounts();
  if (!accounts) return accounts.error();
  relay::stats_query asked;
  if (auto done = apply(options.filters, wall_now(), asked); !done) return done;
  const auto filter = admin::usage_filter(asked, *keys, *opened->store);
  if (!filter) return as_option(filter.error());
  storage::ledger_reader ledger(storage::ledger_folder(settings->storage.data_dir));
  const auto page = ledger.page({.keys = filter->keys,
                                 .accounts = filter->accounts,
                                 .models = filter->models,
                                 .platforms = filter->platforms,
                                 .from = filter->from,
                                 .to = filter->to,
                                 .before = options.before,
                                 .limit = options.limit});
  if (!page) return page.error();
  if (options.common.json) {
    context.out << spell_json(admin::records_json(*page));
  } else if (page->records.empty()) {
    context.err << "baton: no request is on record (see 'baton stats requests --help' for other "
                   "times)\n";
  } else {
    print_text(context, *page, admin::shown_names(*keys, *accounts));
  }
  return {};
}

}  // namespace

void add_stats_requests_command(CLI::App& stats, command_choice& choice) {
  auto options = std::make_shared<requests_options>();
  auto* const command = add_command(stats, "requests", "Single requests, the newest first",
                                    "  baton stats requests --key laptop\n"
                                    "  baton stats requests --from today --model claude-opus-4-5\n"
                                    "  baton stats requests --limit 500 --before 120345 --json");
  add_filter_options(*command, options->filters);
  command->add_option("--limit", options->limit, "So many at most (default: 50)")
      ->check(CLI::Range(1u, 10'000u))
      ->type_name("N");
  command->add_option("--before", options->before, "Only those before this number: the next page")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 62))
      ->type_name("NUMBER");
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &show_requests);
}

}  // namespace baton::app
