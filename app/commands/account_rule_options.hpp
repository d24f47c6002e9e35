// The options of `baton account add` and `account set` that say whom an account serves, how much it
// may be used, and what its failures mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "relay/account.hpp"
#include "storage/store.hpp"

namespace CLI {
class App;
}

namespace baton::app {

struct account_rule_options {
  std::optional<std::string> type, groups, quota_usd, on_disconnect, timeouts, cooldowns;
  std::optional<std::uint64_t> quota_tokens;

  bool names_groups() const;  // a store is needed to look them up
};

void add_account_rule_options(CLI::App& command, account_rule_options& options);

// All but the groups. --timeouts and --cooldowns replace all that the account had. Errors:
// invalid_argument naming the option; ranges are for relay::prepare_account() to check.
result<void> apply(const account_rule_options& options, relay::account& account);

// The groups. Errors: what the store says.
result<void> apply_groups(const account_rule_options& options, storage::store& store,
                          relay::account& account);

}  // namespace baton::app
