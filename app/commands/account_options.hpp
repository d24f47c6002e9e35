// The options of `baton account add` and `account set`: what each does to an account.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/commands/account_rule_options.hpp"
#include "app/commands/account_upstream_options.hpp"
#include "app/commands/command.hpp"
#include "relay/account.hpp"

namespace baton::app {

struct account_options : account_upstream_options, account_rule_options {
  common_options common;
  std::optional<std::string> name, description, models, model_map, proxy, tags;
  std::optional<std::string> schedulable;  // "true" or "false"
  std::optional<int> priority;
  std::optional<std::uint32_t> concurrency;
  bool active = false;
  bool inactive = false;
};

// All but --active, which only `set` has.
void add_account_options(CLI::App& command, account_options& options);

// Changes what the options name, but neither the credential nor the groups. Errors:
// invalid_argument.
result<void> apply(const account_options& options, command_context& context,
                   relay::account& account);

}  // namespace baton::app
