// The options of `baton key create` and `key set` about what a key may cost.
#pragma once

#include <optional>
#include <string>

#include "app/commands/command.hpp"
#include "relay/api_key.hpp"

namespace baton::app {

struct key_cost_options {
  std::optional<std::string> rate_cost, daily_cost, total_cost, weekly_claude_cost;  // USD
  std::optional<std::string> weekly_reset, service_rates;
};

void add_key_cost_options(CLI::App& command, key_cost_options& options);

// Changes what the options name. Errors: invalid_argument naming the option; ranges are for
// admin::check_key() to check.
result<void> apply(const key_cost_options& options, relay::api_key& key);

// "monday@00", as --weekly-reset takes it; "claude=1.5, codex=2", as --service-rates does, or
// "none".
std::string spell_week_start(const relay::week_start& week);
std::string spell_service_rates(const relay::api_key& key);

}  // namespace baton::app
