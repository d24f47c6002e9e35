// Tries an account with a tiny request of Baton's own, over a new connection and through the
// account's proxy, so that an operator sees whether it works. The account is neither blamed nor
// asked for a slot, and nothing is recorded or billed.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"
#include "relay/account_trial.hpp"
#include "relay/platform.hpp"

namespace baton::net {

// For the operator's request `ex`, which may be answered behind it. `model` empty: one that suits
// the account. Takes 30 s at most. Errors: invalid_argument naming `model`; cancelled, if the
// operator has left.
task<result<relay::account_trial>> try_account(exchange& ex, relay::ready_account_ptr account,
                                               std::string model);

}  // namespace baton::net
