// `baton stats`: what was used and what it cost. Works beside a running server; what is in memory
// there is in the numbers a moment later.
#include <CLI/CLI.hpp>
#include <ostream>

#include "app/commands/command.hpp"
#include "app/commands/stats_options.hpp"
#include "app/json_view.hpp"
#include "app/usage_chart.hpp"
#include "app/usage_table.hpp"
#include "relay/stats_views.hpp"

namespace baton::app {
namespace {

constexpr std::size_t columns_without_terminal = 80;

result<void> show_stats(command_context& context, const stats_options& options) {
  const auto opened = open_store(context, options.common, missing_store::fail);
  if (!opened) return opened.error();
  const auto report = make_report(options, wall_now(), *opened->store);
  if (!report) return report.error();
  if (options.common.json) {
    context.out << spell_json(relay::usage_json(*report));
    return {};
  }
  if (report->entries.empty()) {
    context.err << "baton: nothing was used (see 'baton stats --help' for other times)\n";
    return {};
  }
  print_usage_table(context.out, *report, context.out_columns);
  if (!options.per) return {};
  const auto width = context.out_columns == 0 ? columns_without_terminal : context.out_columns;
  context.out << '\n';
  print_usage_chart(context.out, *report, width, speaks_utf8(context.environment));
  return {};
}

}  // namespace

void add_stats_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<stats_options>();
  auto* const command =
      add_command(root, "stats", "What was used and what it cost",
                  "  baton stats --by model                           the last 30 days\n"
                  "  baton stats --per day --from this-month          a chart of this month\n"
                  "  baton stats --by key --top 20 --from 2026-01-01 --to 2027-01-01\n"
                  "  baton stats --by model --per day --key laptop --from 7d\n"
                  "  baton stats --by tag --from all --json\n"
                  "  baton stats requests --key laptop                single requests");
  add_stats_options(*command, *options);
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &show_stats);
  add_stats_requests_command(*command, choice);
}

}  // namespace baton::app
