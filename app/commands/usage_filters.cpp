#include "app/commands/usage_filters.hpp"

#include <CLI/CLI.hpp>
#include <string_view>
#include <utility>

#include "app/commands/option_values.hpp"

namespace baton::app {
namespace {

constexpr std::string_view default_from = "30d";

result<void> apply_range(const usage_filters& filters, wall_time now, relay::stats_query& query) {
  if (filters.to) {
    const auto to = moment_option("--to", *filters.to, now);
    if (!to) return to.error();
    query.to = *to;
  }
  const bool is_default = !filters.from && !filters.to;
  if ((filters.from && *filters.from != "all") || is_default) {
    const auto from =
        moment_option("--from", filters.from.value_or(std::string(default_from)), now);
    if (!from) return from.error();
    query.from = *from;
  }
  if (query.from && query.to && *query.from >= *query.to) {
    return downstream_error(error_code::invalid_argument, "--from: must be before --to");
  }
  return {};
}

result<void> apply_names(const usage_filters& filters, relay::stats_query& query) {
  const std::pair<const char*,
                  std::pair<const std::optional<std::string>*, std::vector<std::string>*>>
      lists[] = {{"--key", {&filters.key, &query.keys}},
                 {"--account", {&filters.account, &query.accounts}},
                 {"--model", {&filters.model, &query.models}},
                 {"--platform", {&filters.platform, &query.platforms}},
                 {"--tag", {&filters.tag, &query.tags}}};
  for (const auto& [option, list] : lists) {
    auto names = list_option(option, *list.first);
    if (!names) return names.error();
    *list.second = *std::move(names);
  }
  return {};
}

}  // namespace

void add_filter_options(CLI::App& command, usage_filters& filters) {
  command
      .add_option("--from", filters.from,
                  "From this time on (default: 30d): 2026-11-01, 2026-11-01T18:00, today, "
                  "yesterday, this-month, last-month, 12h or 7d (ago), all")
      ->type_name("T");
  command.add_option("--to", filters.to, "Up to this time, which is not included; as --from")
      ->type_name("T");
  command.add_option("--key", filters.key, "Only these keys: a,b by name or id")->type_name("K");
  command.add_option("--account", filters.account, "Only these accounts: a,b by name or id")
      ->type_name("A");
  command.add_option("--model", filters.model, "Only these models: a,b")->type_name("M");
  command.add_option("--platform", filters.platform, "Only these platforms: a,b")->type_name("P");
  command.add_option("--tag", filters.tag, "Only keys with one of these tags: a,b")->type_name("T");
}

result<void> apply(const usage_filters& filters, wall_time now, relay::stats_query& query) {
  if (auto done = apply_range(filters, now, query); !done) return done;
  return apply_names(filters, query);
}

error as_option(const error& failure) {
  auto told = failure;
  if (failure.source == error_source::downstream) told.text.insert(0, "--");
  return told;
}

}  // namespace baton::app
