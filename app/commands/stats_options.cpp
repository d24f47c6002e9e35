#include "app/commands/stats_options.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "admin/usage_report.hpp"

namespace baton::app {
namespace {

error unusable(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

// The member of `kinds` that is spelled so.
template <class Kind>
Kind spelled(const std::optional<std::string>& text, std::initializer_list<Kind> kinds,
             Kind otherwise) {
  for (const auto kind : kinds) {
    if (text && *text == to_string(kind)) return kind;
  }
  return otherwise;
}

}  // namespace

void add_stats_options(CLI::App& command, stats_options& options) {
  command.add_option("--by", options.by, "One line for each: key, account, model, platform, tag")
      ->check(CLI::IsMember({"key", "account", "model", "platform", "tag"}))
      ->type_name("WHAT");
  command.add_option("--per", options.per, "Over time, with a chart: hour, day, month (UTC)")
      ->check(CLI::IsMember({"hour", "day", "month"}))
      ->type_name("PERIOD");
  add_filter_options(command, options.filters);
  command.add_option("--top", options.top, "Only the N with the most cost; the others in one line")
      ->check(CLI::Range(1u, 100'000u))
      ->type_name("N");
}

result<relay::usage_report> make_report(const stats_options& options, wall_time now,
                                        storage::store& store) {
  using relay::usage_group, relay::usage_period;
  if (options.top != 0 && !options.by) return unusable("--top: picks from what --by tells apart");
  relay::stats_query query;
  if (auto done = apply(options.filters, now, query); !done) return done.error();
  query.by_tag = options.by == "tag";
  query.granularity = spelled(
      options.per, {usage_period::hour, usage_period::day, usage_period::month}, usage_period::all);
  query.group_by =
      spelled(options.by,
              {usage_group::key, usage_group::account, usage_group::model, usage_group::platform},
              query.by_tag ? usage_group::key : usage_group::none);
  query.top = options.top;
  auto report = admin::usage_report(query, store);
  if (!report) return as_option(report.error());
  return report;
}

}  // namespace baton::app
