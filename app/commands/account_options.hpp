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

// What options have read from standard input. Nothing: it stays as it is.
struct given_secrets {
  std::optional<relay::account_credential> credential;
  std::optional<relay::proxy_settings> proxy;
};

// `required`: asks for a credential, if none is announced. Errors: invalid_argument.
result<given_secrets> read_secrets(const account_options& options, command_context& context,
                                   bool required);

// Changes what the options name, but not the groups. Errors: invalid_argument.
result<void> apply(const account_options& options, const given_secrets& secrets,
                   relay::account& account);

}  // namespace baton::app
