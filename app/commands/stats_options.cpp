#include "app/commands/stats_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "app/shown_names.hpp"

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

std::function<std::vector<std::string>(const std::string&)> tags_in(
    const std::vector<relay::api_key>& keys) {
  std::map<std::string, std::vector<std::string>> tags;
  for (const auto& key : keys) tags[key.id.value()] = key.tags;
  return [tags = std::move(tags)](const std::string& id) {
    const auto found = tags.find(id);
    return found == tags.end() ? std::vector<std::string>() : found->second;
  };
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
  const auto keys = store.keys(true);
  if (!keys) return keys.error();
  const auto accounts = store.accounts();
  if (!accounts) return accounts.error();

  storage::usage_query query;
  if (auto done = apply(options.filters, now, *keys, store, query); !done) return done.error();
  // Sums are of whole hours: all that a time cuts are in.
  if (query.from) query.from = std::chrono::floor<std::chrono::hours>(*query.from);
  if (query.to) query.to = std::chrono::ceil<std::chrono::hours>(*query.to);
  const bool by_tag = options.by == "tag";
  query.granularity = spelled(
      options.per, {usage_period::hour, usage_period::day, usage_period::month}, usage_period::all);
  query.group =
      spelled(options.by,
              {usage_group::key, usage_group::account, usage_group::model, usage_group::platform},
              by_tag ? usage_group::key : usage_group::none);
  if (!by_tag) query.top = options.top;
  query.with_rest = true;
  // Without periods the largest come first, whether all are shown or some.
  if (!by_tag && query.granularity == usage_period::all && query.top == 0) {
    query.top = std::numeric_limits<std::size_t>::max();
  }
  const auto sums = store.usage(query);
  if (!sums) return sums.error();

  relay::usage_report report{query.from, query.to, query.granularity, options.by.value_or("none"),
                             {},         {}};
  const shown_names known(*keys, *accounts);
  for (const auto& sum : *sums) {
    const auto name = sum.is_rest ? std::string() : known.of(query.group, sum.group);
    report.entries.push_back({sum.start, sum.group, name, sum.is_rest, sum});
  }
  report.total = relay::total_of(report.entries);
  if (by_tag) report.entries = relay::by_tag(report.entries, options.top, tags_in(*keys));
  return report;
}

}  // namespace baton::app
