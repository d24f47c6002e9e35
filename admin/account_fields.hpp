// Upstream accounts as JSON, for every platform.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "admin/field.hpp"
#include "base/error.hpp"
#include "relay/account.hpp"

namespace baton::admin {

// Those of all platforms; and those that accounts of one have, for its schema.
const field_table<relay::account>& account_fields();
field_table<relay::account> account_fields(std::string_view platform);

// Reads a body into `account`, whose platform is set, and checks the whole; it stays as it was if
// that fails. A secret that is not sent stays, null or "" removes it. Whether its groups exist is
// for the caller to see. Errors: invalid_argument naming the field.
result<void> read_account(const nlohmann::json& object, relay::account& account, read_mode mode);

// Ranges, and what the platform needs. Errors: invalid_argument naming the field.
result<void> check_account(const relay::account& account);

}  // namespace baton::admin
