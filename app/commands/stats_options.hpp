// The options of `baton stats`: what they ask the store for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/commands/usage_filters.hpp"
#include "relay/usage_report.hpp"
#include "storage/usage_query.hpp"

namespace baton::app {

struct stats_options {
  common_options common;
  usage_filters filters;
  std::optional<std::string> by, per;
  std::size_t top = 0;
};

void add_stats_options(CLI::App& command, stats_options& options);

// The report that the options mean. Errors: invalid_argument naming the option and what is allowed,
// not_found for a key, an account or a tag, or what the store says.
result<relay::usage_report> make_report(const stats_options& options, wall_time now,
                                        storage::store& store);

}  // namespace baton::app
