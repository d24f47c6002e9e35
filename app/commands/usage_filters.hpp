// The options that say which usage is meant: of what time, and of which keys, accounts, models and
// platforms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands/command.hpp"
#include "relay/stats_query.hpp"

namespace baton::app {

struct usage_filters {
  std::optional<std::string> from, to, key, account, model, platform, tag;
};

void add_filter_options(CLI::App& command, usage_filters& filters);

// Puts what was given into `query`. Errors: invalid_argument naming the option and what is allowed.
result<void> apply(const usage_filters& filters, wall_time now, relay::stats_query& query);

// What an error of admin/usage_report.hpp is about is an option here.
error as_option(const error& failure);

}  // namespace baton::app
