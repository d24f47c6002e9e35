// The options that say which usage is meant: of what time, and of which keys, accounts, models and
// platforms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands/command.hpp"
#include "storage/usage_query.hpp"

namespace baton::app {

struct usage_filters {
  std::optional<std::string> from, to, key, account, model, platform, tag;
};

void add_filter_options(CLI::App& command, usage_filters& filters);

// Puts what was given into `query`. `keys`: all of them, revoked ones too. Errors: invalid_argument
// naming the option and what is allowed; not_found for a key, an account or a tag.
result<void> apply(const usage_filters& filters, wall_time now,
                   const std::vector<relay::api_key>& keys, storage::store& store,
                   storage::usage_query& query);

}  // namespace baton::app
