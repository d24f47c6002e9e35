// What the administration must have done by others before it can answer: by the actors of the
// relay, or by the connection that the call came over. It asks for one thing at a time, and is then
// called again with what was found.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "relay/account_explanation.hpp"
#include "relay/account_pool.hpp"
#include "relay/account_report.hpp"
#include "relay/account_trial.hpp"
#include "relay/api.hpp"
#include "relay/key_directory.hpp"
#include "relay/session_key.hpp"

namespace baton::admin {

// Everything that ended before is in the store's sums.
struct flush_usage {};
// The accounts as a worker sees them now.
struct look_at_accounts {};
// Which account a request would get, and why no other.
struct explain_choice {
  const relay::api* protocol = nullptr;
  std::string model;
  relay::api_key_ptr key;
  relay::session_facts session;
};
// Its cooldowns end and its circuit closes.
struct reset_account {
  account_id id;
};
// A real, small request to the account.
struct try_account {
  relay::ready_account_ptr account;
  std::string model;  // as clients name it; empty: one that the account has
};

using errand =
    std::variant<flush_usage, look_at_accounts, explain_choice, reset_account, try_account>;

// What came of the errands so far; nothing of those that were not run.
struct findings {
  std::optional<result<void>> flushed;
  std::optional<result<std::vector<relay::account_report>>> accounts;
  std::optional<result<relay::choice_explanation>> choice;
  std::optional<result<void>> reset;
  std::optional<result<relay::account_trial>> trial;
};

}  // namespace baton::admin
