// The fields of an account that say whom it serves, how much it may be used, and what its failures
// mean.
#pragma once

#include "admin/field.hpp"
#include "relay/account.hpp"

namespace baton::admin {

field_table<relay::account> account_rule_fields();

}  // namespace baton::admin
