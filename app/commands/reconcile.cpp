// `baton reconcile`: proves that the sums of usage are those of the single requests, and mends
// them.
#include <CLI/CLI.hpp>
#include <ostream>

#include "app/commands/command.hpp"
#include "app/commands/option_values.hpp"
#include "app/json_view.hpp"
#include "app/table.hpp"
#include "base/timestamps.hpp"
#include "relay/usd_text.hpp"
#include "storage/first_start.hpp"
#include "storage/reconcile.hpp"

namespace baton::app {
namespace {

struct reconcile_options {
  common_options common;
  std::string from;
  std::string to;
  bool repair = false;
  bool lower = false;
};

result<std::optional<wall_time>> time_of(const char* option, const std::string& given,
                                         wall_time now) {
  if (given.empty()) return std::optional<wall_time>();
  const auto time = moment_option(option, given, now);
  if (!time) return time.error();
  return std::optional(*time);
}

storage::repair repair_of(const reconcile_options& options) {
  if (!options.repair) return storage::repair::none;
  return options.lower ? storage::repair::lower_too : storage::repair::raise;
}

std::string_view name_of(storage::period length) {
  switch (length) {
    case storage::period::hour: return "hour";
    case storage::period::day: return "day";
    default: return "month";
  }
}

std::string shown(const relay::usage_counts& sum) {
  return std::to_string(sum.requests) + " requests, " + std::to_string(sum.tokens.total()) +
         " tokens, $" + relay::spell_usd(static_cast<std::uint64_t>(sum.cost_nanousd));
}

nlohmann::ordered_json sum_json(const relay::usage_counts& sum) {
  return {{"requests", sum.requests},
          {"tokens", sum.tokens.total()},
          {"costUsd", relay::spell_usd(static_cast<std::uint64_t>(sum.cost_nanousd))},
          {"ratedCostUsd", relay::spell_usd(static_cast<std::uint64_t>(sum.rated_nanousd))}};
}

void print_json(command_context& context, const storage::reconcile_report& report) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& each : report.found.shown) {
    rows.push_back({{"period", name_of(each.length)},
                    {"start", spell_timestamp(each.start)},
                    {"key", each.key},
                    {"account", each.account},
                    {"platform", each.platform},
                    {"model", each.model},
                    {"stored", sum_json(each.stored)},
                    {"expected", sum_json(each.expected)}});
  }
  context.out << spell_json({{"records", report.records},
                             {"hours", report.hours},
                             {"days", report.days},
                             {"months", report.months},
                             {"rows", report.found.rows},
                             {"disagreements", report.found.disagreements},
                             {"mended", report.found.mended},
                             {"damagedFrames", report.damaged_frames},
                             {"shown", std::move(rows)}});
}

void print_text(command_context& context, const storage::reconcile_report& report) {
  context.out << "Checked " << report.hours << " hours against " << report.records << " records, "
              << report.days << " days and " << report.months << " months: " << report.found.rows
              << " rows.\n";
  if (report.damaged_frames > 0) {
    context.out << "The ledger is damaged in " << report.damaged_frames
                << " places; what is behind them in their files could not be read.\n";
  }
  if (report.found.disagreements == 0) {
    context.out
        << "All of them agree. The hour of the oldest record was left out, since others of it "
           "may be gone.\n";
    return;
  }
  table rows({"PERIOD", "START", "KEY", "ACCOUNT", "MODEL", "STORED", "SHOULD BE"});
  for (const auto& each : report.found.shown) {
    rows.add_row({std::string(name_of(each.length)), spell_timestamp(each.start),
                  each.key.substr(0, 8), each.account.substr(0, 8), each.model, shown(each.stored),
                  shown(each.expected)});
  }
  rows.print(context.out, context.out_columns);
  if (report.found.disagreements > report.found.shown.size()) {
    context.out << "… and " << report.found.disagreements - report.found.shown.size() << " more.\n";
  }
  context.out << report.found.disagreements << " rows disagree, " << report.found.mended
              << " of them were mended. --repair raises what is too little, with --lower it also "
                 "lowers what is more than the records show.\n";
}

result<void> run(command_context& context, const reconcile_options& options) {
  const auto settings = load_settings(context, options.common);
  if (!settings) return settings.error();
  const auto opened = open_store(*settings, missing_store::fail);
  if (!opened) return opened.error();
  const auto now = wall_now();
  const auto from = time_of("--from", options.from, now);
  if (!from) return from.error();
  const auto to = time_of("--to", options.to, now);
  if (!to) return to.error();
  storage::reconcile_order order{.from = *from,
                                 .to = *to,
                                 .hours_since = now - settings->usage.keep_hours,
                                 .days_since = now - settings->usage.keep_days,
                                 .what = repair_of(options)};
  const bool shows_progress = context.out_columns > 0 && !options.common.json;
  if (shows_progress) {
    order.progress = [&context](std::uint64_t done, std::uint64_t all) {
      context.err << '\r' << done << " of " << all << " periods" << std::flush;
      if (done == all) context.err << "\r\033[K" << std::flush;
    };
  }
  storage::ledger_reader ledger(storage::ledger_folder(settings->storage.data_dir));
  const auto report = storage::reconcile(*opened->store, ledger, now, order);
  if (!report) return report.error();
  if (options.common.json) {
    print_json(context, *report);
  } else {
    print_text(context, *report);
  }
  if (report->found.disagreements == report->found.mended) return {};
  return internal_error(error_code::conflict, "the sums of usage do not agree with the records");
}

}  // namespace

void add_reconcile_command(CLI::App& root, command_choice& choice) {
  auto options = std::make_shared<reconcile_options>();
  auto* const command = add_command(
      root, "reconcile", "Prove the sums of usage by the records of single requests",
      "  baton reconcile\n  baton reconcile --from 2026-11-01 --repair\n"
      "It may run while the server does. Exit code 1: they do not agree, and not all was mended.");
  command->add_option("--from", options->from, "Only what begins then or later")->type_name("TIME");
  command->add_option("--to", options->to, "Only what begins before that")->type_name("TIME");
  auto* const repair = command->add_flag(
      "--repair", options->repair, "Raise sums that are less than the records show; lower none");
  command
      ->add_flag(
          "--lower", options->lower,
          "With --repair: also lower those that are more. What a lost or damaged file of the "
          "ledger had is taken off then")
      ->needs(repair);
  add_config_options(*command, options->common);
  add_json_option(*command, options->common);
  on_command(*command, choice, std::move(options), &run);
}

}  // namespace baton::app
